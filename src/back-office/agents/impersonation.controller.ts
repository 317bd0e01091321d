import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { Allow, SignedIn } from '../../access/allow.decorator.js';
import type { CallerRequest } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import { cookieName, cookieOptions, readCookie } from '../../access/cookies.js';
import { Unauthenticated } from '../../access/refusals.js';
import { Impersonate } from '../../agents/life/impersonate.js';
import { Transaction } from '../../platform/transaction.js';
import { readForm } from '../form-input.js';
import { PageWrites } from '../page-writes.js';
import { AgentPages } from './agents.view.js';

/** A central administrator becomes an agent for half an hour, and oneself again. The cookie changes both ways. */
@Controller()
export class ImpersonationController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: AgentPages,
    private readonly impersonate: Impersonate,
  ) {}

  @Allow('agent.impersonate')
  @FreshSignIn()
  @Post('agents/:id/impersonate')
  @HttpCode(200)
  start(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { reason } = readForm(body, ['reason']);
    const act = async () => {
      await this.turn(request, response, (tx, token, actor) =>
        this.impersonate.execute(tx, { agentId, reason, token }, actor),
      );
      response.redirect(303, '/');
    };
    return this.writes.attempt(request, response, act, (session, actor, problems) =>
      this.pages.card(session, actor, agentId, { problems, reason }),
    );
  }

  @SignedIn()
  @Post('impersonation/end')
  async end(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    await this.turn(request, response, (tx, token, actor) => this.impersonate.end(tx, { token }, actor));
    response.redirect(303, '/agents');
  }

  private async turn(
    request: CallerRequest,
    response: Response,
    work: (tx: EntityManager, token: string, actor: Actor) => Promise<string>,
  ): Promise<void> {
    const { actor } = request;
    if (actor === undefined) throw new Unauthenticated();
    const name = cookieName(this.env, 'sid');
    const token = readCookie(request, name) ?? '';
    const next = await this.transaction.run((tx) => work(tx, token, actor));
    response.cookie(name, next, cookieOptions(this.env));
  }
}
