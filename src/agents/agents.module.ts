import { Module } from '@nestjs/common';
import { PublishAlert } from './alerts/publish-alert.js';
import { AcceptCharter } from './life/accept-charter.js';
import { AgentMail } from './life/agent-mail.js';
import { ChangeAgent } from './life/change-agent.js';
import { ChangeProfile } from './life/change-profile.js';
import { EnlistAgents } from './life/enlist-agents.js';
import { EnlistAgent } from './life/enlist-agent.js';
import { Impersonate } from './life/impersonate.js';
import { PlanAbsence } from './life/plan-absence.js';
import { SwitchService } from './life/switch-service.js';
import { AcceptInvitation } from './accept-invitation.js';
import { ConfirmIdentity } from './confirm-identity.js';
import { ForgetSessions } from './forget-sessions.js';
import { IdentifyCaller } from './identify-caller.js';
import { InviteAgent } from './invite-agent.js';
import { OpenIdProvider } from './oidc/openid-provider.js';
import { ProviderTies } from './oidc/provider-ties.js';
import { SignInByProvider } from './oidc/sign-in-by-provider.js';
import { AskPasswordReset } from './password/ask-password-reset.js';
import { ChangePassword } from './password/change-password.js';
import { MakeResetLink } from './password/make-reset-link.js';
import { CodeCheck } from './second-factor/code-check.js';
import { ConfirmAuthenticator } from './second-factor/confirm-authenticator.js';
import { EnrollAuthenticator } from './second-factor/enroll-authenticator.js';
import { PassSecondFactor } from './second-factor/pass-second-factor.js';
import { RenewRecoveryCodes } from './second-factor/renew-recovery-codes.js';
import { RemoveSecondFactor, ResetSecondFactor } from './second-factor/take-away-second-factor.js';
import { RevokeSession } from './session/revoke-session.js';
import { CreateApiKey } from './keys/create-api-key.js';
import { RevokeApiKey } from './keys/revoke-api-key.js';
import { RotateApiKey } from './keys/rotate-api-key.js';
import { SignIn } from './sign-in.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SignOut } from './sign-out.js';

const USE_CASES = [
  AcceptCharter,
  AgentMail,
  ChangeAgent,
  ChangeProfile,
  EnlistAgent,
  EnlistAgents,
  Impersonate,
  PlanAbsence,
  PublishAlert,
  SwitchService,
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
  AskPasswordReset,
  OpenIdProvider,
  ProviderTies,
  SignInByProvider,
  ChangePassword,
  MakeResetLink,
  ConfirmAuthenticator,
  EnrollAuthenticator,
  PassSecondFactor,
  RenewRecoveryCodes,
  RemoveSecondFactor,
  ResetSecondFactor,
  RevokeSession,
];

@Module({ providers: [SignInThrottle, CodeCheck, ...USE_CASES], exports: USE_CASES })
export class AgentsModule {}
