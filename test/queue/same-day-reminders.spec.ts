import { findStopLink } from '../../src/persons/stop-messages-by-link.js';
import { PUBLIC_BASE_URL } from '../support/engine.js';
import { contactId } from '../support/contacts.js';
import { SameDay } from '../support/same-day.js';
import { useMailStand } from '../support/stand.js';
import { aMobile } from '../support/world.js';

describe('the reminders of several appointments of one person on one day', () => {
  const stand = useMailStand();
  const { query, clock, message, evening, bodies } = new SameDay(stand);

  /** The second at the place of the first. */
  const samePlace = (first: string, second: string) =>
    query(
      `UPDATE convocation c SET place_id = x.place_id, agenda_id = x.agenda_id, organization_id = x.organization_id
         FROM convocation x WHERE x.id = $1 AND c.id = $2`,
      [first, second],
    );
  const unannounced = { date: '2026-06-10', notify: false, offsets: [1] };

  it('alike, and at one place: the hour of the other is enough', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-03', unannounced, unannounced);
    await samePlace(morning, afternoon);
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    const [body = '', ...others] = bodies(phone);
    expect(others).toEqual([]);
    expect(body).toContain('9h30');
    expect(body).toContain('Aussi à 14h00.');
    expect(body.match(/rue/g)).toHaveLength(1);
    expect(await message(afternoon, 'reminder')).toMatchObject({
      reason: 'told-same-day',
      told_by_message_id: (await message(morning, 'reminder')).id,
    });
  });

  it('at another place: each is said whole', async () => {
    const { phone } = await evening('2026-06-03', unannounced, unannounced);
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    const [body = '', ...others] = bodies(phone);
    expect(others).toEqual([]);
    for (const words of ['9h30', '94 rue des Ecoles', '14h00', '6 rue Pablo Neruda'])
      expect(body).toContain(words);
    expect(body).not.toContain('Aussi');
    expect(body.split(`${PUBLIC_BASE_URL}/s/`)).toHaveLength(2);
  });

  it('by telephone, then on the spot: neither says of the other where it is not', async () => {
    const first = { ...unannounced, typeCode: 'rdv-telephonique' };
    const { phone, morning, afternoon } = await evening('2026-06-03', first, unannounced);
    await samePlace(morning, afternoon);
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    const [body = ''] = bodies(phone);
    const [byPhone = '', onTheSpot = ''] = body.split('\n\n');
    expect(byPhone).toMatch(/téléphone.*9h30|9h30.*téléphone/i);
    expect(byPhone).not.toContain('14h00');
    expect(onTheSpot).toContain('14h00');
    expect(onTheSpot).toContain('rue');
  });

  it('says an appointment once, though two reminders of it are due', async () => {
    const { phone, afternoon } = await evening('2026-06-03', unannounced, {
      ...unannounced,
      offsets: [1, 2],
    });
    await query(
      `UPDATE message SET due_at = '2026-06-08T16:00:00Z' WHERE convocation_id = $1 AND occurrence = 2`,
      [afternoon],
    );
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    expect(bodies(phone)).toHaveLength(1);
    expect(bodies(phone)[0]?.match(/14h00/g)).toHaveLength(1);
    const states = await query(
      `SELECT state, reason FROM message WHERE convocation_id = $1 AND kind = 'reminder'`,
      [afternoon],
    );
    const told = { state: 'withdrawn', reason: 'told-same-day' };
    expect(states).toEqual([told, told]);
  });

  it('leave as one at the hours of the first, though the service of the other sends later', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-03', unannounced, unannounced);
    await query(
      `UPDATE organization SET send_window = '10:00-18:00'
        WHERE id = (SELECT organization_id FROM convocation WHERE id = $1)
          AND id <> (SELECT organization_id FROM convocation WHERE id = $2)`,
      [afternoon, morning],
    );
    await clock('2026-06-09', '09:31');
    await stand.engine.drain();
    await clock('2026-06-09', '14:01');
    await stand.engine.drain();
    expect(bodies(phone)).toEqual([expect.stringMatching(/9h30[^]*14h00/)]);
  });

  it('is not delivered once the first of the hours it tells has come', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-03', unannounced, unannounced);
    await samePlace(morning, afternoon);
    const until = (id: string, at: string) =>
      query('UPDATE message SET useful_until = $2 WHERE convocation_id = $1', [id, at]);
    await until(morning, '2026-06-09T20:00:00Z');
    await until(afternoon, '2026-06-09T09:30:00Z');
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    const [sent] = stand.operator.to(phone);
    expect(sent?.body).toContain('Aussi à 14h00.');
    expect(sent?.validity).toBeLessThanOrEqual(2 * 3600);
  });

  it('one that is sent again because it did not arrive leaves alone', async () => {
    const { phone, morning, afternoon } = await evening('2026-06-03', unannounced, unannounced);
    await query(`UPDATE message SET ladder_step = 1 WHERE convocation_id = $1`, [morning]);
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    expect(bodies(phone)[0]).not.toContain('14h00');
    expect((await message(afternoon, 'reminder')).told_by_message_id).toBeNull();
  });
});

