import { PlainLink, type LinkBehaviour, type LinkText } from '../../support/plain-link.js';
import type { Engine } from '../../support/engine.js';
import { BOTH, ensure, equal, type Fault } from '../fault.js';
import { TcpProxy } from '../rig/tcp-proxy.js';
import type { Rig } from '../rig/rig.js';

const DUE = 6;

/** Killed when the operator had taken a text and its answer was not written; what is in doubt is nowhere to be asked. */
async function killedAfterTaking(rig: Rig): Promise<readonly LinkText[]> {
  await rig.plan(DUE);
  const env = { ...rig.linkAlone, SEND_CONCURRENCY: '2' };
  equal(await rig.dyingWorker('after-operator-answered=kill-1', env), 'SIGKILL', 'end of the worker');
  ensure(rig.link.accepted.length > 0, 'nothing was taken before the kill');
  return [...rig.link.accepted];
}

async function decide(rig: Rig, engine: Engine, intervals: readonly string[]): Promise<void> {
  for (const interval of intervals) {
    await rig.travel(interval);
    await engine.run('sweep');
    await engine.run('resolve');
  }
}

async function doubtIsDecided(rig: Rig): Promise<void> {
  const before = (await killedAfterTaking(rig)).length;
  const inDoubt = await rig.count(`state = 'sending'`);
  const engine = await rig.engine(rig.linkAlone);
  await decide(rig, engine, ['70 seconds', '60 seconds', '60 seconds']);
  equal(await rig.count(`state = 'uncertain'`), inDoubt, 'in doubt before five minutes');
  equal(rig.link.calls, before, 'calls before five minutes');
  await rig.recover(engine);
  equal(rig.link.accepted.length, before + DUE, 'texts after the decision');
  equal(await rig.count('possible_duplicate AND attempts = 2'), inDoubt, 'sent once more, flagged');
}

async function doubtIsReported(rig: Rig): Promise<void> {
  const taken = await killedAfterTaking(rig);
  const inDoubt = await rig.count(`state = 'sending'`);
  await rig.web(rig.linkAlone);
  const engine = await rig.engine(rig.linkAlone);
  await decide(rig, engine, ['70 seconds']);
  const callback = `${rig.publicUrl}/hooks/link-mobility/status/${PlainLink.callbackToken}`;
  // The last part first, and twice.
  for (const text of taken)
    for (const id of [...text.ids, ...text.ids].reverse())
      ensure(await rig.link.report(callback, text, id), 'a report was not acknowledged');
  equal(await rig.count(`state = 'delivered' AND attempts = 1`), taken.length, 'adopted by report');
  await rig.recover(engine);
  equal(rig.link.accepted.length, DUE, 'texts');
  equal(await rig.count('possible_duplicate'), inDoubt - taken.length, 'sent once more, flagged');
}

/** Every part is reported while the call is open, and half of the answers never come. */
async function reportedBeforeTheAnswer(rig: Rig): Promise<void> {
  await rig.web(rig.linkAlone);
  const callback = `${rig.publicUrl}/hooks/link-mobility/status/${PlainLink.callbackToken}`;
  rig.link.behaviour = () => (rig.link.calls % 2 === 0 ? 'accept' : 'accept-then-reset');
  const taken: boolean[] = [];
  rig.link.beforeAnswer = async (text) => {
    for (const id of [...text.ids].reverse()) taken.push(await rig.link.report(callback, text, id));
  };
  await rig.plan(DUE);
  const engine = await rig.engine(rig.linkAlone);
  await engine.drain();
  ensure(taken.length > DUE && taken.every(Boolean), 'an early report of a part was not acknowledged');
  equal(await rig.count(`state = 'delivered' AND attempts = 1`), DUE, 'delivered');
  await rig.recover(engine);
  equal(rig.link.calls, DUE, 'calls');
}

/**
 * The first operator goes away in the middle of a batch and comes back when all is over. It had taken the text of every
 * open call: of one that it had not, nobody could know, and it would be sent once more, flagged.
 */
