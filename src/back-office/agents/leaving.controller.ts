import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { CloseAccount } from '../../notifications/hand-over/close-account.js';
import { readForm } from '../form-input.js';
import { PageWrites } from '../page-writes.js';
import { AgentPages } from './agents.view.js';
import { CardWrites } from './card-writes.js';
import { readHeirs, requiredHeirs } from './required-heirs.js';

/** Colleagues who leave, to whom their work goes, and those who come back. */
@Controller('agents')
export class LeavingController {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: AgentPages,
    private readonly card: CardWrites,
    private readonly closeAccount: CloseAccount,
  ) {}

  @Allow('agent.manage')
  @Get(':id/leave')
  leaving(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
  ): Promise<string> {
    return this.pages.leave(session, actor, agentId, { heir: '', named: new Map() }, []);
  }

  @Allow('agent.manage')
  @FreshSignIn()
  @Post(':id/leave')
  @HttpCode(200)
  leave(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { chosen } = readHeirs(body, []);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.closeAccount.execute(tx, { agentId, heirs: requiredHeirs(chosen) }, actor);
        return `/agents/${agentId}?done=left`;
      },
      (session, actor, problems) => this.pages.leave(session, actor, agentId, chosen, problems),
    );
  }

  @Allow('agent.manage')
  @FreshSignIn()
  @Post(':id/reopen')
  @HttpCode(200)
  reopen(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.card.answer(request, response, { agentId, done: 'reopened' }, (tx, actor) =>
      this.closeAccount.reopen(tx, { agentId }, actor),
    );
  }
}
