import { moveClock } from '../support/database.js';
import { aMobile, at } from '../support/world.js';
import { contactId } from '../support/contacts.js';
import { useMailStand } from '../support/stand.js';

describe('what missed the person, once the number or the address is corrected', () => {
  const stand = useMailStand();

  async function tasks(id: string): Promise<{ reason: string; outcome: string | null }[]> {
    return stand.database.dataSource.query(
      `SELECT reason, outcome FROM agent_task WHERE convocation_id = $1 ORDER BY opened_at`,
      [id],
    );
  }

  /** The text was refused by the operator, then the e-mail by the relay: an agent is asked. */
  async function missedBothWays(phone: string, email: string): Promise<string> {
    stand.operator.behaviour = (to) => (to === phone ? 'refuse-21211' : 'accept');
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, email, notify: true });
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    await stand.database.dataSource.query(
      `WITH refused AS (UPDATE message SET state = 'failed', reason = 'operator-refused', settled_at = app_now(),
           followed_up_at = NULL WHERE convocation_id = $1 AND kind = 'summons' RETURNING id, attempts)
       UPDATE delivery_attempt a SET result = 'refused' FROM refused
        WHERE a.message_id = refused.id AND a.number = refused.attempts`,
      [id],
    );
    await stand.engine.run('follow-up');
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    expect(await tasks(id)).toEqual([{ reason: 'email-refused', outcome: null }]);
    stand.operator.behaviour = () => 'accept';
    return id;
  }

  it('leaves to the number corrected after the text failed and the e-mail too, once', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-03', '11:00'));
    const [old, corrected, email] = [aMobile(), aMobile(), 'refused-then-number@example.org'];
    const id = await missedBothWays(old, email);
    await stand.database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_failures = 0, phone_flagged_at = NULL, phone_flag_reason = NULL
        WHERE phone_id = $1`,
      [
        await contactId(stand.database.dataSource, old),
        await contactId(stand.database.dataSource, corrected),
      ],
    );
    for (let run = 0; run < 2; run++) {
      await stand.engine.run('follow-up');
      await stand.engine.drain();
    }
    expect(stand.operator.to(corrected)).toHaveLength(1);
    expect(stand.catcher.messages(email)).toHaveLength(1);
    expect(await tasks(id)).toEqual([{ reason: 'email-refused', outcome: null }]);
  });

  it('leaves to the address corrected after the text failed and the e-mail too, once', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-03', '12:00'));
    const [phone, email, corrected] = [aMobile(), 'refused@example.org', 'corrected@example.org'];
    const id = await missedBothWays(phone, email);
    await stand.database.dataSource.query('UPDATE person SET email_id = $2 WHERE email_id = $1', [
      await contactId(stand.database.dataSource, email),
      await contactId(stand.database.dataSource, corrected),
    ]);
    for (let run = 0; run < 2; run++) {
      await stand.engine.run('follow-up');
      await stand.engine.drain();
    }
    expect(stand.catcher.messages(corrected)).toHaveLength(1);
    expect(stand.catcher.messages(email)).toHaveLength(1);
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    await stand.engine.run('follow-up');
    expect(await tasks(id)).toEqual([{ reason: 'email-refused', outcome: 'no-longer-needed' }]);
  });

  it('leaves to an address noted after the text failed', async () => {
    await moveClock(stand.database.dataSource, at('2026-06-03', '13:00'));
    const [phone, email] = [aMobile(), 'noted-later@example.org'];
    stand.operator.behaviour = (to) => (to === phone ? 'refuse-21211' : 'accept');
    const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    expect(await tasks(id)).toEqual([{ reason: 'wrong-number', outcome: null }]);
    await stand.database.dataSource.query('UPDATE person SET email_id = $2 WHERE phone_id = $1', [
      await contactId(stand.database.dataSource, phone),
      await contactId(stand.database.dataSource, email),
    ]);
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    expect(stand.catcher.messages(email)).toHaveLength(1);
    stand.operator.behaviour = () => 'accept';
  });

  describe('that could not be told because texts were refused', () => {
    /** A move, or a cancellation, that found the person refusing texts; an agent is asked. */
    async function untold(change: 'rescheduled' | 'cancelled', phone: string): Promise<string> {
      await moveClock(stand.database.dataSource, at('2026-06-04', '10:00'));
      const id = await stand.world.book({ date: '2026-06-20', time: '09:30', phone, refuses: true });
      if (change === 'rescheduled') await stand.world.move(id, { date: '2026-06-22', time: '11:00' });
      else
        await stand.database.dataSource.query(
          `UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`,
          [id],
        );
      await stand.world.plan(id, change, true);
      await tell();
      expect(await tasks(id)).toEqual([{ reason: 'sms-refused', outcome: null }]);
      expect(stand.operator.to(phone)).toEqual([]);
      return id;
    }

    async function tell(): Promise<void> {
      for (let run = 0; run < 2; run++) {
        await stand.engine.drain();
        await stand.engine.run('follow-up');
      }
      await stand.engine.drain();
    }

    const lift = (id: string) =>
      stand.database.dataSource.query(
        `UPDATE person SET sms_refused_at = NULL, sms_refused_origin = NULL
          WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
        [id],
      );

    it('a move is said once when they are wanted again, and by the number of the day', async () => {
      const phone = aMobile();
      const id = await untold('rescheduled', phone);
      await lift(id);
      await tell();
      await tell();
      const texts = stand.operator.to(phone);
      expect(texts).toHaveLength(1);
      expect(texts[0]?.body).toContain('11h00');
      expect(await stand.world.state(id, 'rescheduling')).toBe('suppressed');
    });

    it('a move that an agent has told is not said again', async () => {
      const phone = aMobile();
      const id = await untold('rescheduled', phone);
      await stand.database.dataSource.query(
        `UPDATE agent_task SET closed_at = app_now(), outcome = 'reached' WHERE convocation_id = $1`,
        [id],
      );
      await lift(id);
      await tell();
      expect(stand.operator.to(phone)).toEqual([]);
    });

    it('a cancellation stays the task of an agent, whose refusal was lifted or not', async () => {
      const phone = aMobile();
      const id = await untold('cancelled', phone);
      await lift(id);
      await tell();
      expect(await tasks(id)).toEqual([{ reason: 'sms-refused', outcome: null }]);
    });
  });
});
