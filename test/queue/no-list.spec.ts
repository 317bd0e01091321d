import { RecordReport, type ReportFate } from '../../src/notifications/sending/record-report.js';
import { describeBackends } from '../support/backends.js';
import { aMobile } from '../support/world.js';
import { OperatorsStand } from '../support/operators-stand.js';
import { contactId } from '../support/contacts.js';

describeBackends('an operator that keeps no list', (backend) => {
  const stand = new OperatorsStand(backend.redisUrl);

  const alone = { SMS_PROVIDERS: 'link-mobility' };
  const report = (phone: string, id: string, status = 'delivered'): Promise<ReportFate> =>
    stand.database.dataSource.transaction((tx) =>
      stand.engine.module.get(RecordReport).execute(tx, {
        operator: 'link-mobility',
        recipient: phone,
        operatorMessageId: id,
        status,
        errorCode: null,
      }),
    );

  /** Ids the operator gave to the parts of the texts to this number. */
  const partsOf = (phone: string) =>
    stand.simulator
      .log()
      .flatMap((entry) => (entry.kind === 'create' && entry.to === phone ? [...(entry.partIds ?? [])] : []));

  it('sends once more, flagged, five minutes after a doubt', async () => {
    await stand.start(alone);
    await stand.clock(0);
    const phone = `${aMobile().slice(0, -2)}91`;
    const id = await stand.summon(phone);
    await stand.engine.drain();
    for (const seconds of [40, 130]) {
      await stand.clock(seconds);
      await stand.engine.run('resolve');
      expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    }
    await stand.clock(310);
    await stand.engine.run('resolve');
    await stand.engine.drain();
    expect((await stand.world.messages(id))[0]).toMatchObject({ possible_duplicate: true, attempts: 2 });
    expect(stand.simulator.messages(phone)).toHaveLength(2);
  });

  it('ends the doubt by the report alone, when it can belong to no other text', async () => {
    await stand.start(alone);
    await stand.clock(0);
    const phone = `${aMobile().slice(0, -2)}91`;
    const id = await stand.summon(phone);
    await stand.engine.drain();
    // Every part of it, the last one first; what is said again changes nothing.
    const parts = partsOf(phone).reverse();
    expect(parts).toHaveLength(2);
    for (const [index, part] of parts.entries()) {
      expect(await report(phone, part)).toBe('recorded');
      expect(await report(phone, part)).toBe('recorded');
      expect(await stand.world.state(id, 'summons')).toBe(index === 0 ? 'accepted' : 'delivered');
    }
    expect(await report(phone, '999')).toBe('unknown');
    await stand.clock(310);
    await stand.engine.run('resolve');
    await stand.engine.drain();
    expect(stand.simulator.messages(phone)).toHaveLength(1);
  });

  it('keeps for our own answer, which is still to come, what may be of an earlier text', async () => {
    await stand.start(alone);
    await stand.clock(0);
    const phone = aMobile();
    const first = await stand.summon(phone);
    await stand.engine.drain();
    // A second text to the same number is being sent: the report may be of a part of the first.
    await stand.world.book({ date: '2026-06-13', time: '09:30', phone, notify: true });
    await stand.database.dataSource.query(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash,
         body_hash, segments, started_at, real_started_at)
       SELECT gen_random_uuid(), id, 1, 'sms', 'link-mobility', 'x', $1, 'x', 'x', 1, app_now(), now()
         FROM message WHERE state = 'planned' AND kind = 'summons' LIMIT 1`,
      [await contactId(stand.database.dataSource, phone)],
    );
    expect(await report(phone, '424242')).toBe('recorded');
    expect(await stand.world.state(first, 'summons')).toBe('accepted');
    const kept: unknown[] = await stand.database.dataSource.query(
      'SELECT a.result FROM receipt r JOIN delivery_attempt a ON a.id = r.attempt_id',
    );
    expect(kept).toEqual([{ result: 'open' }]);
    expect(await report('+33600000010', '424242')).toBe('unknown');
  });
});
