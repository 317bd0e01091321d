import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { type Scope, SENDING, WORKER } from '../../src/platform/scope.js';
import { Transaction } from '../../src/platform/transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('a transaction around the calls of an operator', () => {
  let database: TestDatabase;
  /** One connection: what one transaction asks of it, the next would find. */
  let application: DataSource;
  let transaction: Transaction;

  beforeAll(async () => {
    database = await createTestDatabase();
    application = await new DataSource(databaseOptions(database.url, 1, 'msj-opening')).initialize();
    transaction = new Transaction(application);
  });
  afterAll(async () => {
    await application.destroy();
    await database.drop();
  });

  const settingsOf = (scope: Scope) =>
    transaction.run(
      (tx) =>
        tx.query<object[]>(
          `SELECT name, setting FROM pg_settings WHERE name LIKE 'enable_%' OR name IN ('plan_cache_mode', 'jit') ORDER BY name`,
        ),
      scope,
    );

  it('leaves the connection to the next one as it was', async () => {
    const before = await settingsOf(WORKER);
    expect(await settingsOf(SENDING)).not.toEqual(before);
    expect(await settingsOf(WORKER)).toEqual(before);
  });

  it('tells a refusal of its first statement, and the connection serves on', async () => {
    await expect(transaction.run((tx) => tx.query('SELECT 1 / 0'), SENDING)).rejects.toThrow(
      'division by zero',
    );
    const both = await transaction.run((tx) =>
      Promise.all([tx.query<{ a: number }[]>('SELECT 1 AS a'), tx.query<{ b: number }[]>('SELECT 2 AS b')]),
    );
    expect(both).toEqual([[{ a: 1 }], [{ b: 2 }]]);
  });
});
