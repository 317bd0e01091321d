import { randomUUID } from 'node:crypto';
import { findingInWords } from '../../src/access/domain/journal-findings.js';
import { JournalKeys } from '../../src/access/journal/journal-keys.js';
import { WriteJournal } from '../../src/access/journal/write-journal.js';
import { Clock } from '../../src/platform/clock.js';
import { Transaction } from '../../src/platform/transaction.js';
import { moveClock } from '../support/database.js';
import { Notary, OLD_KEY } from '../support/notary.js';

const NEW_KEY = 'n'.repeat(32);

/** One bit, one letter, one moment: the least that can be changed in a value of this type. */
const FLIPS: Readonly<Record<string, (column: string) => string>> = {
  uuid: (column) => `overlay(${column}::text placing
    CASE WHEN right(${column}::text, 1) = '0' THEN '1' ELSE '0' END from 36)::uuid`,
  text: (column) => `${column} || 'x'`,
  jsonb: (column) => `${column} || '{"b": 2}'`,
  bytea: (column) => `set_bit(${column}, 3, 1 - get_bit(${column}, 3))`,
  bigint: (column) => (column === 'seq' ? 'seq + 1000' : `${column} - 1`),
  date: (column) => `${column} + 1`,
  'timestamp with time zone': (column) => `${column} + interval '1 ms'`,
};

