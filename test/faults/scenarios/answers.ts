import type { Engine } from '../../support/engine.js';
import type { Behaviour } from '../../support/plain-operator.js';
import { ensure, equal, type Fault } from '../fault.js';
import { TcpProxy } from '../rig/tcp-proxy.js';
import type { Rig } from '../rig/rig.js';

const DUE = 4;

/** Every message is sent and answered as told; what is in doubt stays so until the clock moves. */
async function sentWith(rig: Rig, behaviour: (nth: number) => Behaviour): Promise<Engine> {
  rig.operator.behaviour = (_to, nth) => behaviour(nth);
  await rig.plan(DUE);
  const engine = await rig.engine();
  await engine.drain();
  return engine;
}

/** Look-ups are due at 30 s, 2 min and 5 min; the last one decides. */
async function lookUpAfter(rig: Rig, engine: Engine, interval: string): Promise<void> {
  await rig.travel(interval);
  await engine.run('sweep');
  await engine.run('resolve');
}

/** Each text taken once, in one call, and nothing in doubt. */
async function adopted(rig: Rig, how: string): Promise<void> {
  equal(await rig.count(`state IN ('accepted', 'delivered') AND attempts = 1`), DUE, `adopted ${how}`);
  equal(rig.operator.calls, DUE, 'calls');
}

async function resetAfterTaking(rig: Rig): Promise<void> {
  await rig.web();
  const proxy = rig.keep(await TcpProxy.before(Number(new URL(rig.operator.url).port)));
  rig.operator.beforeAnswer = async () => proxy.resetAll();
  await rig.plan(DUE);
  const more = { TWILIO_API_BASE_URL: proxy.inFrontOf(rig.operator.url), SEND_CONCURRENCY: '1' };
  const engine = await rig.engine(more);
  await engine.drain();
  equal(await rig.count(`state = 'uncertain'`), DUE, 'messages in doubt after the reset');
  for (const message of rig.operator.accepted)
    equal(await rig.operator.report(message, 'sent'), 204, 'receipt');
  await adopted(rig, 'by receipt');
}

async function hangsForFortySeconds(rig: Rig): Promise<void> {
  await rig.web();
  const engine = await sentWith(rig, () => 'accept-then-hang').catch(() => rig.engine());
  await rig.until('the calls are given up', async () => (await rig.count(`state = 'uncertain'`)) === DUE);
  for (const message of rig.operator.accepted) await rig.operator.report(message, 'delivered');
  await engine.run('sweep');
  await adopted(rig, 'by receipt');
}

async function answerAndReceiptLost(rig: Rig): Promise<void> {
  const engine = await sentWith(rig, () => 'accept-then-reset');
  equal(await rig.count(`state = 'uncertain'`), DUE, 'messages in doubt');
  await lookUpAfter(rig, engine, '31 seconds');
  await adopted(rig, 'by the first look-up');
}

async function listLags(rig: Rig): Promise<void> {
  rig.operator.isListed = () => false;
  const engine = await sentWith(rig, () => 'accept-then-reset');
  await lookUpAfter(rig, engine, '31 seconds');
  equal(await rig.count(`state = 'uncertain'`), DUE, 'still in doubt while the list lags');
  rig.operator.isListed = () => true;
  await lookUpAfter(rig, engine, '90 seconds');
  await adopted(rig, 'by the second look-up');
}

async function listNeverShowsIt(rig: Rig): Promise<void> {
  rig.operator.isListed = () => false;
  const engine = await sentWith(rig, (nth) => (nth === 1 ? 'accept-then-reset' : 'accept'));
  for (const interval of ['31 seconds', '90 seconds']) {
    await lookUpAfter(rig, engine, interval);
    equal(rig.operator.calls, DUE, 'calls before the last look-up');
  }
  await lookUpAfter(rig, engine, '181 seconds');
  await engine.drain();
  equal(rig.operator.calls, 2 * DUE, 'calls after the last look-up');
  equal(await rig.count('possible_duplicate AND attempts = 2'), DUE, 'flagged');
}

async function serverErrorAfterTaking(rig: Rig): Promise<void> {
  await rig.web();
  const engine = await sentWith(rig, () => 'accept-then-500');
  const [first, ...others] = rig.operator.accepted;
  ensure(first !== undefined, 'nothing was taken');
  for (const status of ['queued', 'sent', 'delivered']) await rig.operator.report(first, status);
  equal(await rig.count(`state = 'delivered'`), 1, 'adopted by receipt');
  await lookUpAfter(rig, engine, '31 seconds');
  equal(await rig.count(`state = 'accepted'`), others.length, 'adopted by look-up');
  await adopted(rig, 'in the end');
}

async function serverErrorNotTaken(rig: Rig): Promise<void> {
  const engine = await sentWith(rig, (nth) => (nth === 1 ? 'refuse-500' : 'accept'));
  equal(await rig.count(`state = 'uncertain'`), DUE, 'messages in doubt after the answer 500');
  for (const interval of ['31 seconds', '90 seconds', '181 seconds']) {
    equal(rig.operator.calls, DUE, 'calls before the last look-up');
    await lookUpAfter(rig, engine, interval);
  }
  await engine.drain();
  equal(rig.operator.accepted.length, DUE, 'texts after the last look-up');
  equal(
    await rig.count(`state = 'accepted' AND possible_duplicate AND attempts = 2`),
    DUE,
    'sent again, flagged',
  );
}

const one = { tier: 'core', backends: ['postgres'] } as const;

export const ANSWERS: readonly Fault[] = [
  {
    ...one,
    id: 'F4',
    title: 'the operator takes the text, its answer is reset on the way',
    promise: 'adopted by receipt, no second call',
    run: resetAfterTaking,
  },
  {
    ...one,
    id: 'F4b',
    title: 'the operator takes the text and never answers (40 s)',
    promise: 'given up, adopted by receipt, no second call',
    tier: 'slow',
    run: hangsForFortySeconds,
  },
  {
    ...one,
    id: 'F5',
    title: 'answer lost and receipt lost',
    promise: 'found in the operator’s list, no second call',
    run: answerAndReceiptLost,
  },
  {
    ...one,
    id: 'F6',
    title: 'answer and receipt lost, the list lags a minute',
    promise: 'not sent again before the lag is over; adopted',
    run: listLags,
  },
  {
    ...one,
    id: 'F6b',
    title: 'answer and receipt lost, the list never shows it',
    promise: 'sent again once at worst, flagged',
    run: listNeverShowsIt,
  },
  {
    ...one,
    id: 'F7',
    title: 'the operator answers 500 although it took the text',
    promise: 'adopted by receipt or by list, no second call',
    run: serverErrorAfterTaking,
  },
  {
    ...one,
    id: 'F8',
    title: 'the operator answers 500 and did not take the text',
    promise: 'sent again once, after the look-ups, flagged',
    run: serverErrorNotTaken,
  },
];
