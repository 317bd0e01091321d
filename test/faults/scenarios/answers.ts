import type { Engine } from '../../support/engine.js';
import type { Behaviour } from '../../support/plain-operator.js';
import { equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

const DUE = 12;

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

async function serverErrorNotAccepted(rig: Rig): Promise<void> {
  const engine = await sentWith(rig, (nth) => (nth === 1 ? 'refuse-500' : 'accept'));
  equal(await rig.count(`state = 'uncertain'`), DUE, 'messages in doubt after the answer 500');
  for (const interval of ['31 seconds', '90 seconds', '181 seconds']) {
    equal(rig.operator.accepted.length, 0, 'texts before the last look-up');
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

export const ANSWERS: readonly Fault[] = [
  {
    id: 'F8',
    title: 'the operator answers 500 and did not take the text',
    promise: 'sent again once, after the look-ups, flagged',
    tier: 'core',
    backends: ['postgres'],
    run: serverErrorNotAccepted,
  },
];
