import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { WORKER } from '../../src/platform/scope.js';
import { Transaction, withCommit } from '../../src/platform/transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('a statement whose answer comes with the commit', () => {
  let database: TestDatabase;
  let application: DataSource;
  let transaction: Transaction;

  beforeAll(async () => {
    database = await createTestDatabase();
    application = await new DataSource(databaseOptions(database.url, 1, 'msj-ending')).initialize();
    transaction = new Transaction(application);
  });
  afterAll(async () => {
    await application.destroy();
    await database.drop();
  });

  const NOTE = `INSERT INTO operator_state (operator, refilled_at) VALUES ($1, now())`;
  const noted = async () =>
    (
      await transaction.run(
        (tx) => tx.query<{ operator: string }[]>('SELECT operator FROM operator_state ORDER BY operator'),
        WORKER,
      )
    ).map(({ operator }) => operator);

  it('is written, though nobody waited for it', async () => {
    await transaction.run((tx) => withCommit(tx, tx.query(NOTE, ['kept'])), WORKER);
    expect(await noted()).toEqual(['kept']);
  });

  it('fails the transaction with its own error, and nothing of it stays', async () => {
    const failing = transaction.run(async (tx) => {
      await tx.query(NOTE, ['lost']);
      await withCommit(tx, tx.query(NOTE, ['kept']));
      await withCommit(tx, tx.query(NOTE, ['after']));
    }, WORKER);
    await expect(failing).rejects.toThrow('operator_state_pkey');
    expect(await noted()).toEqual(['kept']);
  });

  it('tells its own error, not that of the statement which could not follow it', async () => {
    const failing = transaction.run(async (tx) => {
      await withCommit(tx, tx.query('SELECT 1 / 0'));
      await tx.query(NOTE, ['after']);
    }, WORKER);
    await expect(failing).rejects.toThrow('division by zero');
    expect(await noted()).toEqual(['kept']);
  });

  it('is tried again with the whole transaction after a serialization failure', async () => {
    let tries = 0;
    await transaction.run((tx) => {
      tries++;
      const text = tries === 1 ? `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$` : `SELECT 1`;
      return withCommit(tx, tx.query(text));
    }, WORKER);
    expect(tries).toBe(2);
  });

  it('is waited for where no transaction of ours will', async () => {
    const alone = application.transaction((tx) => withCommit(tx, tx.query('SELECT 1 / 0')));
    await expect(alone).rejects.toThrow('division by zero');
  });
});
