import { Module } from '@nestjs/common';
import { AcceptInvitation } from './accept-invitation.js';
import { CreateApiKey } from './create-api-key.js';
import { ForgetSessions } from './forget-sessions.js';
import { IdentifyCaller } from './identify-caller.js';
import { InviteAgent } from './invite-agent.js';
import { SignIn } from './sign-in.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SignOut } from './sign-out.js';

const USE_CASES = [
  SignIn,
  SignOut,
  InviteAgent,
  AcceptInvitation,
  CreateApiKey,
  ForgetSessions,
  IdentifyCaller,
];

@Module({ providers: [SignInThrottle, ...USE_CASES], exports: USE_CASES })
export class AgentsModule {}
