import { Controller, Get, NotFoundException, Query, Req } from '@nestjs/common';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { mustHaveSecondFactor } from '../../agents/domain/session-steps.js';
import { accountSafety } from '../../agents/session/session.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { sessionToken } from '../sign-in/browser-session.js';
import { ownAgentId } from './own-account.js';
import { SecurityPage } from './security.page.js';

/** How the agent's own account is kept safe. */
@SignedIn()
@Controller('account/security')
export class SecurityController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
  ) {}

  @Get()
  async show(
    @Query() query: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
  ): Promise<string> {
    ownAgentId(session);
    const { safety, office } = await this.transaction.run(async (tx) => ({
      safety: await accountSafety(tx, sessionToken(this.env, request)),
      office: await this.officeHours.of(tx, session.actor),
    }));
    if (safety === undefined) throw new NotFoundException();
    const isRequired = mustHaveSecondFactor(session.actor.role);
    const done = typeof query.done === 'string' ? query.done : '';
    const provider = safety.usesProvider ? this.env.OIDC_NAME : null;
    const isDemo = this.env.APP_ENV === 'demo';
    return renderPage(
      h(SecurityPage, { frame: frameOf(session), safety, office, isRequired, isDemo, provider, done }),
    );
  }
}
