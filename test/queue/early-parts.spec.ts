import type { CallOutcome } from '../../src/notifications/domain/attempt-results.js';
import { RecordOutcomes } from '../../src/notifications/sending/record-outcomes.js';
import { RecordReport, type ReportFate } from '../../src/notifications/sending/record-report.js';
import { Transaction } from '../../src/platform/transaction.js';
import { OperatorsStand } from '../support/operators-stand.js';
import { prepareSummons } from '../support/prepare-summons.js';
import { aMobile } from '../support/world.js';

const TIMED_OUT: CallOutcome = { result: 'uncertain', errorCode: 'UND_ERR_HEADERS_TIMEOUT' };
const answered = (ids: string): CallOutcome => ({ result: 'accepted', operatorMessageId: ids });

describe('reports of a text in parts that come before the answer that names them', () => {
  const stand = new OperatorsStand(undefined);

  /** A summons of two parts whose call is open; the clock is at its zero. */
  async function calling(phone = aMobile()) {
    const id = await stand.summon(phone);
    const { attemptId } = await prepareSummons(stand, id);
    return { id, phone, attemptId };
  }
  type Open = Awaited<ReturnType<typeof calling>>;

  const inTurn = () => stand.engine.module.get(Transaction);
  const report = ({ phone }: Open, part: string, status = 'delivered'): Promise<ReportFate> =>
    inTurn().run((tx) =>
      stand.engine.module.get(RecordReport).execute(tx, {
        operator: 'link-mobility',
        recipient: phone,
        operatorMessageId: part,
        status,
        errorCode: status === 'undelivered' ? 'report-113' : null,
      }),
    );
  const end = ({ attemptId }: Open, outcome: CallOutcome) =>
    inTurn().run((tx) =>
      stand.engine.module
        .get(RecordOutcomes)
        .execute(tx, [{ attemptId, number: 1, operator: 'link-mobility', outcome }]),
    );
  const callOf = async ({ attemptId }: Open) => {
    const rows: unknown[] = await stand.database.dataSource.query(
      `SELECT result, operator_message_id AS ids, conflicting_status AS conflict,
              (SELECT count(*)::int FROM receipt r WHERE r.attempt_id = a.id) AS kept
         FROM delivery_attempt a WHERE id = $1`,
      [attemptId],
    );
    return rows[0];
  };
  /** Every look-up has had its time. */
  const wait = async () => {
    await stand.clock(310);
    await stand.engine.run('sweep');
    await stand.engine.run('resolve');
    await stand.engine.drain();
  };

  beforeEach(async () => {
    await stand.start({ SMS_PROVIDERS: 'link-mobility' });
    await stand.clock(0);
  });

  it('are kept, and change nothing while the call is open', async () => {
    const text = await calling();
    for (const part of ['72', '71', '72', '71']) expect(await report(text, part)).toBe('recorded');
    expect(await callOf(text)).toMatchObject({ result: 'open', ids: null, kept: 2 });
    expect(await stand.world.state(text.id, 'summons')).toBe('sending');
  });

  it.each([
    ['an answer that never comes', TIMED_OUT, '72,71'],
    ['the answer', answered('71,72'), '71,72'],
  ] as const)('say with %s that it arrived, once', async (_which, outcome, ids) => {
    const text = await calling();
    for (const part of ['72', '71']) await report(text, part);
    await stand.clock(40);
    await end(text, outcome);
    expect(await callOf(text)).toMatchObject({ result: 'delivered', ids, conflict: null, kept: 2 });
    await wait();
    expect(await stand.world.state(text.id, 'summons')).toBe('delivered');
    expect((await stand.world.messages(text.id))[0]).toMatchObject({
      possible_duplicate: false,
      attempts: 1,
    });
    expect(stand.simulator.messages(text.phone)).toHaveLength(0);
  });

  it('end the doubt that a dead worker leaves', async () => {
    const text = await calling();
    for (const part of ['72', '71']) await report(text, part);
    await wait();
    expect(await callOf(text)).toMatchObject({ result: 'delivered', ids: '72,71' });
    expect(stand.simulator.messages(text.phone)).toHaveLength(0);
  });

  it('count with those that come later, whichever is first', async () => {
    const one = await calling();
    await report(one, '72');
    await end(one, TIMED_OUT);
    expect(await stand.world.state(one.id, 'summons')).toBe('accepted');
    expect(await report(one, '71')).toBe('recorded');
    expect(await report(one, '72')).toBe('recorded');
    expect(await callOf(one)).toMatchObject({ result: 'delivered', ids: '72,71', kept: 2 });

    const swept = await calling();
    await report(swept, '82');
    await stand.clock(70);
    await stand.engine.run('sweep');
    expect(await report(swept, '81')).toBe('recorded');
    expect(await callOf(swept)).toMatchObject({ result: 'delivered', ids: '82,81', kept: 2 });
  });

  it('say that it did not arrive, and keep what contradicts', async () => {
    const text = await calling();
    await report(text, '71', 'undelivered');
    await report(text, '71');
    await end(text, TIMED_OUT);
    expect(await callOf(text)).toMatchObject({ result: 'undelivered', ids: '71', conflict: 'delivered' });
  });

  it('are of no text when the answer names others', async () => {
    const text = await calling();
    for (const part of ['98', '99']) await report(text, part);
    await end(text, answered('71,72'));
    expect(await callOf(text)).toMatchObject({ result: 'accepted', ids: '71,72', kept: 0 });
  });

  it('are believed by the answer alone where an earlier text went to the number', async () => {
    const phone = aMobile();
    const earlier = await calling(phone);
    await end(earlier, answered('61,62'));
    const named = await calling(phone);
    for (const part of ['72', '71']) expect(await report(named, part)).toBe('recorded');
    await end(named, answered('71,72'));
    expect(await callOf(named)).toMatchObject({ result: 'delivered' });
    const lost = await calling(phone);
    for (const part of ['82', '81']) await report(lost, part);
    await end(lost, TIMED_OUT);
    expect(await callOf(lost)).toMatchObject({ result: 'uncertain', ids: null, kept: 0 });
    expect(await callOf(earlier)).toMatchObject({ result: 'accepted', ids: '61,62' });
  });

  it('are asked for again while two answers to the number are still to come', async () => {
    const phone = aMobile();
    const [first, second] = [await calling(phone), await calling(phone)];
    expect(await report(first, '71')).toBe('too-early');
    for (const text of [first, second]) expect(await callOf(text)).toMatchObject({ result: 'open', kept: 0 });
  });
});
