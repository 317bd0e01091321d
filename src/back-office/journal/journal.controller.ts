import { Controller, Get, Param, Query } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Journal } from '../../access/journal.js';
import { journalOfAgent, journalOfPerson, readersOfFile } from '../../access/journal/journal.queries.js';
import { findAgent } from '../../agents/agent.queries.js';
import { findPerson } from '../../persons/person.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { fullName } from '../persons/person-words.js';
import { AgentJournalPage, PersonJournalPage } from './journal.page.js';
import { journalDays, readerRows } from './journal.view.js';

/** Who saw this file, and what this agent did. Looking is itself written down. */
@Controller()
export class JournalController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
    private readonly journal: Journal,
  ) {}

  @Allow('journal.read-person')
  @Get('persons/:id/journal')
  async ofPerson(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') personId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const cursor = cursorOf(query);
    const content = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const person = await findPerson(tx, actor, personId, 'journal.read-person');
      const page = await journalOfPerson(tx, personId, cursor);
      const readers = cursor === null ? await readersOfFile(tx, personId) : [];
      await this.journal.record(tx, { action: 'journal.read', personId });
      return {
        name: fullName(person),
        days: journalDays(page.items, office),
        readers: readerRows(readers, office),
        older: olderOf(`/persons/${person.id}/journal`, page.nextCursor),
      };
    });
    const isLater = cursor !== null;
    return renderPage(h(PersonJournalPage, { frame: frameOf(session), personId, isLater, ...content }));
  }

  @Allow('journal.read-agent')
  @Get('agents/:id/journal')
  async ofAgent(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const cursor = cursorOf(query);
    const content = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const agent = await findAgent(tx, actor, agentId, 'journal.read-agent');
      const page = await journalOfAgent(tx, agentId, cursor);
      await this.journal.record(tx, { action: 'journal.read', objectId: agentId });
      return {
        name: `${agent.firstName} ${agent.lastName}`,
        days: journalDays(page.items, office),
        older: olderOf(`/agents/${agent.id}/journal`, page.nextCursor),
      };
    });
    const isLater = cursor !== null;
    return renderPage(h(AgentJournalPage, { frame: frameOf(session), agentId, isLater, ...content }));
  }
}

function cursorOf({ cursor }: Record<string, unknown>): string | null {
  return typeof cursor === 'string' && cursor !== '' ? cursor : null;
}

function olderOf(path: string, nextCursor: string | null): string | null {
  return nextCursor === null ? null : `${path}?cursor=${encodeURIComponent(nextCursor)}`;
}
