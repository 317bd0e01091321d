import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { RevokeSession } from '../../agents/session/revoke-session.js';
import { ownSessions } from '../../agents/session/session.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { sessionToken } from '../sign-in/browser-session.js';
import { ownAgentId } from './own-account.js';
import { SessionsPage } from './sessions.page.js';

/** Where the agent is signed in, and how to end what was left open. */
@SignedIn()
@Controller('account/sessions')
export class SessionsController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly revokeSession: RevokeSession,
    private readonly officeHours: OfficeHours,
  ) {}

  @Get()
  async show(
    @Query() query: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
  ): Promise<string> {
    ownAgentId(session);
    const { sessions, office } = await this.transaction.run(async (tx) => ({
      sessions: await ownSessions(tx, sessionToken(this.env, request)),
      office: await this.officeHours.of(tx, session.actor),
    }));
    const view = { frame: frameOf(session), sessions, office, ended: query.done === 'ended' };
    return renderPage(h(SessionsPage, view));
  }

  /** An absent session: all others. */
  @Post('revoke')
  revoke(
    @Body() body: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    ownAgentId(session);
    const { session: sessionId } = readForm(body, ['session']);
    const token = sessionToken(this.env, request);
    const command = { token, sessionId: sessionId === '' ? null : sessionId };
    return this.writes.follow(request, response, async (tx) => {
      await this.revokeSession.execute(tx, command);
      return '/account/sessions?done=ended';
    });
  }
}
