import { moveClock } from '../support/database.js';
import { MailedSummonses } from '../support/mailed-summonses.js';
import { useRelayStand } from '../support/stand.js';
import { at } from '../support/world.js';

describe('a mail relay that misbehaves', () => {
  const stand = useRelayStand({ MAIL_RETURN_ADDRESS: 'retours@msj.example' });
  const mailed = new MailedSummonses(stand);
  afterEach(() => {
    stand.relay.behaviour = () => 'accept';
  });

  it('and closes the connection on a text it took leaves a doubt, not a second mail', async () => {
    stand.relay.behaviour = () => 'take-then-cut';
    const email = 'cut-after@example.org';
    const id = await mailed.summoned(email, '2026-06-01');
    expect(await mailed.summons(id)).toMatchObject({ state: 'uncertain', possible_duplicate: false });
    stand.relay.behaviour = () => 'accept';
    await moveClock(stand.database.dataSource, at('2026-06-01', '10:02'));
    for (const task of ['sweep', 'resolve'] as const) await stand.engine.run(task);
    await stand.engine.drain();
    expect(stand.relay.to(email)).toHaveLength(1);
    await moveClock(stand.database.dataSource, at('2026-06-01', '10:06'));
    await stand.engine.run('resolve');
    await stand.engine.drain();
    expect(stand.relay.to(email)).toHaveLength(2);
    expect(await mailed.summons(id)).toMatchObject({ state: 'accepted', possible_duplicate: true });
  });

  it('and closes it before the text is asked again, without a doubt', async () => {
    stand.relay.behaviour = (_to, nth) => (nth === 1 ? 'cut-before-text' : 'accept');
    const email = 'cut-before@example.org';
    const id = await mailed.summoned(email, '2026-06-02');
    await moveClock(stand.database.dataSource, at('2026-06-02', '10:01'));
    await stand.engine.drain();
    expect(stand.relay.to(email)).toHaveLength(1);
    expect(await mailed.summons(id)).toMatchObject({ state: 'accepted', possible_duplicate: false });
  });

  it('and does not like our account is asked again later: the person is not to blame', async () => {
    stand.relay.behaviour = () => 'refuse-sender';
    const email = 'our-account@example.org';
    const id = await mailed.summoned(email, '2026-06-03');
    expect(await mailed.attempts(id)).toEqual([{ result: 'not-sent', code: '5.7.1' }]);
    stand.relay.behaviour = () => 'accept';
    await moveClock(stand.database.dataSource, at('2026-06-03', '10:01'));
    await stand.engine.drain();
    expect(stand.relay.to(email)).toHaveLength(1);
    expect((await mailed.summons(id)).state).toBe('accepted');
  });

  it.each([
    ['defer-recipient', 'later-recipient@example.org', '2026-06-04', '4.2.1'],
    ['defer-text', 'later-text@example.org', '2026-06-05', '4.3.0'],
  ] as const)(
    'and asks for patience (%s) is asked until it is too late, then an agent is',
    async (how, email, day, code) => {
      stand.relay.behaviour = () => how;
      const id = await mailed.summoned(email, day);
      expect((await mailed.summons(id)).state).toBe('planned');
      await moveClock(stand.database.dataSource, at(day.replace('2026-06', '2026-07'), '08:31'));
      await stand.engine.run('sweep');
      await stand.engine.run('follow-up');
      expect((await mailed.attempts(id)).at(-1)).toEqual({ result: 'not-sent', code });
      expect((await mailed.summons(id)).state).toBe('expired');
      expect(await mailed.tasks(id)).toContainEqual({
        kind: 'reach-otherwise',
        reason: 'too-late',
        outcome: null,
      });
    },
  );

  it('and refuses the text itself leaves it to an agent, before the appointment', async () => {
    stand.relay.behaviour = () => 'refuse-text';
    const id = await mailed.summoned('refused-text@example.org', '2026-06-06');
    await stand.engine.run('follow-up');
    expect(await mailed.summons(id)).toMatchObject({ state: 'failed', reason: 'operator-refused' });
    expect(await mailed.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'email-refused', outcome: null },
    ]);
  });

  it('and knows no such mailbox: an agent is asked, and nothing leaves to that address any more', async () => {
    stand.relay.behaviour = () => 'refuse-recipient';
    const email = 'nobody@example.org';
    const id = await mailed.summoned(email, '2026-06-08');
    await stand.engine.run('follow-up');
    expect(await mailed.attempts(id)).toEqual([{ result: 'refused', code: '5.1.1' }]);
    expect(await mailed.tasks(id)).toEqual([
      { kind: 'correct-address', reason: 'wrong-address', outcome: null },
      { kind: 'reach-otherwise', reason: 'email-refused', outcome: null },
    ]);
    stand.relay.behaviour = () => 'accept';
    await moveClock(stand.database.dataSource, at('2026-07-07', '09:30'));
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    expect(stand.relay.askedFor(email)).toBe(1);
    expect((await stand.world.messages(id)).find(({ kind }) => kind === 'reminder')).toMatchObject({
      state: 'suppressed',
    });
  });
});
