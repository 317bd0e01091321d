import { DataSource } from 'typeorm';
import { JournalKeys } from '../../../src/access/journal/journal-keys.js';
import { SealJournal } from '../../../src/access/journal/seal-journal.js';
import { VerifyJournal } from '../../../src/access/journal/verify-journal.js';
import { databaseOptions } from '../../../src/platform/database.js';
import { TEST_SECRET_KEY } from '../../support/database.js';
import { equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

const DUE = 12;

/** What whoever owns every table can do, the guards taken away first; and what the verification must say. */
const TAMPERINGS: readonly (readonly [what: string, sql: string, problem: string])[] = [
  [
    'an entry edited',
    `UPDATE journal_entry SET action = 'file.read'
      WHERE id = (SELECT entry_id FROM journal_link ORDER BY seq OFFSET 4 LIMIT 1)`,
    'changed-entry',
  ],
  [
    'an entry deleted',
    'DELETE FROM journal_entry WHERE id = (SELECT entry_id FROM journal_link ORDER BY seq OFFSET 6 LIMIT 1)',
    'missing-entry',
  ],
  ['a link deleted', 'DELETE FROM journal_link WHERE seq = 3', 'missing-link'],
  ['the end cut off', 'DELETE FROM journal_link WHERE seq > 8', 'wrong-head'],
];

/** Texts leave, the journal is linked; then each tampering in a transaction that is taken back. */
async function tamperedJournal(rig: Rig): Promise<void> {
  await rig.plan(DUE);
  const engine = await rig.engine();
  await engine.drain();
  const keys = new JournalKeys({ SECRET_KEYS: [TEST_SECRET_KEY] });
  const linked = await rig.database.dataSource.transaction((tx) => new SealJournal(keys).execute(tx));
  equal(linked, DUE, 'entries linked');
  const owner = await new DataSource(databaseOptions(rig.database.ownerUrl, 1, 'msj-owner')).initialize();
  try {
    for (const [what, sql, problem] of [['nothing', 'SELECT 1', null], ...TAMPERINGS] as const)
      equal(await found(owner, keys, sql), problem, what);
  } finally {
    await owner.destroy();
  }
}

async function found(owner: DataSource, keys: JournalKeys, sql: string): Promise<string | null> {
  const runner = owner.createQueryRunner();
  await runner.startTransaction('REPEATABLE READ');
  try {
    for (const table of ['journal_entry', 'journal_link'])
      await runner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await runner.query(sql);
    return (await new VerifyJournal(keys).execute(runner.manager)).firstBad?.problem ?? null;
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

export const JOURNAL: readonly Fault[] = [
  {
    id: 'F50',
    title: 'the journal tampered with by the owner of its tables',
    promise: 'verification names the first bad link',
    tier: 'core',
    backends: ['postgres'],
    run: tamperedJournal,
  },
];
