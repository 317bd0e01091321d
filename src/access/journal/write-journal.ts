import { randomFillSync } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { prepared } from '../../platform/prepared.js';
import { Transaction, withCommit } from '../../platform/transaction.js';
import { timeOrderedUuid } from '../../shared/ids.js';
import type { Instant } from '../../shared/time.js';
import { currentCaller } from '../current-caller.js';
import type { JournalAction } from '../domain/journal-actions.js';
import type { SealedFacts } from '../domain/journal-canonical.js';
import { type JournalAct, takeActs } from './journal-acts.js';
import { JournalKeys } from './journal-keys.js';
import { digestsOf, macOf, type NamedFacts } from './journal-row.js';
import { type RunningRoute, runningRoute } from './running-route.js';

/** An entry as it is stored. */
interface EntryRow {
  readonly named: NamedFacts;
  readonly facts: SealedFacts;
  readonly mac: Buffer;
}

/**
 * Writes what a transaction told the journal, as its last statement. A transaction of a write route that told nothing
 * and yet changed something leaves an entry all the same: no route can be forgotten.
 */
@Injectable()
export class WriteJournal implements OnModuleInit {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly keys: JournalKeys,
  ) {}

  onModuleInit(): void {
    this.transaction.endWith((tx) => this.execute(tx));
  }

  async execute(tx: EntityManager): Promise<void> {
    const told = await toldBy(tx, takeActs(tx), runningRoute());
    if (told.length > 0) await withCommit(tx, tx.query(INSERT, await this.valuesOf(tx, told)));
  }

  /** Of acts that a statement writes itself, beside what they tell (`journalEntries`): no route tells them again. */
  async valuesOf(tx: EntityManager, acts: readonly JournalAct[]): Promise<readonly unknown[][]> {
    return columnsOf(this.rowsOf(acts, await this.clock.now(tx)));
  }

  private rowsOf(acts: readonly JournalAct[], now: Instant): readonly EntryRow[] {
    const random = randomFillSync(Buffer.alloc(10 * acts.length));
    const at = now.toString({ smallestUnit: 'microsecond' });
    return acts.map((act, i) => {
      const id = timeOrderedUuid(now.epochMilliseconds, random.subarray(10 * i, 10 * i + 10));
      return this.rowOf(act, id, at);
    });
  }

  private rowOf(act: JournalAct, id: string, at: string): EntryRow {
    const caller = currentCaller();
    const named: NamedFacts = {
      agentId: act.agentId ?? caller?.agentId ?? null,
      impersonatorId: caller?.impersonatorId ?? null,
      apiKeyId: caller?.apiKeyId ?? null,
      personId: act.personId ?? null,
      objectId: act.objectId ?? null,
      detail: act.detail ?? {},
    };
    const keyId = this.keys.newest;
    const facts: SealedFacts = {
      ...digestsOf(this.keys, keyId, at, named),
      id,
      at,
      keyId,
      action: act.action,
      organizationId: act.organizationId ?? caller?.organizationId ?? null,
      requestId: caller?.requestId ?? null,
    };
    return { named, facts, mac: macOf(this.keys, facts) };
  }
}

/** What was told, and the whole route where that is not enough. */
async function toldBy(
  tx: EntityManager,
  acts: readonly JournalAct[],
  route: RunningRoute | null,
): Promise<readonly JournalAct[]> {
  if (route === null) return acts;
  const told = route.untold === null ? acts : [...acts, wholeRoute(route, route.untold)];
  route.untold = null;
  const tellsOfChange = told.some(({ action }) => action !== 'file.read');
  if (tellsOfChange || !route.writes || !(await hasWritten(tx))) return told;
  return [...told, wholeRoute(route, 'route.written')];
}

function wholeRoute({ name, id, isAboutPerson }: RunningRoute, action: JournalAction): JournalAct {
  return { action, ...(isAboutPerson ? { personId: id } : { objectId: id }), detail: { route: name } };
}

/** This transaction changed or locked a row: only then has it a number of its own. */
async function hasWritten(tx: EntityManager): Promise<boolean> {
  const rows: { wrote: boolean }[] = await tx.query(WROTE);
  return rows[0]?.wrote === true;
}

function columnsOf(rows: readonly EntryRow[]): unknown[][] {
  const column = <T>(of: (row: EntryRow) => T) => rows.map(of);
  return [
    column(({ facts }) => facts.id),
    column(({ facts }) => facts.at),
    column(({ facts }) => facts.action),
    column(({ named }) => named.agentId),
    column(({ named }) => named.impersonatorId),
    column(({ named }) => named.apiKeyId),
    column(({ named }) => named.personId),
    column(({ named }) => named.objectId),
    column(({ facts }) => facts.organizationId),
    column(({ facts }) => facts.requestId),
    column(({ named }) => JSON.stringify(named.detail)),
    column(({ facts }) => facts.agentDigest),
    column(({ facts }) => facts.impersonatorDigest),
    column(({ facts }) => facts.apiKeyDigest),
    column(({ facts }) => facts.personDigest),
    column(({ facts }) => facts.objectDigest),
    column(({ facts }) => facts.detailDigest),
    column(({ facts }) => facts.keyId),
    column(({ mac }) => mac),
  ];
}

const WROTE = prepared('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote');

/** Arrays of a column each, as `columnsOf` gives them. */
const TYPES =
  'uuid timestamptz text uuid uuid uuid uuid uuid uuid text jsonb bytea bytea bytea bytea bytea bytea text bytea';

const COLUMNS = `id, at, action, agent_id, impersonator_id, api_key_id, person_id, object_id, organization_id,
    request_id, detail, agent_digest, impersonator_digest, api_key_digest, person_digest, object_digest, detail_digest,
    key_id, mac`;

/**
 * SQL, three CTEs that write entries of the journal.
 * @param first number of the parameter that takes the first of `valuesOf`
 */
export function journalEntries(first: number): string {
  const arrays = TYPES.split(' ').map((type, index) => `$${first + index}::${type}[]`);
  return `given AS (
    SELECT * FROM unnest(${arrays.join(', ')}) AS g(${COLUMNS})
  ), entries AS (
    INSERT INTO journal_entry (${COLUMNS}) SELECT * FROM given
  ), unlinked AS (
    INSERT INTO journal_unlinked (entry_id) SELECT id FROM given
  )`;
}

const INSERT = prepared(`WITH ${journalEntries(1)} SELECT`);
