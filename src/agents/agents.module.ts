import { Module } from '@nestjs/common';
import { AcceptInvitation } from './accept-invitation.js';
import { ConfirmIdentity } from './confirm-identity.js';
import { ForgetSessions } from './forget-sessions.js';
import { IdentifyCaller } from './identify-caller.js';
import { InviteAgent } from './invite-agent.js';
import { CreateApiKey } from './keys/create-api-key.js';
import { RevokeApiKey } from './keys/revoke-api-key.js';
import { RotateApiKey } from './keys/rotate-api-key.js';
import { SignIn } from './sign-in.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SignOut } from './sign-out.js';

const USE_CASES = [
  SignIn,
  SignOut,
  InviteAgent,
  AcceptInvitation,
  CreateApiKey,
  RevokeApiKey,
  RotateApiKey,
  ForgetSessions,
  IdentifyCaller,
  ConfirmIdentity,
];

@Module({ providers: [SignInThrottle, ...USE_CASES], exports: USE_CASES })
export class AgentsModule {}
