import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { AddressTaken } from '../../agents/domain/agent-rules.js';
import { type Enlisted, EnlistAgent } from '../../agents/life/enlist-agent.js';
import { readForm } from '../form-input.js';
import { type Again, PageWrites } from '../page-writes.js';
import { AgentPages } from './agents.view.js';

const AGENT = ['firstName', 'lastName', 'email', 'phone', 'role', 'organizationId'] as const;

/** How colleagues come: one by one, invited by a letter or by a link. */
@Controller('agents')
export class InvitationsController {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: AgentPages,
    private readonly enlistAgent: EnlistAgent,
  ) {}

  @Allow('agent.manage')
  @Get('new')
  blank(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const form = { firstName: '', lastName: '', email: '', phone: '', role: '' };
    return this.pages.blank(session, actor, { ...form, organizationId: actor.organizationId }, []);
  }

  @Allow('agent.manage')
  @FreshSignIn()
  @Post('new')
  @HttpCode(200)
  enlist(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, AGENT);
    return this.invitation(
      request,
      response,
      (tx, actor) => this.enlistAgent.execute(tx, form, actor),
      (session, actor, problems, error) =>
        this.pages.blank(session, actor, form, problems, error instanceof AddressTaken),
    );
  }

  @Allow('agent.manage')
  @FreshSignIn()
  @Post(':id/invite')
  @HttpCode(200)
  inviteAgain(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.invitation(
      request,
      response,
      (tx, actor) => this.enlistAgent.again(tx, { agentId }, actor),
      (session, actor, problems) => this.pages.card(session, actor, agentId, { problems }),
    );
  }

  /** Goes to the card; when no e-mail can leave, shows the link first, once. */
  private invitation(
    request: CallerRequest,
    response: Response,
    work: (tx: EntityManager, actor: Actor) => Promise<Enlisted>,
    again: Again,
  ): Promise<void> {
    return this.writes.answerOnce(
      request,
      response,
      async (tx, actor) => {
        const { agentId, url } = await work(tx, actor);
        return { next: `/agents/${agentId}?done=invited`, shown: url };
      },
      (session, url, next) => this.pages.link(session, session.actor, next, url),
      again,
    );
  }
}