describe('the journal', () => {
  let notary: Notary;
  beforeEach(async () => {
    notary = await Notary.open();
  });
  afterEach(() => notary.close());

  it('is sound while nobody touches it, linked or not yet', async () => {
    await notary.write(5);
    expect(await notary.verify()).toEqual({ healthy: true, entries: 0, days: 0, firstBad: null });
    expect(await notary.seal()).toBe(5);
    await notary.write(2);
    expect(await notary.verify()).toEqual({ healthy: true, entries: 5, days: 1, firstBad: null });
  });

  it('goes on from day to day, and tells where each day ends', async () => {
    await notary.write(2);
    await notary.seal();
    await moveClock(notary.dataSource, '2026-04-15T08:00:00Z');
    await notary.write(3);
    await notary.seal();
    expect(await notary.heads()).toMatchObject([
      { day: '2026-04-14', firstSeq: '1', lastSeq: '2' },
      { day: '2026-04-15', firstSeq: '3', lastSeq: '5' },
    ]);
    expect(await notary.verify(await notary.heads())).toMatchObject({ healthy: true, days: 2 });
  });

  it('names the entry in whose row one bit was flipped, whatever the column', async () => {
    await notary.write(5);
    await notary.seal();
    const entryId = await notary.entryAt(3);
    const columns = await notary.columnsOf('journal_entry');
    expect(columns.length).toBeGreaterThan(15);
    for (const { name, type } of columns) {
      const { rows } = await notary.owner.query('SELECT * FROM journal_entry WHERE id = $1', [entryId]);
      await notary.tamper(
        `UPDATE journal_entry SET ${name} = ${FLIPS[type]?.(name) ?? 'missing'} WHERE id = $1`,
        [entryId],
      );
      const problem = name === 'id' ? 'missing-entry' : name === 'key_id' ? 'unknown-key' : 'changed-entry';
      const verdict = await notary.verify();
      expect([name, verdict.healthy, verdict.entries, verdict.firstBad]).toEqual([
        name,
        false,
        2,
        { day: '2026-04-14', seq: '3', entryId, problem },
      ]);
      await notary.tamper('DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_link)');
      await notary.tamper(
        `INSERT INTO journal_entry SELECT * FROM jsonb_populate_record(NULL::journal_entry, $1)
         ON CONFLICT (id) DO UPDATE SET (${columns.map((c) => c.name).join(', ')})
           = (${columns.map((c) => `excluded.${c.name}`).join(', ')})`,
        [JSON.stringify(rows[0], bytesAsText)],
      );
    }
    expect(await notary.verify()).toMatchObject({ healthy: true, entries: 5 });
  });

  it('names an entry whose names were taken away before their time', async () => {
    await notary.write(3);
    await notary.seal();
    const entryId = await notary.entryAt(2);
    for (const name of ['agent_id', 'person_id', 'agent_digest']) {
      await notary.tamper(`UPDATE journal_entry SET ${name} = NULL WHERE id = $1`, [entryId]);
      expect((await notary.verify()).firstBad).toMatchObject({ seq: '2', entryId, problem: 'changed-entry' });
    }
    await notary.tamper(
      `UPDATE journal_entry SET agent_id = NULL, impersonator_id = NULL, api_key_id = NULL, person_id = NULL,
         object_id = NULL, detail = NULL WHERE id = $1`,
      [entryId],
    );
    expect((await notary.verify()).firstBad).toMatchObject({ seq: '2', problem: 'changed-entry' });
  });

  it.each(['journal_link', 'journal_head'])(
    'finds one changed bit in %s, whatever the column',
    async (table) => {
      await notary.write(4);
      await notary.seal();
      for (const { name, type } of await notary.columnsOf(table)) {
        const row = table === 'journal_link' ? 'seq = 2' : 'true';
        await notary.owner.query('BEGIN');
        await notary.owner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
        await notary.owner.query(`CREATE TEMP TABLE kept AS SELECT * FROM ${table}`);
        await notary.owner.query(
          `UPDATE ${table} SET ${name} = ${FLIPS[type]?.(name) ?? 'missing'} WHERE ${row}`,
        );
        await notary.owner.query('COMMIT');
        expect([name, (await notary.verify()).healthy]).toEqual([name, false]);
        await notary.owner.query(`DELETE FROM ${table}`);
        await notary.owner.query(`INSERT INTO ${table} SELECT * FROM kept`);
        await notary.owner.query('DROP TABLE kept');
        expect([name, (await notary.verify()).healthy]).toEqual([name, true]);
      }
    },
  );

  it('names a deleted row', async () => {
    await notary.write(5);
    await notary.seal();
    const entryId = await notary.entryAt(2);
    await notary.tamper('DELETE FROM journal_entry WHERE id = $1', [entryId]);
    const { firstBad } = await notary.verify();
    expect(firstBad).toEqual({ day: '2026-04-14', seq: '2', entryId, problem: 'missing-entry' });
    expect(firstBad === null ? '' : findingInWords(firstBad)).toBe(
      `day 2026-04-14, link 2, entry ${entryId}: this entry was deleted`,
    );
  });

  it('names a row that was deleted with its link', async () => {
    await notary.write(5);
    await notary.seal();
    await notary.tamper('DELETE FROM journal_entry WHERE id = $1', [await notary.entryAt(3)]);
    await notary.tamper('DELETE FROM journal_link WHERE seq = 3');
    expect((await notary.verify()).firstBad).toMatchObject({ seq: '3', problem: 'missing-link' });
    await notary.tamper('UPDATE journal_link SET seq = seq - 1 WHERE seq > 3');
    expect((await notary.verify()).firstBad).toMatchObject({ seq: '3', problem: 'wrong-link' });
  });

  it('names the first of two rows that changed places', async () => {
    await notary.write(5);
    await notary.seal();
    const [second, fourth] = [await notary.entryAt(2), await notary.entryAt(4)];
    await notary.tamper('UPDATE journal_link SET entry_id = $1 WHERE seq = 2', [randomUUID()]);
    await notary.tamper('UPDATE journal_link SET entry_id = $1 WHERE seq = 4', [second]);
    await notary.tamper('UPDATE journal_link SET entry_id = $1 WHERE seq = 2', [fourth]);
    expect((await notary.verify()).firstBad).toMatchObject({ seq: '2', problem: 'wrong-link' });
  });

  it('finds that its end was cut off, and where', async () => {
    await notary.write(5);
    await notary.seal();
    await notary.tamper('DELETE FROM journal_entry WHERE id = $1', [await notary.entryAt(5)]);
    await notary.tamper('DELETE FROM journal_link WHERE seq = 5');
    expect((await notary.verify()).firstBad).toMatchObject({ seq: '4', problem: 'wrong-head' });
  });

  it('finds by a head kept elsewhere that its end was cut off together with its own head', async () => {
    await notary.write(4);
    await notary.seal();
    const early = await notary.owner.query('SELECT * FROM journal_head');
    await notary.write(1);
    await notary.seal();
    const kept = await notary.heads();
    await notary.tamper('DELETE FROM journal_entry WHERE id = $1', [await notary.entryAt(5)]);
    await notary.tamper('DELETE FROM journal_link WHERE seq = 5');
    const [head] = early.rows as { last_seq: string; hash: Buffer; mac: Buffer }[];
    await notary.tamper('UPDATE journal_head SET last_seq = $1, hash = $2, mac = $3', [
      head?.last_seq,
      head?.hash,
      head?.mac,
    ]);
    expect((await notary.verify()).healthy).toBe(true);
    expect((await notary.verify(kept)).firstBad).toMatchObject({ seq: '5', problem: 'kept-head-differs' });
  });

  it('finds an entry that was kept from being linked, once a minute has passed', async () => {
    await notary.write(2);
    await notary.tamper('DELETE FROM journal_unlinked');
    await notary.seal();
    expect((await notary.verify()).healthy).toBe(true);
    await moveClock(notary.dataSource, '2026-04-14T08:01:30Z');
    expect((await notary.verify()).firstBad).toMatchObject({ seq: null, problem: 'unlinked-entry' });
  });

  it('finds an entry that was deleted before it was linked', async () => {
    await notary.write(2);
    const { rows } = await notary.tamper(
      'DELETE FROM journal_entry WHERE id = (SELECT min(id::text)::uuid FROM journal_entry) RETURNING id',
    );
    expect(await notary.seal()).toBe(1);
    const [gone] = rows as { id: string }[];
    expect((await notary.verify()).firstBad).toMatchObject({ entryId: gone?.id, problem: 'missing-entry' });
  });

  it('is linked once, in one chain, when two workers seal at the same time', async () => {
    await notary.write(40);
    const linked = await Promise.all([notary.seal(), notary.seal(), notary.seal()]);
    expect(linked.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await notary.verify()).toMatchObject({ healthy: true, entries: 40 });
  });

  it('makes nobody who writes wait for another writer, or for who links', async () => {
    await notary.write(3);
    await notary.whileWriting(() => notary.write(2));
    expect(await notary.seal()).toBe(3);
    expect(await notary.verify()).toMatchObject({ healthy: true, entries: 6 });
  });

  it('still verifies after the names of more than a year ago were taken out, and cannot be shortened then', async () => {
    await notary.write(3);
    await notary.seal();
    await moveClock(notary.dataSource, '2027-04-14T07:59:00Z');
    expect(await notary.forget()).toBe(0);
    await moveClock(notary.dataSource, '2027-04-14T08:01:00Z');
    await notary.write(1);
    await notary.seal();
    expect(await notary.forget()).toBe(3);
    const { rows } = await notary.owner.query(
      `SELECT count(*) FILTER (WHERE agent_id IS NULL AND person_id IS NULL AND impersonator_id IS NULL
         AND api_key_id IS NULL AND object_id IS NULL AND detail IS NULL AND person_digest IS NOT NULL)::int AS nameless,
         count(*)::int AS entries FROM journal_entry`,
    );
    expect(rows).toEqual([{ nameless: 3, entries: 4 }]);
    expect(await notary.verify()).toMatchObject({ healthy: true, entries: 4 });
    await notary.tamper(`UPDATE journal_entry SET action = 'file.changed' WHERE id = $1`, [
      await notary.entryAt(2),
    ]);
    expect((await notary.verify()).firstBad).toMatchObject({ seq: '2', problem: 'changed-entry' });
  });

  it('verifies after the key was changed, as long as the old one is listed', async () => {
    await notary.write(2);
    await notary.seal();
    const rotated = notary.withKeys(NEW_KEY, OLD_KEY);
    await rotated.write(2);
    await rotated.seal();
    expect(await rotated.verify()).toMatchObject({ healthy: true, entries: 4 });
    expect((await notary.withKeys(NEW_KEY).verify()).firstBad).toMatchObject({
      seq: '1',
      problem: 'unknown-key',
    });
  });

  it('refuses every change but forgetting names after a year, to its owner as well', async () => {
    await notary.write(2);
    await notary.seal();
    const refused = [
      `UPDATE journal_entry SET action = 'file.changed'`,
      'UPDATE journal_entry SET agent_id = NULL',
      'DELETE FROM journal_entry',
      'TRUNCATE journal_entry',
      `UPDATE journal_link SET hash = ''`,
      'DELETE FROM journal_link',
      'TRUNCATE journal_link',
      `UPDATE journal_head SET hash = ''`,
      'DELETE FROM journal_head',
    ];
    for (const sql of refused) await expect(notary.owner.query(sql)).rejects.toMatchObject({ code: '42501' });
    for (const sql of refused) await expect(notary.dataSource.query(sql)).rejects.toThrow();
    await moveClock(notary.dataSource, '2028-01-01T00:00:00Z');
    await expect(notary.owner.query('UPDATE journal_entry SET agent_id = NULL')).rejects.toThrow();
    await expect(notary.owner.query('DELETE FROM journal_entry')).rejects.toThrow();
    expect(await notary.verify()).toMatchObject({ healthy: true, entries: 2 });
  });

  it('says nothing of what did not happen', async () => {
    const transaction = new Transaction(notary.dataSource);
    new WriteJournal(transaction, new Clock(), new JournalKeys({ SECRET_KEYS: [OLD_KEY] })).onModuleInit();
    await expect(
      transaction.run(async (tx) => {
        await notary.journal.record(tx, { action: 'file.read' });
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await notary.seal()).toBe(0);
  });
});

/** Rows go through JSON: bytes in PostgreSQL's own notation. */
function bytesAsText(_key: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  return type === 'Buffer' && Array.isArray(data)
    ? `\\x${Buffer.from(data as number[]).toString('hex')}`
    : value;
}
