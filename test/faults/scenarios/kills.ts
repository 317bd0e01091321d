import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BOTH, ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';
import { openOffice } from './office.js';

const SOURCES = resolve(import.meta.dirname, '../../../src/notifications');
const DUE = 40;

/** Every failpoint on the way of a message, found in the program itself: a new one is killed at from its first day. */
export function failpointsOfSending(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const found = files.flatMap((file) => [
    ...readFileSync(join(SOURCES, file), 'utf8').matchAll(/failpoints\.pass\(['"]([a-z-]+)['"]\)/g),
  ]);
  return [...new Set(found.map((match) => match[1] ?? ''))].sort();
}

async function atEveryPoint(rig: Rig): Promise<void> {
  const points = failpointsOfSending();
  ensure(points.length >= 4, `only ${points.length} failpoints found on the way of a message`);
  for (const point of points) {
    await rig.plan(DUE);
    equal(await rig.dyingWorker(`${point}=kill-1`), 'SIGKILL', `end of the worker at ${point}`);
    const engine = await rig.engine();
    await rig.recover(engine);
    await engine.stop();
  }
  equal(rig.operator.accepted.length, DUE * points.length, 'texts accepted');
}

/** The web process dies right after it answered; the first worker that claims dies before it rings. */
async function betweenCommitAndQueue(rig: Rig): Promise<void> {
  const office = await openOffice(rig);
  for (let booked = 0; booked < 3; booked++) equal((await office.book()).status, 201, 'booking');
  equal(await office.web.stop('SIGKILL'), 'SIGKILL', 'end of the web process');
  equal(await rig.dyingWorker('after-claim=kill-1'), 'SIGKILL', 'end of the worker');
  equal(rig.operator.calls, 0, 'calls before the second worker');
  await rig.recover(await rig.engine());
  equal(rig.operator.accepted.length, 3, 'summonses');
}

/** Attempts committed and not one of them called. */
async function beforeTheCall(rig: Rig): Promise<void> {
  await rig.plan(DUE);
  equal(await rig.dyingWorker('after-attempt-committed=kill-1'), 'SIGKILL', 'end of the worker');
  equal(rig.operator.calls, 0, 'calls before the death');
  ensure((await rig.count(`state = 'sending'`)) > 0, 'no attempt was committed');
  await rig.recover(await rig.engine());
  equal(rig.operator.accepted.length, DUE, 'texts accepted');
}

export const KILLS: readonly Fault[] = [
  {
    id: 'F1',
    title: 'kill -9 at every point of a send, one after the other',
    promise: 'one text each; the doubt ends by look-up',
    tier: 'core',
    backends: BOTH,
    run: atEveryPoint,
  },
  {
    id: 'F2',
    title: 'kill -9 with attempts committed, before the call',
    promise: 'sent once after the restart',
    tier: 'core',
    backends: ['postgres'],
    run: beforeTheCall,
  },
  {
    id: 'F3',
    title: 'kill -9 between the booking and the queue, twice',
    promise: 'the next run of the relay finds them',
    tier: 'core',
    backends: ['redis'],
    run: betweenCommitAndQueue,
  },
];
