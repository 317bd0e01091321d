import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import type { AgentFilter } from '../../agents/agent.queries.js';
import { AddressTaken } from '../../agents/domain/agent-rules.js';
import { ChangeAgent } from '../../agents/life/change-agent.js';
import { type Enlisted, EnlistAgent } from '../../agents/life/enlist-agent.js';
import { PlanAbsence } from '../../agents/life/plan-absence.js';
import { ResetSecondFactor } from '../../agents/second-factor/take-away-second-factor.js';
import { ChangeRole } from '../../notifications/hand-over/change-role.js';
import { CloseAccount } from '../../notifications/hand-over/close-account.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { type Again, PageWrites, type Work } from '../page-writes.js';
import { AgentPages } from './agents.view.js';
import { requiredHeirs } from './required-heirs.js';

const FILTER = ['query', 'role', 'organizationId', 'presence', 'cursor'] as const;
const AGENT = ['firstName', 'lastName', 'email', 'phone'] as const;

/** Colleagues: who they are, what they may do, and how they come and go. */
@Controller('agents')
export class AgentsController {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: AgentPages,
    private readonly enlistAgent: EnlistAgent,
    private readonly changeAgent: ChangeAgent,
    private readonly changeRole: ChangeRole,
    private readonly closeAccount: CloseAccount,
    private readonly planAbsence: PlanAbsence,
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
    const form = readForm(body, [...AGENT, 'role', 'organizationId']);
    return this.invitation(
      request,
      response,
      (tx, actor) => this.enlistAgent.execute(tx, form, actor),
      (session, actor, problems, error) =>
        this.pages.blank(session, actor, form, problems, error instanceof AddressTaken),
    );
  }

  @Allow('agent.read')
  @Get(':id')
  card(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.pages.card(session, actor, agentId, { done: typeof done === 'string' ? done : '' });
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
    return this.onCard(request, response, agentId, async (tx, actor) => {
      await this.changeRole.execute(tx, { agentId, role }, actor);
      return 'role';
    });
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
    return this.onCard(request, response, agentId, async (tx, actor) => {
      await this.resetSecondFactor.execute(tx, { agentId }, actor);
      return 'second-factor';
    });
  }

  @Allow('agent.manage')
  @Post(':id/absence')
  @HttpCode(200)
  absent(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const absence = readForm(body, ['startsOn', 'endsOn', 'replacementId']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.planAbsence.execute(tx, { ...absence, agentId }, actor);
        return `/agents/${agentId}?done=absence`;
      },
      (session, actor, problems) => this.pages.card(session, actor, agentId, { absence, problems }),
    );
  }

  @Allow('agent.manage')
  @Post('absence/:absence/end')
  @HttpCode(200)
  back(
    @Param('absence') absenceId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    const work: Work = async (tx, actor) =>
      `/agents/${await this.planAbsence.end(tx, { absenceId }, actor)}?done=absence-ended`;
    return this.writes.follow(request, response, work);
  }

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
    const named = readGroup(body, 'heir.');
    const { heir } = readForm(withoutGroup(body, 'heir.'), ['heir']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.closeAccount.execute(tx, { agentId, heirs: requiredHeirs(heir, named) }, actor);
        return `/agents/${agentId}?done=left`;
      },
      (session, actor, problems) => this.pages.leave(session, actor, agentId, { heir, named }, problems),
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
    return this.onCard(request, response, agentId, async (tx, actor) => {
      await this.closeAccount.reopen(tx, { agentId }, actor);
      return 'reopened';
    });
  }

  private onCard(request: CallerRequest, response: Response, agentId: string, work: Work): Promise<void> {
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => `/agents/${agentId}?done=${await work(tx, actor)}`,
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
