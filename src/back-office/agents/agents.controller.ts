import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import type { AgentFilter } from '../../agents/agent.queries.js';
import { ChangeAgent } from '../../agents/life/change-agent.js';
import { ResetSecondFactor } from '../../agents/second-factor/take-away-second-factor.js';
import { ChangeRole } from '../../notifications/hand-over/change-role.js';
import { readForm } from '../form-input.js';
import { PageWrites } from '../page-writes.js';
import { AgentPages } from './agents.view.js';
import { CardWrites } from './card-writes.js';

const FILTER = ['query', 'role', 'organizationId', 'presence', 'cursor'] as const;
const AGENT = ['firstName', 'lastName', 'email', 'phone'] as const;

/** Colleagues: who they are and what they may do. */
@Controller('agents')
export class AgentsController {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: AgentPages,
    private readonly card: CardWrites,
    private readonly changeAgent: ChangeAgent,
    private readonly changeRole: ChangeRole,
    private readonly resetSecondFactor: ResetSecondFactor,
  ) {}

  @Allow('agent.read')
  @Get()
  list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
    const filter = {
      query: '',
      role: text('role'),
      organizationId: text('service'),
      presence: text('presence'),
      cursor: '',
    };
    return this.pages.list(session, actor, filter, text('done'));
  }

  /** By POST: what is typed is a name, which no address holds. */
  @Allow('agent.read')
  @Post('search')
  @HttpCode(200)
  search(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
  ): Promise<string> {
    const filter: AgentFilter = readForm(body, FILTER);
    return this.pages.list(session, actor, filter, '');
  }

  @Allow('agent.read')
  @Get(':id')
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.pages.card(session, actor, agentId, { done: typeof done === 'string' ? done : '' });
  }

  @Allow('agent.manage')
  @Get(':id/edit')
  edit(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
  ): Promise<string> {
    return this.pages.edit(session, actor, agentId, null, []);
  }

  @Allow('agent.manage')
  @FreshSignIn()
  @Post(':id/edit')
  @HttpCode(200)
  change(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, AGENT);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.changeAgent.execute(tx, { ...form, agentId }, actor);
        return `/agents/${agentId}?done=changed`;
      },
      (session, actor, problems) => this.pages.edit(session, actor, agentId, form, problems),
    );
  }

  @Allow('agent.manage')
  @FreshSignIn()
  @Post(':id/role')
  @HttpCode(200)
  role(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { role } = readForm(body, ['role']);
    return this.card.answer(request, response, { agentId, done: 'role' }, (tx, actor) =>
      this.changeRole.execute(tx, { agentId, role }, actor),
    );
  }

  @Allow('agent.reset-second-factor')
  @FreshSignIn()
  @Post(':id/second-factor')
  @HttpCode(200)
  takeSecondFactor(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.card.answer(request, response, { agentId, done: 'second-factor' }, (tx, actor) =>
      this.resetSecondFactor.execute(tx, { agentId }, actor),
    );
  }
}
