import { createHmac } from 'node:crypto';
import type { OperatorMessage } from '../../support/plain-operator.js';
import { ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

/** Web process, `count` texts taken by the operator, no receipt yet. */
async function taken(
  rig: Rig,
  count: number,
  web: Readonly<Record<string, string>> = {},
): Promise<OperatorMessage[]> {
  await rig.web(web);
  await rig.plan(count);
  await (await rig.engine()).drain();
  equal(rig.operator.accepted.length, count, 'texts taken');
  return rig.operator.accepted;
}

async function tenTimes(rig: Rig): Promise<void> {
  const texts = await taken(rig, 3);
  const ten = texts.flatMap((text) =>
    Array.from({ length: 10 }, () => rig.operator.report(text, 'delivered')),
  );
  equal([...new Set(await Promise.all(ten))], [204], 'answers to the receipts');
  equal(await rig.count(`state = 'delivered'`), 3, 'delivered');
  const [kept] = await rig.query<{ n: number }>('SELECT count(*)::int AS n FROM receipt');
  equal(kept?.n, 3, 'receipts kept');
}

function* orders<T>(values: readonly T[]): Generator<readonly T[]> {
  if (values.length < 2) {
    yield values;
    return;
  }
  for (const [index, value] of values.entries())
    for (const rest of orders([...values.slice(0, index), ...values.slice(index + 1)]))
      yield [value, ...rest];
}

async function everyOrder(rig: Rig): Promise<void> {
  const all = [
    ...orders(['queued', 'sending', 'sent', 'delivered']),
    ...orders(['queued', 'sent', 'undelivered']),
  ];
  const texts = await taken(rig, all.length);
  await Promise.all(
    all.map(async (order, index) => {
      for (const status of order)
        equal(await rig.operator.report(texts[index]!, status), 204, 'answer to a receipt');
    }),
  );
  equal(await rig.count(`state = 'delivered'`), 24, 'delivered, in 24 orders');
  equal(await rig.count(`state = 'undelivered'`), 6, 'not delivered, in 6 orders');
}

async function beforeOurOwnCommit(rig: Rig): Promise<void> {
  await rig.web();
  rig.operator.beforeAnswer = async (text) => {
    for (const status of ['delivered', 'sent'])
      equal(await rig.operator.report(text, status), 204, 'early receipt');
  };
  await rig.plan(10);
  await (await rig.engine()).drain();
  equal(await rig.count(`state = 'delivered' AND attempts = 1`), 10, 'delivered');
  equal(rig.operator.calls, 10, 'calls');
}

async function forged(rig: Rig): Promise<void> {
  const [text] = await taken(rig, 1);
  ensure(text?.callback != null, 'no callback address');
  const other = new URL(text.callback.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))).toString();
  const fields = { MessageSid: text.sid, MessageStatus: 'delivered', To: text.to };
  const sign = (key: string, address: string, of: Record<string, string>) =>
    createHmac('sha1', key)
      .update(
        address +
          Object.keys(of)
            .sort()
            .map((name) => name + (of[name] ?? ''))
            .join(''),
      )
      .digest('base64');
  const post = async (address: string, signature: string | null, of: Record<string, string> = fields) => {
    const headers: Record<string, string> = signature === null ? {} : { 'x-twilio-signature': signature };
    return (await fetch(address, { method: 'POST', headers, body: new URLSearchParams(of) })).status;
  };
  const genuine = sign(rig.operator.authToken, text.callback, fields);
  equal(await post(text.callback, null), 403, 'without a signature');
  equal(
    await post(text.callback, sign('the token of another account', text.callback, fields)),
    403,
    'another account',
  );
  equal(await post(other, genuine), 403, 'signed for another address');
  equal(
    await post(text.callback, genuine, { ...fields, MessageStatus: 'failed' }),
    403,
    'changed after signing',
  );
  equal(await rig.count(`state = 'accepted'`), 1, 'state after the forged ones');
  const figures = await (await fetch(`${rig.publicUrl}/metrics`)).text();
  ensure(
    figures.includes('msj_callbacks_refused_total{reason="signature"} 4'),
    'the forged ones are not counted',
  );
  equal(await post(text.callback, genuine), 204, 'the genuine one');
  equal(await post(text.callback, genuine), 204, 'the same, replayed');
  equal(await rig.count(`state = 'delivered'`), 1, 'state after the genuine one');
}

async function conflicting(rig: Rig): Promise<void> {
  const texts = await taken(rig, 2);
  for (const [first, second] of [
    ['delivered', 'failed'],
    ['undelivered', 'delivered'],
  ] as const) {
    const text = texts[first === 'delivered' ? 0 : 1]!;
    await rig.operator.report(text, first);
    equal(await rig.operator.report(text, second), 204, 'answer to the second final');
  }
  const kept = await rig.query<{ state: string; conflict: string }>(
    `SELECT m.state, a.conflicting_status AS conflict FROM message m JOIN delivery_attempt a ON a.message_id = m.id
      ORDER BY m.state`,
  );
  equal(
    kept,
    [
      { state: 'delivered', conflict: 'failed' },
      { state: 'undelivered', conflict: 'delivered' },
    ],
    'kept',
  );
}

/** The token rotates while texts leave and their receipts come: both are taken, a third is not. */
async function rotated(rig: Rig): Promise<void> {
  const [old, next] = [rig.operator.authToken, 'the-new-token-of-the-account'];
  await rig.web({ TWILIO_AUTH_TOKEN: `${next},${old}` });
  const answers: number[] = [];
  rig.operator.beforeAnswer = async (text) => {
    rig.operator.authToken = rig.operator.calls % 2 === 0 ? old : next;
    answers.push(await rig.operator.report(text, 'delivered'));
  };
  await rig.plan(60);
  await (await rig.engine()).drain();
  equal([...new Set(answers)], [204], 'answers during the rotation');
  rig.operator.authToken = 'a-token-of-nobody';
  equal(await rig.operator.report(rig.operator.accepted[0]!, 'failed'), 403, 'a third token');
  equal(await rig.count(`state = 'delivered' AND attempts = 1`), 60, 'delivered');
}

const one = { tier: 'core', backends: ['postgres'] } as const;

export const RECEIPTS: readonly Fault[] = [
  {
    ...one,
    id: 'F12',
    title: 'each receipt ten times at once',
    promise: 'one transition, one receipt kept',
    run: tenTimes,
  },
  { ...one, id: 'F13', title: 'receipts in every order', promise: 'the final status stays', run: everyOrder },
  {
    ...one,
    id: 'F14',
    title: 'receipts before our own commit of the answer',
    promise: 'applied, never overwritten',
    run: beforeOurOwnCommit,
  },
  {
    ...one,
    id: 'F15',
    title: 'forged, misaddressed and replayed receipts',
    promise: '403 and no change; a replay is harmless',
    run: forged,
  },
  {
    ...one,
    id: 'F16',
    title: 'two final receipts that contradict each other',
    promise: 'the first stays, the other is kept and shown',
    run: conflicting,
  },
  {
    ...one,
    id: 'F46',
    title: 'the operator’s token rotates under load',
    promise: 'both accepted meanwhile, no other',
    run: rotated,
  },
];
