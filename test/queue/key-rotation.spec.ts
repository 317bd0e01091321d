import pg from 'pg';
import { DataSource } from 'typeorm';
import { countOldSeals } from '../../src/cli/keys/old-seals.query.js';
import { type RotationReport, rotateKeys } from '../../src/cli/keys/rotate-keys.js';
import { keepContact, keepContacts } from '../../src/platform/contacts.js';
import { databaseOptions } from '../../src/platform/database.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { openedContacts } from '../support/contacts.js';
import { createTestDatabase, type TestDatabase, TEST_SECRET_KEY } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';

const NEW_KEY = 'n'.repeat(32);
const BOTH = [NEW_KEY, TEST_SECRET_KEY];
const DUE = 600;
/** Numbers of nobody who is written to, so that there is something to rotate for a while. */
const OTHERS = 6_000;
const ROTATION = 'msj-rotation';

describe('keys rotated while messages leave and persons change', () => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;

  beforeAll(async () => {
    database = await createTestDatabase();
    await planDueNow(database.dataSource, DUE);
    const others = Array.from({ length: OTHERS }, (_, i) => `+3375${String(i).padStart(7, '0')}`);
    await keepContacts(database.dataSource.manager, 'phone', others);
    operator = new PlainOperator();
    await operator.start();
    keepKeys(database.dataSource, new Sealing({ SECRET_KEYS: BOTH }));
    engine = await startEngine(database, operator, {
      SECRET_KEYS: BOTH.join(','),
      SEND_WINDOW: '00:00-23:59',
    });
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  it('and killed half-way: resumed, nothing is lost and the old key is not needed any more', async () => {
    const expected = await numbersOfPersons();
    const draining = engine.drain();
    const changing = changeNumbers(expected, 80);
    await expect(rotate(await killAfter(1_000))).rejects.toThrow();
    const leftThen = await countOldSeals(database.dataSource.manager);
    expect(leftThen).toBeGreaterThan(0);
    expect(leftThen).toBeLessThan(DUE + OTHERS);
    expect(await rotate()).toMatchObject({ unreadable: 0, left: 0 });
    const changed = await changing;
    await draining;

    keepKeys(database.dataSource, new Sealing({ SECRET_KEYS: [NEW_KEY] }));
    expect(await numbersOfPersons()).toEqual(changed);
    const reached = operator.accepted.map(({ to }) => to);
    expect(new Set(reached).size).toBe(DUE);
    expect(reached).toHaveLength(DUE);
    const sent: { recipient: string; to: string }[] = await database.dataSource.query(
      `SELECT DISTINCT recipient_id AS recipient FROM delivery_attempt`,
    );
    const numbers = await openedContacts(database.dataSource);
    expect(new Set(sent.map(({ recipient }) => numbers.get(recipient)))).toEqual(new Set(reached));
  });

  /** By person. */
  async function numbersOfPersons(): Promise<Map<string, string>> {
    const numbers = await openedContacts(database.dataSource);
    const rows: { id: string; phone: string }[] = await database.dataSource.query(
      'SELECT id, phone_id AS phone FROM person ORDER BY id',
    );
    return new Map(rows.map(({ id, phone }) => [id, numbers.get(phone) ?? '']));
  }

  /** As agents would, one after the other; @returns the numbers as they should be at the end */
  async function changeNumbers(
    numbers: ReadonlyMap<string, string>,
    count: number,
  ): Promise<Map<string, string>> {
    const after = new Map(numbers);
    for (const [index, id] of [...numbers.keys()].slice(0, count).entries()) {
      const phone = `+3369900${String(index).padStart(4, '0')}`;
      await database.dataSource.transaction(async (tx) => {
        const contact = await keepContact(tx, 'phone', phone);
        await tx.query('UPDATE person SET phone_id = $2 WHERE id = $1', [id, contact]);
      });
      after.set(id, phone);
    }
    return after;
  }

  async function rotate(tell?: (renewed: number) => void): Promise<RotationReport> {
    const options = databaseOptions(database.url, 1, ROTATION);
    const dataSource = keepKeys(new DataSource(options), new Sealing({ SECRET_KEYS: BOTH }));
    await dataSource.initialize();
    try {
      return await rotateKeys(dataSource, tell);
    } finally {
      await dataSource.destroy();
    }
  }

  /** Its connection dies under it, in the middle of a batch, as with the machine it ran on. */
  async function killAfter(most: number): Promise<(renewed: number) => void> {
    // Connected before, or the rotation might be over first.
    const admin = new pg.Client({ connectionString: process.env['TEST_ADMIN_URL'] });
    await admin.connect();
    let isKilled = false;
    return (renewed) => {
      if (isKilled || renewed < most) return;
      isKilled = true;
      void admin
        .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
          ROTATION,
        ])
        .finally(() => admin.end());
    };
  }
});
