import { moveClock } from '../support/database.js';
import { NOW, TOMORROW } from '../support/failing-texts.js';
import { useToldWorld } from '../support/told-world.js';
import { contactId } from '../support/contacts.js';

const stand = useToldWorld(NOW);

describe('a text that could not even be tried', () => {
  const spares = (convocationId: string): Promise<{ state: string; channel: string }[]> =>
    stand.database.dataSource.query(
      `SELECT state, wanted_channel AS channel FROM message
        WHERE convocation_id = $1 AND kind = 'reminder' AND occurrence = 0`,
      [convocationId],
    );
  const IN_A_WEEK = '2026-06-16T12:00:00Z';
  const numbered = async (id: string, phone: string) =>
    stand.database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_mobile = true, no_phone = false, phone_failures = 0,
         phone_flagged_at = NULL, phone_flag_reason = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id, await contactId(stand.database.dataSource, phone)],
    );

  it.each([
    ['number-flagged', { flagged: true }, '+33644444411'],
    ['no-phone', { phone: null }, '+33644444412'],
  ] as const)('(%s) leaves once there is a number, as one more reminder', async (reason, person, phone) => {
    const suppressed = { state: 'suppressed', reason, kind: 'summons' } as const;
    const id = await stand.world.summon({ startsAt: IN_A_WEEK, ...person, messages: [suppressed] });
    await stand.world.draw();
    await stand.world.draw();
    expect(await spares(id)).toEqual([]);
    await numbered(id, phone);
    await stand.world.draw();
    await stand.world.draw();
    expect(await spares(id)).toEqual([{ state: 'planned', channel: 'sms' }]);
    expect(await stand.world.tasks(id)).toContainEqual({ kind: 'reach-otherwise', reason, outcome: null });
  });

  it('waits for a text that leaves within the day', async () => {
    const suppressed = { state: 'suppressed', reason: 'no-phone', kind: 'summons' } as const;
    const id = await stand.world.summon({ startsAt: IN_A_WEEK, phone: null, messages: [suppressed] });
    await stand.world.draw();
    await stand.world.tell(id, { state: 'planned' });
    await numbered(id, '+33644444413');
    await stand.world.draw();
    expect(await spares(id)).toEqual([]);
  });

  it('leaves to another number than the one that is a task four hours before, and to no other', async () => {
    const unconfirmed = { state: 'accepted', kind: 'summons' } as const;
    const [kept, changed] = [
      await stand.world.summon({ startsAt: TOMORROW, messages: [unconfirmed] }),
      await stand.world.summon({ startsAt: TOMORROW, messages: [unconfirmed] }),
    ];
    await moveClock(stand.database.dataSource, '2026-06-10T07:59:00Z');
    await stand.world.draw();
    await numbered(changed, '+33644444414');
    await stand.world.draw();
    expect([await spares(kept), await spares(changed)].map(({ length }) => length)).toEqual([0, 1]);
  });
});

describe('a text nobody confirmed', () => {
  const unconfirmed = { state: 'accepted', kind: 'summons' } as const;

  it('is said again by e-mail a day before, once, after half an hour’s patience', async () => {
    const id = await stand.world.summon({ startsAt: TOMORROW, email: 'ada@example.org' });
    await stand.world.tell(id, unconfirmed);
    await moveClock(stand.database.dataSource, '2026-06-09T11:59:00Z');
    await stand.world.draw();
    expect(await emails(id)).toEqual([]);
    await moveClock(stand.database.dataSource, '2026-06-09T12:00:30Z');
    await stand.world.draw();
    await stand.world.draw();
    expect(await emails(id)).toEqual([{ kind: 'reminder', occurrence: 0, state: 'planned' }]);
    expect(await stand.world.tasks(id)).toEqual([]);
  });

  it('is said again too when its operator was asked for no receipt, and is a task without an e-mail', async () => {
    const silent = { ...unconfirmed, operator: 'link-mobility', awaitsReceipt: false } as const;
    const id = await stand.world.summon({ startsAt: TOMORROW, email: 'ada@example.org', messages: [silent] });
    const phoneOnly = await stand.world.summon({ startsAt: TOMORROW, messages: [silent] });
    await moveClock(stand.database.dataSource, '2026-06-09T12:00:30Z');
    await stand.world.draw();
    expect(await emails(id)).toHaveLength(1);
    await moveClock(stand.database.dataSource, '2026-06-10T07:59:00Z');
    await stand.world.draw();
    expect(await stand.world.tasks(phoneOnly)).toEqual([
      { kind: 'reach-otherwise', reason: 'not-confirmed', outcome: null },
    ]);
  });

  it('is said again for each appointment it told of', async () => {
    const id = await stand.world.summon({ startsAt: TOMORROW, email: 'ada@example.org' });
    const other = await stand.world.summon({ startsAt: '2026-06-10T13:00:00Z', email: 'ada@example.org' });
    const teller = await stand.world.tell(id, { state: 'accepted' });
    const told = await stand.world.tell(other, { state: 'withdrawn', reason: 'told-same-day' });
    await stand.database.dataSource.query('UPDATE message SET told_by_message_id = $2 WHERE id = $1', [
      told,
      teller,
    ]);
    await moveClock(stand.database.dataSource, '2026-06-09T13:00:30Z');
    await stand.world.draw();
    await stand.world.draw();
    expect([await emails(id), await emails(other)].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('waits for the reminder that is about to leave', async () => {
    const id = await stand.world.summon({ startsAt: TOMORROW, email: 'ada@example.org' });
    await stand.world.tell(id, unconfirmed);
    await moveClock(stand.database.dataSource, '2026-06-09T12:00:30Z');
    await stand.world.tell(id, { state: 'planned' });
    await stand.world.draw();
    expect(await emails(id)).toEqual([]);
  });

  it('is a task four hours before, when no e-mail is known', async () => {
    const id = await stand.world.summon({ startsAt: TOMORROW });
    await stand.world.tell(id, unconfirmed);
    await moveClock(stand.database.dataSource, '2026-06-10T07:57:00Z');
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([]);
    await moveClock(stand.database.dataSource, '2026-06-10T07:59:00Z');
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'not-confirmed', outcome: null },
    ]);
  });

  async function emails(convocationId: string): Promise<object[]> {
    return stand.database.dataSource.query(
      `SELECT kind, occurrence, state FROM message WHERE convocation_id = $1 AND wanted_channel = 'email'`,
      [convocationId],
    );
  }
});
