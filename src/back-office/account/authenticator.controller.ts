import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import { STEP_PAGES } from '../../access/domain/session-steps.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { OpenDuring } from '../../access/open-during.decorator.js';
import { mustHaveSecondFactor } from '../../agents/domain/session-steps.js';
import { ConfirmAuthenticator } from '../../agents/second-factor/confirm-authenticator.js';
import { EnrollAuthenticator } from '../../agents/second-factor/enroll-authenticator.js';
import { RenewRecoveryCodes } from '../../agents/second-factor/renew-recovery-codes.js';
import { RemoveSecondFactor } from '../../agents/second-factor/take-away-second-factor.js';
import { accountSafety } from '../../agents/session/session.queries.js';
import { SeeOther } from '../../platform/refusals.js';
import { Transaction } from '../../platform/transaction.js';
import { Forbidden } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { PageWrites } from '../page-writes.js';
import { keepSession, sessionToken } from '../sign-in/browser-session.js';
import { AuthenticatorPage, RecoveryCodesPage } from './authenticator.page.js';
import { ownAgentId } from './own-account.js';
import { qrCode } from './qr-code.js';

/** Sets up, renews and takes away the agent's own second factor; every act asks for a recent proof. */
@SignedIn()
@FreshSignIn()
@Controller('account/security')
export class AuthenticatorController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly enroll: EnrollAuthenticator,
    private readonly confirm: ConfirmAuthenticator,
    private readonly renew: RenewRecoveryCodes,
    private readonly remove: RemoveSecondFactor,
  ) {}

  @OpenDuring('second-factor')
  @Get('authenticator')
  show(@CurrentSession() session: PageSession, @Req() request: CallerRequest): Promise<string> {
    return this.page(session, request, []);
  }

  /** Recovery codes are in this answer and nowhere else: no redirect, and a second sending finds nothing to confirm. */
  @OpenDuring('second-factor')
  @Post('authenticator')
  @HttpCode(200)
  put(
    @Body() body: Record<string, unknown>,
    @CurrentSession() own: PageSession,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { code } = readForm(body, ['code']);
    const act = async () => {
      ownAgentId(own);
      const command = { token: sessionToken(this.env, request), code };
      const confirmed = await this.transaction.run((tx) => this.confirm.execute(tx, command));
      keepSession(this.env, response, confirmed.token);
      const codes = confirmed.recoveryCodes;
      response.type('html').send(renderPage(h(RecoveryCodesPage, { codes, isNew: true })));
    };
    return this.writes.attempt(request, response, act, (session, _actor, problems) =>
      this.page(session, request, problems),
    );
  }

  @Post('recovery-codes')
  @HttpCode(200)
  async renewCodes(
    @Body() body: Record<string, unknown>,
    @CurrentSession() session: PageSession,
  ): Promise<string> {
    readForm(body, []);
    const agentId = ownAgentId(session);
    const codes = await this.transaction.run((tx) => this.renew.execute(tx, { agentId }));
    return renderPage(h(RecoveryCodesPage, { codes, isNew: false }));
  }

  @Post('remove')
  takeAway(
    @Body() body: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    const agentId = ownAgentId(session);
    if (mustHaveSecondFactor(session.actor.role) && this.env.APP_ENV !== 'demo')
      throw new Forbidden('an administrator without a second factor');
    return this.writes.follow(request, response, async (tx) => {
      await this.remove.execute(tx, { agentId });
      return '/account/security?done=removed';
    });
  }

  /** Who has a factor in force and has not shown it shows it first. */
  private async page(session: PageSession, request: CallerRequest, problems: Problems): Promise<string> {
    ownAgentId(session);
    const token = sessionToken(this.env, request);
    const { enrolment, replaces } = await this.transaction.run(async (tx) => {
      const replaces = (await accountSafety(tx, token))?.secondFactorSince != null;
      if (replaces && session.pendingStep === 'second-factor')
        throw new SeeOther(STEP_PAGES['second-factor']);
      return { enrolment: await this.enroll.execute(tx, { token }), replaces };
    });
    const { csrfToken } = session;
    const view = {
      csrfToken,
      problems,
      replaces,
      secret: enrolment.secret,
      picture: await qrCode(enrolment.uri),
    };
    return renderPage(h(AuthenticatorPage, view));
  }
}
