import { Gauge, type Registry } from 'prom-client';
import type { Figures } from './metrics.query.js';

const DAY_OUTCOMES = [
  'delivered',
  'accepted',
  'undelivered',
  'uncertain',
  'expired',
  'suppressed',
  'waiting',
] as const;

/** Results of a call under the names of `msj_sends_total`, where both have one. */
const CALL_RESULTS = [
  ['delivered', 'delivered'],
  ['accepted', 'accepted'],
  ['undelivered', 'undelivered'],
  ['refused', 'refused'],
  ['not-sent', 'notSent'],
  ['uncertain', 'uncertain'],
] as const;

/**
 * « Sûreté des envois » of the last 24 hours: for all services, by service, by operator. Each has names of its own,
 * so that a sum over a name counts nothing twice. Services are labelled by their id.
 */
export function addLastDay(registry: Registry, figures: Figures): void {
  addTotals(registry, figures);
  addServices(registry, figures);
  addCalls(registry, figures);
  addReceipts(registry, figures);
}

function labelled<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[],
): Gauge<Label> {
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}

function addTotals(registry: Registry, { lastDay }: Figures): void {
  const add = (name: string, help: string) => labelled(registry, name, help, []);
  const help = 'Messages whose hour came in the last 24 hours, by what became of them';
  const due = labelled(registry, 'msj_messages_due_24h', help, ['outcome']);
  for (const outcome of DAY_OUTCOMES) due.set({ outcome }, lastDay[outcome]);
  add('msj_messages_on_time_24h', 'Of those, left within a minute').set(lastDay.onTime);
  add('msj_messages_left_late_24h', 'Of those, left later than that').set(lastDay.late);
  add('msj_cost_euros_24h', 'Parts taken by the operators, at the price of each').set(lastDay.euros);
}

function addServices(registry: Registry, { services, pulse }: Figures): void {
  const add = <Label extends string>(name: string, help: string, ...labels: Label[]) =>
    labelled(registry, `msj_service_${name}`, help, ['organization', ...labels]);
  const due = add('messages_due_24h', 'msj_messages_due_24h of one service', 'outcome');
  const onTime = add('messages_on_time_24h', 'Of those, left within a minute');
  const late = add('messages_left_late_24h', 'Of those, left later than that');
  const doubled = add('possible_duplicates_24h', 'Of those, sent twice perhaps');
  const cost = add('cost_euros_24h', 'Parts taken by the operators, at the price of the service');
  const oldest = add('oldest_due_seconds', 'Age of its oldest message of 24 hours that is due and waits');
  for (const { organizationId: organization, oldestDue, ...figures } of services) {
    oldest.set({ organization }, oldestDue === null ? 0 : ageIn(pulse, oldestDue));
    for (const outcome of DAY_OUTCOMES) due.set({ organization, outcome }, figures[outcome]);
    onTime.set({ organization }, figures.onTime);
    late.set({ organization }, figures.late);
    doubled.set({ organization }, figures.possibleDuplicates);
    cost.set({ organization }, figures.euros);
  }
}

function addCalls(registry: Registry, { calls: operators }: Figures): void {
  const help = 'Calls for the messages of the last 24 hours, by result';
  const calls = labelled(registry, 'msj_operator_calls_24h', help, ['operator', 'channel', 'result']);
  const ofCost = 'Parts an operator took for them, at the price of each service';
  const cost = labelled(registry, 'msj_operator_cost_euros_24h', ofCost, ['operator', 'channel']);
  for (const { operator, channel, ...figures } of operators) {
    for (const [result, name] of CALL_RESULTS) calls.set({ operator, channel, result }, figures[name]);
    cost.set({ operator, channel }, figures.euros);
  }
}

function addReceipts(registry: Registry, { receipts, pulse }: Figures): void {
  const help = 'Seconds since the last receipt of an operator, none after 24 hours';
  const ages = labelled(registry, 'msj_operator_last_receipt_seconds', help, ['operator']);
  const ofOwed = 'Texts taken by an operator in the last hour that it owes a receipt';
  const owed = labelled(registry, 'msj_operator_unconfirmed_1h', ofOwed, ['operator']);
  for (const { operator, lastReceipt, unconfirmed } of receipts) {
    owed.set({ operator }, unconfirmed);
    if (lastReceipt === null) continue;
    ages.set({ operator }, ageIn(pulse, lastReceipt));
  }
}

/** Seconds. */
function ageIn({ now }: Figures['pulse'], date: Date): number {
  return Math.max(0, (now.getTime() - date.getTime()) / 1000);
}
