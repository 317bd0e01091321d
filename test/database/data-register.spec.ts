import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registeredTables, RETENTIONS } from '../../config/data-register.js';
import { SCHEDULE } from '../../config/schedule.js';
import { DOCUMENTS } from '../../demo/papers/documents.js';
import { createTestDatabase } from '../support/database.js';

/** What the record of processing says is what the database holds. */
describe('the register of data', () => {
  it('states a purpose and a time for every column of every table, and for nothing else', async () => {
    const database = await createTestDatabase();
    const rows: { name: string }[] = await database.dataSource.query(
      `SELECT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
    );
    await database.drop();
    const stored = rows.map(({ name }) => name);
    const stated = registeredTables().flatMap(({ name, columns }) =>
      columns.map((column) => `${name}.${column.name}`),
    );
    expect(stored.filter((name) => !stated.includes(name))).toEqual([]);
    expect(stated.filter((name) => !stored.includes(name))).toEqual([]);
  });

  it('names tasks that exist', () => {
    const tasks: readonly string[] = SCHEDULE.map(({ id }) => id);
    const named = Object.values(RETENTIONS).flatMap(({ removedBy }) =>
      removedBy === null ? [] : [removedBy],
    );
    expect(named.filter((task) => !tasks.includes(task))).toEqual([]);
  });

  it.each(Object.keys(DOCUMENTS))('prints docs/%s as it stands there', (place) => {
    const printed = readFileSync(join(__dirname, '../../docs', place), 'utf8');
    expect(printed).toBe(DOCUMENTS[place]?.());
  });
});