async function failsOver(rig: Rig): Promise<void> {
  const due = 120;
  const calls = 10;
  const proxy = rig.keep(await TcpProxy.before(Number(new URL(rig.operator.url).port)));
  const engine = await rig.engine({
    ...rig.linkSecond,
    TWILIO_API_BASE_URL: proxy.inFrontOf(rig.operator.url),
    SEND_CONCURRENCY: String(calls),
  });
  await rig.plan(due);
  let refused: Promise<void> | undefined;
  const gone = new Promise<void>((resolve) => {
    let open = 0;
    rig.operator.beforeAnswer = async () => {
      if (rig.operator.accepted.length < 30) return;
      open += 1;
      if (open === calls) (refused = proxy.refuse()).then(resolve, resolve);
      await gone;
    };
  });
  await engine.run('relay');
  await rig.until('the first operator is gone', () => refused !== undefined);
  await refused;
  await rig.until(
    'the second one takes the rest',
    async () => {
      await rig.travel('20 seconds');
      await rig.tasks(engine);
      return (await rig.count(`state IN ('planned', 'queued', 'sending')`)) === 0;
    },
    120_000,
  );
  ensure(rig.link.accepted.length >= due - 50, `${rig.link.accepted.length} texts by the second`);
  await proxy.listen();
  await rig.recover(engine);
  equal(rig.operator.accepted.length + rig.link.accepted.length, due, 'texts by both');
  equal(await rig.count('possible_duplicate'), 0, 'flagged');
}

/** Answers of one text each, and what must come of it. */
const ANSWERS: readonly (readonly [LinkBehaviour, 'sent' | 'twice' | 'failed'])[] = [
  [16, 'failed'],
  [100, 'failed'],
  [15, 'failed'],
  [18, 'sent'],
  [103, 'sent'],
  [77, 'sent'],
  [202, 'sent'],
  [-1, 'sent'],
  ['refuse-502', 'sent'],
  ['accept-without-id', 'twice'],
  ['accept-then-page', 'twice'],
  ['accept-then-reset', 'twice'],
];

async function wrongCodes(rig: Rig): Promise<void> {
  const numbers: string[] = [];
  const answerTo = (to: string): LinkBehaviour => {
    if (!numbers.includes(to)) numbers.push(to);
    return ANSWERS[numbers.indexOf(to)]?.[0] ?? 'accept';
  };
  rig.link.behaviour = (to, nth) => (nth === 1 ? answerTo(to) : 'accept');
  await rig.plan(ANSWERS.length);
  const engine = await rig.engine(rig.linkAlone);
  await rig.until(
    'nothing waits any more',
    async () => {
      await rig.travel('30 seconds');
      await rig.tasks(engine);
      return (await rig.count(`state IN ('planned', 'queued', 'sending', 'uncertain')`)) === 0;
    },
    120_000,
  );
  const expected = { failed: 0, sent: 1, twice: 2 };
  for (const [index, [behaviour, end]] of ANSWERS.entries()) {
    const texts = rig.link.accepted.filter(({ to }) => to === numbers[index]);
    equal(texts.length, expected[end], `texts after the answer ${behaviour}`);
  }
  const count = (end: string) => ANSWERS.filter((answer) => answer[1] === end).length;
  equal(await rig.count(`state = 'failed'`), count('failed'), 'refused for good');
  equal(await rig.count(`state = 'accepted'`), ANSWERS.length - count('failed'), 'taken in the end');
}

const core = { tier: 'core', backends: ['postgres'] } as const;

/** The second operator, which keeps no list and reports by number and id. */
export const LINK: readonly Fault[] = [
  {
    ...core,
    id: 'F51',
    title: 'LINK Mobility alone, kill -9 once a text is taken',
    promise: 'sent once more after five minutes, flagged',
    backends: BOTH,
    run: doubtIsDecided,
  },
  {
    ...core,
    id: 'F51b',
    title: 'the same, and its reports come, part by part',
    promise: 'adopted by report, no second call',
    run: doubtIsReported,
  },
  {
    ...core,
    id: 'F51c',
    title: 'every part reported before the answer, which comes or not',
    promise: 'kept and drawn when the call ends, no second call',
    run: reportedBeforeTheAnswer,
  },
  {
    ...core,
    id: 'F52',
    title: 'the first operator goes away in the middle of a batch',
    promise: 'the second takes the rest; none lost or doubled',
    backends: BOTH,
    run: failsOver,
  },
  {
    ...core,
    id: 'F53',
    title: 'every wrong answer of LINK Mobility, one each',
    promise: 'tried again, flagged or failed, as its table says',
    mayExpire: true,
    run: wrongCodes,
  },
];
