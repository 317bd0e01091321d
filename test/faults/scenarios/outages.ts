import { setTimeout as delay } from 'node:timers/promises';
import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { TcpProxy } from '../rig/tcp-proxy.js';
import { openOffice } from './office.js';

const DUE = 20;

/** Five minutes of 429 by the clock of the service, then the operator is itself again. */
async function tooManyRequests(rig: Rig): Promise<void> {
  rig.operator.behaviour = () => 'refuse-429';
  await rig.plan(DUE);
  const engine = await rig.engine();
  for (let step = 0; step < 10; step++) {
    await engine.drain();
    equal(
      await rig.count(`state = 'planned'`),
      DUE,
      'messages that wait while the operator asks for patience',
    );
    await rig.travel('30 seconds');
  }
  // Waits of 15, 30, 60, 120 and 240 s: at most six calls for each message.
  ensure(rig.operator.calls <= DUE * 6, `${rig.operator.calls} calls in five minutes: nothing slowed down`);
  rig.operator.behaviour = () => 'accept';
  await rig.recover(engine);
  equal(rig.operator.accepted.length, DUE, 'texts after the storm');
}

/** Two hours without the operator; some appointments come too close meanwhile. */
async function operatorDown(rig: Rig): Promise<void> {
  const proxy = rig.keep(await TcpProxy.before(Number(new URL(rig.operator.url).port)));
  await proxy.refuse();
  const engine = await rig.engine({ TWILIO_API_BASE_URL: proxy.inFrontOf(rig.operator.url) });
  await rig.plan(5, { hoursAhead: 2 });
  await rig.plan(DUE);
  for (let step = 0; step < 12; step++) {
    await rig.tasks(engine);
    await engine.drain();
    await rig.travel('10 minutes');
  }
  equal(rig.operator.accepted.length, 0, 'texts during the outage');
  await circuitWasOpen(rig);
  await proxy.listen();
  await rig.recover(engine);
  equal(rig.operator.accepted.length, DUE, 'texts once the operator is back');
  equal(await rig.count(`state = 'expired'`), 5, 'messages that came too late, shown to agents');
}

/** The backlog was not tried whole each time: a few calls probed. */
async function circuitWasOpen(rig: Rig): Promise<void> {
  const [row] = await rig.query<{ circuit: string; calls: number }>(
    `SELECT circuit, (SELECT count(*)::int FROM delivery_attempt) AS calls FROM operator_state WHERE operator = 'twilio'`,
  );
  ensure(row !== undefined && row.circuit !== 'closed', 'the circuit of an operator that is away is closed');
  ensure(row.calls <= 120, `${row.calls} calls in twelve rounds: the backlog was tried again and again`);
}

/** Calls that take long hold no connection: booking and search go on, and no transaction waits for the operator. */
async function slowOperator(rig: Rig): Promise<void> {
  const perAnswerMs = rig.options.slow ? 8_000 : 1_500;
  const office = await openOffice(rig, { DATABASE_POOL_SIZE: '3' });
  rig.operator.beforeAnswer = () => delay(perAnswerMs);
  await rig.plan(DUE * 2);
  await rig.worker({ SEND_CONCURRENCY: '20', DATABASE_POOL_SIZE: '2' });
  await rig.until('the calls are open', () => rig.operator.calls >= DUE);
  for (let page = 0; page < 10; page++) {
    equal((await office.search()).status, 200, 'search while the operator is slow');
    equal((await office.book()).status, 201, 'booking while the operator is slow');
    const [row] = await rig.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database()
          AND state = 'idle in transaction' AND state_change < clock_timestamp() - interval '1 second'`,
    );
    equal(row?.n, 0, 'transactions that wait for the operator');
  }
  await rig.quiet(120_000);
}

/** A mass of texts of the bulk lane, and reminders that fall due in the middle of it. */
async function massEvent(rig: Rig): Promise<void> {
  const bulk = rig.options.slow ? 5_000 : 800;
  await rig.plan(bulk);
  await rig.query('UPDATE message SET lane = 1');
  rig.operator.beforeAnswer = () => delay(20);
  await rig.worker({ SEND_CONCURRENCY: '10' });
  await rig.until('the mass is under way', () => rig.operator.accepted.length > bulk / 8);
  await rig.plan(30);
  await rig.until(
    'the reminders have left',
    async () => (await rig.count(`lane = 0 AND state = 'accepted'`)) === 30,
  );
  const left = await rig.count('lane = 1 AND accepted_at IS NULL');
  ensure(left > bulk / 8, `only ${left} of the mass were left when the last reminder left: they had to wait`);
  await rig.quiet(600_000);
}

export const OUTAGES: readonly Fault[] = [
  {
    id: 'F9',
    title: 'the operator answers 429 for five minutes',
    promise: 'nothing lost or doubled; calls slow down, then resume',
    tier: 'core',
    backends: ['postgres'],
    run: tooManyRequests,
  },
  {
    id: 'F10',
    title: 'the operator refuses connections for two hours',
    promise: 'the backlog is kept; what came too late is told',
    tier: 'core',
    backends: ['postgres'],
    mayExpire: true,
    run: operatorDown,
  },
  {
    id: 'F11',
    title: 'an operator that takes 1.5 s to answer (8 s with --slow)',
    promise: 'no connection waits for it; web as ever',
    tier: 'core',
    backends: ['postgres'],
    run: slowOperator,
  },
  {
    id: 'F48',
    title: 'a mass of texts (800; 5 000 with --slow), reminders due',
    promise: 'due reminders pass before the mass',
    tier: 'core',
    backends: ['redis'],
    run: massEvent,
  },
];
