import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { violatedConstraint } from '../../platform/transaction.js';
import { countOldSeals } from './old-seals.query.js';
import { rotateColumn } from './rotate-column.js';
import { type Batch, rotateContacts } from './rotate-contacts.js';
import { CONTACTS, SEALED_COLUMNS } from './sealed-columns.js';

export interface RotationReport {
  readonly renewed: number;
  /** Sealed by a key that `SECRET_KEYS` lacks, or changed by somebody: they stay as they are. */
  readonly unreadable: number;
  /** Rows that still need an older key. */
  readonly left: number;
}

const AT_ONCE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';
/** What others hold is asked for again, this often and with this pause, before it is reported as left. */
const PASSES = 20;
const PAUSE_MS = 250;

/**
 * Seals everything with the newest key and indexes it anew, in batches of their own transactions, while the service
 * goes on: every process must hold both keys. Stopped half-way, it goes on where it was.
 * @param tell called after each batch with the rows renewed so far
 */
export async function rotateKeys(
  dataSource: DataSource,
  tell: (renewed: number) => void = () => undefined,
): Promise<RotationReport> {
  let renewed = 0;
  for (let pass = 1; ; pass++) {
    let unreadable = 0;
    for await (const batch of batches(dataSource)) {
      renewed += batch.renewed;
      unreadable += batch.unreadable;
      tell(renewed);
    }
    const left = await dataSource.transaction(countOldSeals);
    if (left <= unreadable || pass === PASSES) return { renewed, unreadable, left };
    await delay(PAUSE_MS);
  }
}

async function* batches(dataSource: DataSource): AsyncGenerator<Batch> {
  yield* through(dataSource, (tx, after) => rotateContacts(tx, after, AT_ONCE));
  for (const column of SEALED_COLUMNS)
    yield* through(dataSource, (tx, after) => rotateColumn(tx, column, after, AT_ONCE));
}

type Step = (tx: EntityManager, after: string) => Promise<Batch>;

async function* through(dataSource: DataSource, step: Step): AsyncGenerator<Batch> {
  for (let after: string | null = FIRST; after !== null;) {
    const batch: Batch = await patiently(dataSource, step, after);
    yield batch;
    after = batch.next;
  }
}

/** The same number may be written by another process between our look and our writing: looked at again. */
async function patiently(dataSource: DataSource, step: Step, after: string): Promise<Batch> {
  try {
    return await dataSource.transaction((tx) => step(tx, after));
  } catch (error) {
    if (violatedConstraint(error) !== 'contact_value_index_key') throw error;
    return dataSource.transaction((tx) => step(tx, after));
  }
}

/** For whoever lists the columns of the database. */
export const ROTATED = [CONTACTS, ...SEALED_COLUMNS];
