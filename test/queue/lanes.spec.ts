import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeBackends } from '../support/backends.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, eventually, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { contactId, openedContacts } from '../support/contacts.js';

const BULK = 5_000;

describeBackends('a reminder due behind five thousand bulk messages', (backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    await planDueNow(database.dataSource, BULK + 2);
    await database.dataSource.query(
      `UPDATE message SET lane = 1, due_at = due_at - interval '1 hour'
        WHERE id NOT IN (SELECT id FROM message ORDER BY id LIMIT 2)`,
    );
    engine = await startEngine(database, operator, {
      REDIS_URL: backend.redisUrl,
      SEND_WINDOW: '00:00-23:59',
      SEND_CONCURRENCY: '20',
    });
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  it('leaves first; and one that falls due in the middle passes all that is not in a hand yet', async () => {
    const due = await phonesOf('lane = 0');
    const [late = '', first = ''] = due;
    await database.dataSource.query(
      `UPDATE message SET due_at = app_now() + interval '1 hour'
        WHERE convocation_id IN (SELECT c.id FROM convocation c JOIN person p ON p.id = c.person_id WHERE phone_id = $1)`,
      [await contactId(database.dataSource, late)],
    );
    let asked = 0;
    operator.behaviour = () => {
      asked += 1;
      // The other one falls due while the bulk is leaving.
      if (asked === 500) void fallDue(late).then(() => engine.run('relay'));
      return 'accept';
    };
    const rank = (phone: string) => operator.accepted.findIndex(({ to }) => to === phone);
    await eventually(async () => {
      await engine.run('relay');
      return rank(late) >= 0;
    });
    // Twice as many as hands: the last of the first hands may be slower than the second turn of the first.
    expect(rank(first)).toBeLessThan(40);
    // Far from the end: behind what was claimed and in a hand already, at most.
    expect(rank(late)).toBeLessThan(2_000);
  });

  async function phonesOf(condition: string): Promise<string[]> {
    const rows: { phone: string }[] = await database.dataSource.query(
      `SELECT p.phone_id AS phone FROM message m JOIN convocation c ON c.id = m.convocation_id
         JOIN person p ON p.id = c.person_id WHERE ${condition} ORDER BY m.id`,
    );
    const numbers = await openedContacts(database.dataSource);
    return rows.map(({ phone }) => numbers.get(phone) ?? '');
  }

  async function fallDue(phone: string): Promise<void> {
    await database.dataSource.query(
      `UPDATE message SET due_at = app_now()
        WHERE convocation_id IN (SELECT c.id FROM convocation c JOIN person p ON p.id = c.person_id WHERE phone_id = $1)`,
      [await contactId(database.dataSource, phone)],
    );
  }
});
