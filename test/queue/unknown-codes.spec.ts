import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';

/** A code that our tables do not know. */
const REFUSE = 'refuse-21999';

let database: TestDatabase;
let operator: PlainOperator;
let engine: Engine;

beforeEach(async () => {
  database = await createTestDatabase();
  operator = new PlainOperator();
  await operator.start();
});
afterEach(async () => {
  await engine.stop();
  await operator.stop();
  await database.drop();
});

/** The first of them are due now, the others wait for `makeDue`. */
async function due(count: number, first = count): Promise<void> {
  await planDueNow(database.dataSource, count);
  await database.dataSource.query(`UPDATE message SET due_at = app_now() + interval '1 hour'`);
  engine = await startEngine(database, operator, { SEND_WINDOW: '00:00-23:59' });
  await makeDue(first);
}

async function makeDue(first: number): Promise<void> {
  await database.dataSource.query(
    `UPDATE message m SET due_at = app_now()
       FROM (SELECT m.id, row_number() OVER (ORDER BY p.search_key) AS rank FROM message m
               JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id) AS ranked
      WHERE ranked.id = m.id AND rank <= $1 AND m.state = 'planned' AND m.attempts = 0`,
    [first],
  );
}

/** Number of the person of that rank, as `planDueNow` gives it. */
const numberOf = (rank: number) => `+336${10_000_000 + rank * 100 + rank}`;

async function states(): Promise<Record<string, number>> {
  const rows: { state: string; n: number }[] = await database.dataSource.query(
    'SELECT state, count(*)::int AS n FROM message GROUP BY state',
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

const operatorState = () =>
  database.dataSource.query(`SELECT circuit, last_alert FROM operator_state WHERE operator = 'twilio'`);

describe('a refusal with a code that nobody told us of', () => {
  it('is about the number, with its task, while others are taken', async () => {
    operator.behaviour = (to) => (to === numberOf(1) ? REFUSE : 'accept');
    await due(4);
    await engine.drain();
    await engine.run('follow-up');
    expect(await states()).toEqual({ accepted: 3, failed: 1 });
    expect(await database.dataSource.query('SELECT kind FROM agent_task')).toEqual([
      { kind: 'reach-otherwise' },
    ]);
    expect(await operatorState()).toEqual([]);
  });

  it('is about our sender once several numbers have it: told, nothing given up, the circuit opens', async () => {
    operator.behaviour = () => REFUSE;
    await due(6);
    await engine.drain();
    const { failed = 0, planned = 0 } = await states();
    expect(failed).toBeLessThanOrEqual(2);
    expect(planned + failed).toBe(6);
    expect(await operatorState()).toEqual([{ circuit: 'open', last_alert: '21999' }]);
  });

  it('is told, and stays about the numbers, when several have it while as many others are taken', async () => {
    const odd = [1, 2, 6].map(numberOf);
    operator.behaviour = (to) => (odd.includes(to) ? REFUSE : 'accept');
    await due(6, 2);
    await engine.drain();
    await makeDue(5);
    await engine.drain();
    expect(await states()).toEqual({ accepted: 3, failed: 2, planned: 1 });
    expect(await operatorState()).toEqual([]);
    await makeDue(6);
    await engine.drain();
    expect(await states()).toEqual({ accepted: 3, failed: 3 });
    expect(await operatorState()).toEqual([{ circuit: 'closed', last_alert: '21999' }]);
  });
});
