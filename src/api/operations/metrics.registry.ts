import { Counter, Gauge, Registry } from 'prom-client';
import { MESSAGE_STATES } from '../../notifications/domain/notification.states.js';
import type { OperatorNow, Pulse } from '../../notifications/surety/surety-now.query.js';
import { addLastDay } from './day-metrics.js';
import type { Figures } from './metrics.query.js';

const CIRCUITS: Readonly<Record<OperatorNow['circuit'], number>> = { closed: 0, 'half-open': 1, open: 2 };
/** An alert of an operator is shown for this long. */
const ALERT_LASTS_MS = 60 * 60 * 1000;
const FAILED_RESULTS = ['refused', 'undelivered'] as const;

/** The figures under their names. A gauge of something that never happened has a name and no value. */
export function registryOf(figures: Figures): Registry {
  const registry = new Registry();
  addMessages(registry, figures);
  addPulse(registry, figures);
  addOperators(registry, figures.operators, figures.pulse.realNow);
  addLastDay(registry, figures);
  addCounters(registry, figures);
  gauge(
    registry,
    'msj_agents_reading_many',
    'Agents who opened more than 500 files in the last 24 hours',
    figures.manyReaders,
  );
  return registry;
}

function gauge(registry: Registry, name: string, help: string, value: number | null): void {
  const added = new Gauge({ name, help, registers: [registry] });
  if (value === null) added.remove();
  else added.set(value);
}

function addMessages(registry: Registry, { tally }: Figures): void {
  const count = (state: string) => tally.states.find((row) => row.state === state)?.count ?? 0;
  const messages = new Gauge({
    name: 'msj_messages',
    help: 'Messages by state',
    labelNames: ['state'],
    registers: [registry],
  });
  for (const state of MESSAGE_STATES) messages.set({ state }, count(state));
  gauge(registry, 'msj_messages_uncertain', 'Messages of which nobody knows yet', count('uncertain'));
}

function addPulse(registry: Registry, { pulse, hold }: Figures): void {
  const add = (name: string, help: string, value: number | null) => gauge(registry, name, help, value);
  const since = (date: Date | null) => (date === null ? null : (pulse.now.getTime() - date.getTime()) / 1000);
  add('msj_messages_late', 'Messages still waiting one minute after their hour', pulse.late);
  const oldest = since(pulse.oldestDue) ?? 0;
  add('msj_oldest_due_seconds', 'Age of the oldest message that is due and waits', oldest);
  add('msj_last_relay_run_seconds', 'Seconds since the relay last ran', since(pulse.lastRelayRun));
  add('msj_last_receipt_seconds', 'Seconds since the last receipt of an operator', since(pulse.lastReceipt));
  add('msj_messages_expired_24h', 'Messages that expired in the last 24 hours', pulse.expiredLately);
  add('msj_messages_uncertain_10min', 'Doubts older than ten minutes', pulse.oldDoubts);
  add('msj_messages_unfollowed', 'Not arrived for five minutes, without a next step', pulse.unfollowed);
  addTasks(registry, pulse.taskAges);
  add('msj_hold', '1 while nothing leaves, held', hold === null ? 0 : 1);
}

function addTasks(registry: Registry, ages: Pulse['taskAges']): void {
  const runs = new Gauge({
    name: 'msj_last_task_run_seconds',
    help: 'Seconds since a repeated task last ended well',
    labelNames: ['task'],
    registers: [registry],
  });
  for (const [task, seconds] of Object.entries(ages)) runs.set({ task }, Math.max(0, seconds));
}

function addOperators(registry: Registry, operators: readonly OperatorNow[], realNow: Date): void {
  const circuits = new Gauge({
    name: 'msj_circuit_state',
    help: 'Circuit of an operator: 0 closed, 1 half-open, 2 open',
    labelNames: ['operator'],
    registers: [registry],
  });
  const alerts = new Gauge({
    name: 'msj_operator_alert',
    help: '1 during an hour after an operator answered a code that asks for us',
    labelNames: ['operator', 'code'],
    registers: [registry],
  });
  for (const { operator, circuit, lastAlert, lastAlertAt } of operators) {
    circuits.set({ operator }, CIRCUITS[circuit]);
    if (lastAlert === null || lastAlertAt === null) continue;
    const isFresh = realNow.getTime() - lastAlertAt.getTime() < ALERT_LASTS_MS;
    alerts.set({ operator, code: lastAlert }, isFresh ? 1 : 0);
  }
}

function addCounters(registry: Registry, { tally, possibleDuplicates }: Figures): void {
  new Counter({
    name: 'msj_possible_duplicates_total',
    help: 'Messages sent again without knowing whether the first call succeeded',
    registers: [registry],
  }).inc(possibleDuplicates);
  const sends = new Counter({
    name: 'msj_sends_total',
    help: 'Attempts by channel, operator and result',
    labelNames: ['channel', 'operator', 'result'],
    registers: [registry],
  });
  // Known from the first call on: a figure that appears only once it is wrong has not increased for Prometheus.
  for (const { channel, operator } of tally.sends)
    for (const result of FAILED_RESULTS) sends.inc({ channel, operator, result }, 0);
  for (const { count, ...labels } of tally.sends) sends.inc(labels, count);
}
