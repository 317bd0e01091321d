import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Unauthenticated } from '../../access/refusals.js';
import type { AgentFilter } from '../../agents/agent.queries.js';
import { AddressTaken } from '../../agents/domain/agent-rules.js';
import { ChangeAgent } from '../../agents/life/change-agent.js';
import { type Enlisted, EnlistAgent } from '../../agents/life/enlist-agent.js';
import { PlanAbsence } from '../../agents/life/plan-absence.js';
import { ChangeRole } from '../../notifications/hand-over/change-role.js';
import { CloseAccount } from '../../notifications/hand-over/close-account.js';
import { inScope, WORKER } from '../../platform/scope.js';
import type { Problems } from '../../ui/forms.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { PageWrites, refusalOf } from '../page-writes.js';
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
  @Post('new')
  @HttpCode(200)
  enlist(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, [...AGENT, 'role', 'organizationId']);
    let isTaken = false;
    return this.invitation(
      request,
      response,
      async (tx, actor) => {
        try {
          return await this.enlistAgent.execute(tx, form, actor);
        } catch (error) {
          isTaken = error instanceof AddressTaken;
          throw error;
        }
      },
      (session, actor, problems) => this.pages.blank(session, actor, form, problems, isTaken),
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
  async back(
    @Param('absence') absenceId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    const work = async (tx: EntityManager, actor: Actor) =>
      `/agents/${await this.planAbsence.end(tx, { absenceId }, actor)}?done=absence-ended`;
    response.redirect(303, await this.writes.run(request, work));
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
    // What the agent follows may lie outside of the services that this request sees: nothing stays behind.
    return inScope(WORKER, () =>
      this.writes.answer(
        request,
        response,
        async (tx, actor) => {
          await this.closeAccount.execute(tx, { agentId, heirs: requiredHeirs(heir, named) }, actor);
          return `/agents/${agentId}?done=left`;
        },
        (session, actor, problems) => this.pages.leave(session, actor, agentId, { heir, named }, problems),
      ),
    );
  }

  @Allow('agent.manage')
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

  private onCard(
    request: CallerRequest,
    response: Response,
    agentId: string,
    work: (tx: EntityManager, actor: Actor) => Promise<string>,
  ): Promise<void> {
    return inScope(WORKER, () =>
      this.writes.answer(
        request,
        response,
        async (tx, actor) => `/agents/${agentId}?done=${await work(tx, actor)}`,
        (session, actor, problems) => this.pages.card(session, actor, agentId, { problems }),
      ),
    );
  }

  /** Goes to the card; when no e-mail can leave, shows the link first, once. */
  private async invitation(
    request: CallerRequest,
    response: Response,
    work: (tx: EntityManager, actor: Actor) => Promise<Enlisted>,
    again: (session: PageSession, actor: Actor, problems: Problems) => Promise<string>,
  ): Promise<void> {
    const { session, actor } = request;
    if (session === undefined || actor === undefined) throw new Unauthenticated();
    const shown: { url: string | null } = { url: null };
    try {
      const address = await this.writes.run(request, async (tx, inviter) => {
        const made = await work(tx, inviter);
        shown.url = made.url;
        return `/agents/${made.agentId}?done=invited`;
      });
      if (shown.url === null) response.redirect(303, address);
      else response.type('html').send(await this.pages.link(session, actor, address, shown.url));
    } catch (error) {
      const problems = refusalOf(error, response);
      response.type('html').send(await again(session, actor, problems));
    }
  }
}
