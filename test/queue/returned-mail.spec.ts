import { Readable } from 'node:stream';
import { readReturned } from '../../src/cli/mail-returned.command.js';
import { ReachQueries } from '../../src/notifications/follow-up/reach.query.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { contactId } from '../support/contacts.js';
import { moveClock } from '../support/database.js';
import { MailedSummonses } from '../support/mailed-summonses.js';
import { aDeliveryReport } from '../support/returned-mails.js';
import { useRelayStand } from '../support/stand.js';
import { at } from '../support/world.js';

const RETURNS = 'retours@msj.example';

describe('an e-mail that comes back', () => {
  const stand = useRelayStand({ MAIL_RETURN_ADDRESS: RETURNS });
  const mailed = new MailedSummonses(stand);
  afterEach(() => {
    stand.relay.behaviour = () => 'accept';
  });
  const env = () => ({
    DATABASE_URL: stand.database.url,
    SECRET_KEYS: ['k'.repeat(32)],
    MAIL_RETURN_ADDRESS: RETURNS,
  });
  const returned = (address: string, mail: string) => readReturned(env(), address, Readable.from([mail]));
  const addressOf = (email: string) => stand.relay.to(email).at(-1)?.from ?? '';
  const reachOf = async (id: string) => {
    const queries = stand.engine.module.get(ReachQueries);
    return (await stand.database.dataSource.transaction((tx) => queries.reachOf(tx, [id]))).get(id);
  };

  it('leaves it to an agent before the appointment, once, and flags the address', async () => {
    const email = 'returned@example.org';
    const id = await mailed.summoned(email, '2026-06-09');
    await stand.engine.run('follow-up');
    expect(await reachOf(id)).toBe('reached-by-email');
    expect(addressOf(email)).toMatch(/^retours\+[0-9a-f]{32}@msj\.example$/);
    for (let time = 0; time < 2; time++) {
      expect(await returned(addressOf(email), aDeliveryReport())).toBe('recorded');
      await stand.engine.run('follow-up');
    }
    expect(await mailed.summons(id)).toMatchObject({ state: 'undelivered' });
    expect(await mailed.attempts(id)).toEqual([{ result: 'undelivered', code: '5.1.1' }]);
    expect(await mailed.tasks(id)).toEqual([
      { kind: 'correct-address', reason: 'wrong-address', outcome: null },
      { kind: 'reach-otherwise', reason: 'email-returned', outcome: null },
    ]);
    expect(await reachOf(id)).toBe('task-open');
  });

  it('opens the task again that its taking had closed', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-10', '10:00'));
    const email = 'returned-after-text@example.org';
    const id = await stand.world.book({ date: '2026-07-10', time: '09:30', email, notify: true });
    await stand.engine.drain();
    const [operatorMessage] = stand.operator.accepted.slice(-1);
    await stand.database.dataSource.query(
      `UPDATE person SET email_id = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id],
    );
    const token = operatorMessage?.callback?.split('/').at(-1) ?? '';
    const receipt = {
      operatorMessageId: operatorMessage?.sid ?? '',
      status: 'undelivered',
      errorCode: '30007',
    };
    await stand.database.dataSource.transaction((tx) =>
      stand.engine.module.get(RecordReceipt).execute(tx, token, receipt),
    );
    await stand.engine.run('follow-up');
    expect(await mailed.tasks(id)).toEqual([{ kind: 'reach-otherwise', reason: 'filtered', outcome: null }]);
    await stand.database.dataSource.query(
      `UPDATE person SET email_id = $2 WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id, await contactId(stand.database.dataSource, email)],
    );
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    const closed = { kind: 'reach-otherwise', reason: 'filtered', outcome: 'no-longer-needed' };
    expect(await mailed.tasks(id)).toEqual([closed]);
    const said: { by: string | null }[] = await stand.database.dataSource.query(
      `SELECT detail->>'by' AS by FROM history_entry WHERE convocation_id = $1 AND event = 'task.closed'`,
      [id],
    );
    expect(said).toEqual([{ by: 'email' }]);
    expect(await returned(addressOf(email), aDeliveryReport({ status: '5.2.2' }))).toBe('recorded');
    await stand.engine.run('follow-up');
    expect(await mailed.tasks(id)).toEqual([
      closed,
      { kind: 'reach-otherwise', reason: 'email-returned', outcome: null },
    ]);
  });

  it('asks nothing of anybody once the hour is over', async () => {
    const email = 'returned-late@example.org';
    const id = await mailed.summoned(email, '2026-06-11');
    await stand.database.dataSource.query(
      `UPDATE message SET state = 'withdrawn' WHERE convocation_id = $1 AND kind = 'reminder'`,
      [id],
    );
    await moveClock(stand.database.dataSource, at('2026-07-11', '10:00'));
    expect(await returned(addressOf(email), aDeliveryReport({ status: '4.4.7' }))).toBe('recorded');
    await stand.engine.run('follow-up');
    expect((await mailed.summons(id)).state).toBe('undelivered');
    expect(await mailed.tasks(id)).toEqual([]);
  });

  it('changes nothing while it is only late, or when it is no report', async () => {
    const email = 'late@example.org';
    const id = await mailed.summoned(email, '2026-06-12');
    const delayed = aDeliveryReport({ action: 'delayed', status: '4.4.1' });
    expect(await returned(addressOf(email), delayed)).toBe('nothing-to-record');
    expect(await returned(addressOf(email), 'Subject: absent\n\nStatus: 5.1.1')).toBe('nothing-to-record');
    expect(await returned(addressOf(email), aDeliveryReport({ recipient: 'x' }))).toBe('malformed');
    expect(await returned(addressOf(email), aDeliveryReport().repeat(300))).toBe('malformed');
    expect((await mailed.summons(id)).state).toBe('accepted');
  });

  it('is believed from its own return address only, in capitals too', async () => {
    const email = 'capitals@example.org';
    const id = await mailed.summoned(email, '2026-06-13');
    const address = addressOf(email);
    for (const forged of [
      address.replace(/\+[0-9a-f]/, (start) => (start === '+0' ? '+1' : '+0')),
      address.replace('msj.example', 'elsewhere.example'),
      'retours@msj.example',
      email,
    ])
      expect(await returned(forged, aDeliveryReport())).toBe('unknown');
    expect((await mailed.summons(id)).state).toBe('accepted');
    expect(await returned(address.toUpperCase(), aDeliveryReport())).toBe('recorded');
  });

  it('ends a doubt: what came back was taken', async () => {
    stand.relay.behaviour = () => 'take-then-cut';
    const email = 'doubt-returned@example.org';
    const id = await mailed.summoned(email, '2026-06-15');
    expect((await mailed.summons(id)).state).toBe('uncertain');
    expect(await returned(addressOf(email), aDeliveryReport())).toBe('recorded');
    await stand.engine.run('follow-up');
    expect(await mailed.tasks(id)).toContainEqual({
      kind: 'reach-otherwise',
      reason: 'email-returned',
      outcome: null,
    });
    expect(stand.relay.to(email)).toHaveLength(1);
  });

  it('is not read where no return address is set', async () => {
    const off = { DATABASE_URL: stand.database.url, SECRET_KEYS: ['k'.repeat(32)] };
    expect(await readReturned(off, 'retours@msj.example', Readable.from(['']))).toBe('off');
  });

  it('flags an address at the third e-mail in a row', async () => {
    const email = 'full@example.org';
    const ids = [];
    for (const day of ['2026-06-16', '2026-06-17', '2026-06-18']) {
      const id = await mailed.summoned(email, day);
      ids.push(id);
      await returned(addressOf(email), aDeliveryReport({ status: '5.2.2' }));
      await stand.engine.run('follow-up');
    }
    const flags: { reason: string | null }[] = await stand.database.dataSource.query(
      `SELECT email_flag_reason AS reason FROM person WHERE email_id = $1`,
      [await contactId(stand.database.dataSource, email)],
    );
    expect(flags.map(({ reason }) => reason)).toEqual(Array(3).fill('three-returns'));
    expect(await mailed.tasks(ids[0] ?? '')).toContainEqual({
      kind: 'correct-address',
      reason: 'three-returns',
      outcome: null,
    });
  });
});
