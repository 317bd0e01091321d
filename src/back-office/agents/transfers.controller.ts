import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { findAgent, managedServicesOf } from '../../agents/agent.queries.js';
import { mayBeMoved } from '../../agents/domain/agent-rules.js';
import { AskTransfer } from '../../notifications/hand-over/ask-transfer.js';
import { DecideTransfer } from '../../notifications/hand-over/decide-transfer.js';
import {
  findTransfer,
  otherServicesOf,
  transfersOf,
  type TransferView,
} from '../../notifications/hand-over/transfer.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound } from '../../shared/domain-error.js';
import { instantOf, toLocal } from '../../shared/time.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { plainDate } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { AgentPages, type ChosenHeirs } from './agents.view.js';
import { AskLeavePage } from './leave.page.js';
import { requiredHeirs } from './required-heirs.js';
import { TransferPage, type TransferLine, TransfersPage } from './transfers.page.js';

const DONE: Readonly<Record<string, string>> = {
  asked:
    'La demande est enregistrée. Si cette adresse est celle d’un agent d’un service de même nature, son administrateur est prévenu.',
  confirmed: 'La mutation est faite. Les suivis sont confiés et ses sessions fermées.',
  refused: 'La mutation est refusée. L’autre service est prévenu.',
  withdrawn: 'La demande est retirée.',
};
const NOBODY: ChosenHeirs = { heir: '', named: new Map() };

/** Moves between two services of the same kind. Each side sees its own half; the use cases cross from one to the other. */
@Controller('agents')
export class TransfersController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly pages: AgentPages,
    private readonly askTransfer: AskTransfer,
    private readonly decideTransfer: DecideTransfer,
  ) {}

  @Allow('agent.move')
  @Get('transfers')
  list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('done') done: unknown,
  ): Promise<string> {
    const form = { email: '', toOrganizationId: actor.organizationId };
    return this.all(session, actor, form, [], doneSentence(DONE, done));
  }

  @Allow('agent.move')
  @FreshSignIn()
  @Post('transfers')
  @HttpCode(200)
  ask(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['email', 'toOrganizationId']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.askTransfer.receive(tx, form, actor);
        return '/agents/transfers?done=asked';
      },
      (session, actor, problems) => this.all(session, actor, form, problems, null),
    );
  }

  @Allow('agent.move')
  @Get('transfers/:transfer')
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('transfer') transferId: string,
  ): Promise<string> {
    return this.one(session, actor, transferId, NOBODY, []);
  }

  @Allow('agent.move')
  @FreshSignIn()
  @Post('transfers/:transfer/confirm')
  @HttpCode(200)
  confirm(
    @Param('transfer') transferId: string,
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
        const { side } = await findTransfer(tx, actor, transferId);
        const heirs = side === 'receiving' ? requiredHeirs(heir, named) : { byDefault: null, named: {} };
        await this.decideTransfer.execute(tx, { transferId, decision: 'confirm', heirs }, actor);
        return '/agents/transfers?done=confirmed';
      },
      (session, actor, problems) => this.one(session, actor, transferId, { heir, named }, problems),
    );
  }

  @Allow('agent.move')
  @Post('transfers/:transfer/refuse')
  @HttpCode(200)
  refuse(
    @Param('transfer') transferId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.end(transferId, 'refuse', body, request, response);
  }

  @Allow('agent.move')
  @Post('transfers/:transfer/withdraw')
  @HttpCode(200)
  withdraw(
    @Param('transfer') transferId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.end(transferId, 'withdraw', body, request, response);
  }

  @Allow('agent.move')
  @Get(':id/transfer')
  leaving(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
  ): Promise<string> {
    return this.leave(session, actor, agentId, '', NOBODY, []);
  }

  @Allow('agent.move')
  @FreshSignIn()
  @Post(':id/transfer')
  @HttpCode(200)
  askToLeave(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const named = readGroup(body, 'heir.');
    const { heir, toOrganizationId } = readForm(withoutGroup(body, 'heir.'), ['heir', 'toOrganizationId']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const heirs = requiredHeirs(heir, named);
        await this.askTransfer.leave(tx, { agentId, toOrganizationId, heirs }, actor);
        return `/agents/${agentId}?done=asked`;
      },
      (session, actor, problems) =>
        this.leave(session, actor, agentId, toOrganizationId, { heir, named }, problems),
    );
  }

  private end(
    transferId: string,
    decision: 'refuse' | 'withdraw',
    body: Record<string, unknown>,
    request: CallerRequest,
    response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const heirs = { byDefault: null, named: {} };
        await this.decideTransfer.execute(tx, { transferId, decision, heirs }, actor);
        return `/agents/transfers?done=${decision === 'refuse' ? 'refused' : 'withdrawn'}`;
      },
      (session, actor, problems) =>
        this.all(session, actor, { email: '', toOrganizationId: actor.organizationId }, problems, null),
    );
  }

  private async all(
    session: PageSession,
    actor: Actor,
    form: { readonly email: string; readonly toOrganizationId: string },
    problems: Problems,
    done: string | null,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      return {
        transfers: (await transfersOf(tx, actor)).map((one) => lineOf(one, office)),
        services: await managedServicesOf(tx, actor, 'agent.move'),
      };
    });
    return renderPage(h(TransfersPage, { frame: frameOf(session), ...view, form, done, problems }));
  }

  /** @throws NotFound once it is decided, and for the side that waits */
  private async one(
    session: PageSession,
    actor: Actor,
    transferId: string,
    chosen: ChosenHeirs,
    problems: Problems,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const transfer = await findTransfer(tx, actor, transferId);
      const { part, side, agentId } = transfer;
      if (part !== 'answers' || agentId === null) throw new NotFound('transfer');
      if (transfer.state !== 'pending' && problems.length === 0) throw new NotFound('transfer');
      const office = await this.officeHours.of(tx, actor);
      const heirs =
        side === 'receiving'
          ? await this.pages.heirs(tx, await findAgent(tx, actor, agentId, 'agent.move'), chosen, problems)
          : null;
      return { transfer: lineOf(transfer, office), heirs };
    });
    return renderPage(h(TransferPage, { frame: frameOf(session), ...view, problems }));
  }

  /** @throws NotFound for an agent of another service, and for administrators */
  private async leave(
    session: PageSession,
    actor: Actor,
    agentId: string,
    toOrganizationId: string,
    chosen: ChosenHeirs,
    problems: Problems,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const agent = await findAgent(tx, actor, agentId, 'agent.move');
      if (!mayBeMoved(agent.role)) throw new NotFound('agent');
      const heirs = await this.pages.heirs(tx, agent, chosen, problems);
      return { agent, heirs, services: await otherServicesOf(tx, agent.organizationId) };
    });
    return renderPage(h(AskLeavePage, { frame: frameOf(session), ...view, toOrganizationId, problems }));
  }
}

function lineOf(transfer: TransferView, { timeZone }: Office): TransferLine {
  return { ...transfer, askedOn: plainDate(toLocal(instantOf(transfer.askedAt), timeZone).date) };
}