describe('the stop link', () => {
  const stand = useMailStand();
  const { query, clock, bodies } = new SameDay(stand);
  const links = (phone: string) =>
    bodies(phone).map((body) => body.split(`${PUBLIC_BASE_URL}/s/`).length - 1);
  const booked = async (date: string) => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    const id = await stand.world.book({ date, time: '09:30', personId, notify: true, offsets: [1] });
    await stand.engine.drain();
    return { phone, personId, id };
  };

  it('is in the first text to a number, and in the first to another', async () => {
    await clock('2026-06-01', '10:00');
    const { phone, personId } = await booked('2026-06-20');
    const newer = aMobile();
    await query('UPDATE person SET phone_id = $2 WHERE id = $1', [
      personId,
      await contactId(stand.database.dataSource, newer),
    ]);
    await clock('2026-06-19', '09:30');
    await stand.engine.drain();
    expect([links(phone), links(newer)]).toEqual([[1], [1]]);
  });

  it('is in the first text that arrives at another number, not in one that was refused there', async () => {
    await clock('2026-06-01', '10:00');
    const { personId } = await booked('2026-06-20');
    const newer = aMobile();
    await query('UPDATE person SET phone_id = $2 WHERE id = $1', [
      personId,
      await contactId(stand.database.dataSource, newer),
    ]);
    stand.operator.behaviour = (to, nth) => (to === newer && nth === 1 ? 'refuse-429' : 'accept');
    await clock('2026-06-19', '09:30');
    await stand.engine.drain();
    await clock('2026-06-19', '09:40');
    await stand.engine.drain();
    stand.operator.behaviour = () => 'accept';
    expect(links(newer)).toEqual([1]);
  });

  it('works as long as the appointment it came with, also when that is moved', async () => {
    await clock('2026-06-01', '10:00');
    const { phone, personId, id } = await booked('2026-06-20');
    await stand.world.move(id, { date: '2026-09-15', time: '09:30' });
    await stand.world.plan(id, 'rescheduled', true);
    await stand.engine.drain();
    await clock('2026-09-14', '09:30');
    await stand.engine.drain();
    expect(links(phone)).toEqual([1, 0, 0]);
    const token = /\/s\/(\S+)/.exec(bodies(phone)[0] ?? '')?.[1] ?? '';
    const found = await stand.database.dataSource.transaction((tx) => findStopLink(tx, token));
    expect(found).toMatchObject({ personId, stoppedAt: null });
  });

  it('in an e-mail says that it stops e-mails', async () => {
    await clock('2026-06-01', '10:00');
    const email = 'essai@courriel.example';
    const personId = await stand.world.person({ phone: null, email });
    await stand.world.book({ date: '2026-06-20', time: '09:30', personId, notify: true });
    await stand.engine.drain();
    const [mail] = stand.catcher.messages(email);
    expect(JSON.stringify(mail)).toContain('Stop e-mail : ');
    expect(JSON.stringify(mail)).not.toContain('Stop SMS');
  });
});
