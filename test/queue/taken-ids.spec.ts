import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { eventually, PUBLIC_BASE_URL } from '../support/engine.js';
import type { OperatorMessage } from '../support/plain-operator.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

interface Call {
  readonly result: string;
  readonly id: string | null;
  readonly code: string | null;
}

describeBackends('an id of the operator that two calls could have', (backend) => {
  const stand = useStand({ REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });

  beforeEach(() => {
    stand.operator.behaviour = () => 'accept';
    stand.operator.beforeAnswer = () => Promise.resolve();
  });
  // A call that is held would hold the end of the worker too.
  let gate = openGate();
  afterEach(() => gate.open());

  const clock = (date: string, time: string, seconds = 0) =>
    moveClock(stand.database.dataSource, at(date, `${time}:${String(seconds).padStart(2, '0')}`));

  it('is not adopted while the other call is still open', async () => {
    const phone = aMobile();
    const [first, second] = await twoOnOnePhone(phone, '2026-06-11', '09:30');
    gate = openGate();
    // The first reminder never gets there; the second, word for word the same, is taken and answered later.
    const before = stand.operator.to(phone).length;
    stand.operator.behaviour = (_to, nth) => (nth === before + 1 ? 'refuse-500' : 'accept');
    stand.operator.beforeAnswer = async () => {
      await gate.opened;
    };
    await clock('2026-06-10', '09:30');
    await stand.engine.run('relay');
    await eventually(async () => (await openOrTaken()) && stand.operator.to(phone).length === before + 1);
    const [doubtful, calling] =
      (await callOf(first)).result === 'uncertain' ? [first, second] : [second, first];

    for (const minute of ['09:31', '09:33', '09:36']) {
      await clock('2026-06-10', minute);
      await stand.engine.run('resolve');
      expect(await callOf(doubtful)).toMatchObject({ result: 'uncertain', id: null });
    }
    gate.open();
    await eventually(async () => (await callOf(calling)).result !== 'open');
    expect(await callOf(calling)).toMatchObject({
      result: 'accepted',
      id: stand.operator.to(phone).at(-1)?.sid,
    });

    // Nothing else in the list: the operator never had it, and it leaves once more, flagged.
    stand.operator.behaviour = () => 'accept';
    await clock('2026-06-10', '09:38');
    await stand.engine.run('resolve');
    await stand.engine.drain();
    const reminder = (await stand.world.messages(doubtful)).find(({ kind }) => kind === 'reminder');
    expect(reminder).toMatchObject({ state: 'accepted', possible_duplicate: true, attempts: 2 });
    expect(stand.operator.to(phone)).toHaveLength(before + 2);
  });

  it('leaves in doubt the answer that names it, and no other answer', async () => {
    await clock('2026-07-06', '10:00');
    const known = await stand.world.book({ date: '2026-07-15', time: '09:30', notify: true });
    await stand.engine.drain();
    const taken = (await callOf(known, 'summons')).id ?? '';
    const odd = aMobile();
    stand.operator.beforeAnswer = async (message) => {
      if (message.to === odd) rename(message, taken);
    };
    const ids: string[] = [];
    for (const phone of [aMobile(), odd, aMobile(), aMobile()])
      ids.push(await stand.world.book({ date: '2026-07-15', time: '10:30', phone, notify: true }));
    await stand.engine.drain();
    const calls = await Promise.all(ids.map((id) => callOf(id, 'summons')));
    expect(calls.map(({ result }) => result)).toEqual(['accepted', 'uncertain', 'accepted', 'accepted']);
    expect(calls[1]).toMatchObject({ id: null, code: 'id-taken' });
    expect(await callOf(known, 'summons')).toMatchObject({ result: 'accepted', id: taken });
  });

  it('is kept by one of two answers of the same batch', async () => {
    await clock('2026-07-07', '10:00');
    stand.operator.beforeAnswer = async (message) => rename(message, 'SMtwice');
    const ids: string[] = [];
    for (let person = 0; person < 2; person++)
      ids.push(await stand.world.book({ date: '2026-07-16', time: '10:30', notify: true }));
    await stand.engine.drain();
    const calls = await Promise.all(ids.map((id) => callOf(id, 'summons')));
    expect(calls.map(({ result }) => result).sort()).toEqual(['accepted', 'uncertain']);
  });

  it('does not keep a receipt from ending the doubt of the call it belongs to', async () => {
    await clock('2026-07-08', '10:00');
    const other = await stand.world.book({ date: '2026-07-17', time: '09:30', notify: true });
    await stand.engine.drain();
    stand.operator.behaviour = () => 'accept-then-500';
    const doubtful = await stand.world.book({ date: '2026-07-17', time: '10:30', notify: true });
    await stand.engine.drain();
    const text = stand.operator.accepted.at(-1);
    const taken = text?.sid ?? '';
    await stand.database.dataSource.query(
      `UPDATE delivery_attempt SET operator_message_id = $2
        WHERE message_id IN (SELECT id FROM message WHERE convocation_id = $1 AND kind = 'summons')`,
      [other, taken],
    );
    const token = text?.callback?.replace(`${PUBLIC_BASE_URL}/hooks/twilio/status/`, '') ?? '';
    const receive = stand.engine.module.get(RecordReceipt);
    const receipt = { operatorMessageId: taken, status: 'delivered', errorCode: null };
    expect(await stand.database.dataSource.transaction((tx) => receive.execute(tx, token, receipt))).toBe(
      true,
    );
    expect(await callOf(doubtful, 'summons')).toMatchObject({ result: 'delivered', id: null });
    expect(await stand.world.state(doubtful, 'summons')).toBe('delivered');
    expect(await callOf(other, 'summons')).toMatchObject({ result: 'accepted', id: taken });
  });

  /** Two persons with one telephone, at the same hour and place; their summonses arrived, so that no link tells them apart. */
  async function twoOnOnePhone(phone: string, date: string, time: string): Promise<[string, string]> {
    await clock('2026-06-01', '10:00');
    const first = await stand.world.book({ date, time, phone, notify: true });
    const second = await stand.world.book({ date, time, phone, notify: true });
    await stand.engine.drain();
    await stand.database.dataSource.query(
      `UPDATE message SET state = 'delivered', settled_at = app_now() WHERE convocation_id = ANY($1) AND kind = 'summons'`,
      [[first, second]],
    );
    return [first, second];
  }

  async function openOrTaken(): Promise<boolean> {
    const rows: { n: number }[] = await stand.database.dataSource.query(
      `SELECT count(*)::int AS n FROM delivery_attempt a JOIN message m ON m.id = a.message_id
        WHERE m.kind = 'reminder' AND a.result = 'uncertain'`,
    );
    return rows[0]?.n === 1;
  }

  async function callOf(convocationId: string, kind = 'reminder'): Promise<Call> {
    const rows: Call[] = await stand.database.dataSource.query(
      `SELECT a.result, a.operator_message_id AS id, a.error_code AS code
         FROM delivery_attempt a JOIN message m ON m.id = a.message_id
        WHERE m.convocation_id = $1 AND m.kind = $2 AND a.number = m.attempts`,
      [convocationId, kind],
    );
    const [call] = rows;
    if (call === undefined) throw new Error('no call was made');
    return call;
  }
});

function openGate(): { readonly opened: Promise<null>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<null>((resolve) => {
    open = () => resolve(null);
  });
  return { opened, open: () => open() };
}

/** The operator answers with an id of its own choice. */
function rename(message: OperatorMessage, sid: string): void {
  Object.assign(message, { sid });
}
