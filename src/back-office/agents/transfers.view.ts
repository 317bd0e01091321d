import { Injectable } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import type { PageSession } from '../../access/identification.port.js';
import { findAgent, managedServicesOf } from '../../agents/agent.queries.js';
import { mayBeMoved } from '../../agents/domain/agent-rules.js';
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
import { frameOf } from '../frame.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { AgentPages, type ChosenHeirs } from './agents.view.js';
import { AskLeavePage } from './leave.page.js';
import { TransferPage, type TransferLine, TransfersPage } from './transfers.page.js';

export interface ListState {
  /** As typed; null: nothing yet. */
  readonly form?: { readonly email: string; readonly toOrganizationId: string } | null;
  readonly problems?: Problems;
  readonly done?: string | null;
}

/** The pages about moves, as they are read and as they come back when refused. */
@Injectable()
export class TransferPages {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
    private readonly agentPages: AgentPages,
  ) {}

  /** Those the service asked for and those that wait for its answer, with the form to ask for one. */
  async list(
    session: PageSession,
    actor: Actor,
    { form = null, problems = [], done = null }: ListState,
  ): Promise<string> {
    const blank = { email: '', toOrganizationId: actor.organizationId };
    const view = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      return {
        transfers: (await transfersOf(tx, actor)).map((one) => lineOf(one, office)),
        services: await managedServicesOf(tx, actor, 'agent.move'),
      };
    });
    return renderPage(
      h(TransfersPage, { frame: frameOf(session), ...view, form: form ?? blank, done, problems }),
    );
  }

  /** @throws NotFound once it is decided, and for the side that waits */
  async one(
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
          ? await this.agentPages.heirs(
              tx,
              await findAgent(tx, actor, agentId, 'agent.move'),
              chosen,
              problems,
            )
          : null;
      return { transfer: lineOf(transfer, office), heirs };
    });
    return renderPage(h(TransferPage, { frame: frameOf(session), ...view, problems }));
  }

  /** @throws NotFound for an agent of another service, and for administrators */
  async leave(
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
      const heirs = await this.agentPages.heirs(tx, agent, chosen, problems);
      return { agent, heirs, services: await otherServicesOf(tx, agent.organizationId) };
    });
    return renderPage(h(AskLeavePage, { frame: frameOf(session), ...view, toOrganizationId, problems }));
  }
}

function lineOf(transfer: TransferView, { timeZone }: Office): TransferLine {
  return { ...transfer, askedOn: plainDate(toLocal(instantOf(transfer.askedAt), timeZone).date) };
}
