import {
  type MessagePreview,
  PreviewMessages,
  type PreviewRequest,
} from '../../src/notifications/plans/preview-messages.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { PUBLIC_BASE_URL } from '../support/engine.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

const SUMMONED = { date: '2026-06-12', time: '09:30', notify: true } as const;

describeBackends('the reminder path', (backend) => {
  // One connection: a task or a send that held two would wait for itself.
  const stand = useStand({ REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });

  beforeEach(() => {
    stand.operator.behaviour = () => 'accept';
    stand.operator.listAnswers = true;
  });

  const clock = (date: string, time: string, zone = 'Europe/Paris', minutes = 0) =>
    moveClock(stand.database.dataSource, at(date, time, zone, minutes));

  const movedTo = (id: string, address: string) =>
    stand.database.dataSource.query(
      'UPDATE place SET address = $2 WHERE id = (SELECT place_id FROM convocation WHERE id = $1)',
      [id, address],
    );

  /** The texts that booking the same again, or moving it there, would send. */
  async function previewed(
    id: string,
    asked: Pick<PreviewRequest, 'movedId' | 'announce'>,
  ): Promise<readonly MessagePreview[]> {
    const { dataSource } = stand.database;
    const rows: Omit<PreviewRequest, 'movedId' | 'announce'>[] = await dataSource.query(
      `SELECT person_id AS "personId", agenda_id AS "agendaId", type_code AS "typeCode", local_date AS date,
              to_char(local_time, 'HH24:MI') AS time FROM convocation WHERE id = $1`,
      [id],
    );
    const preview = stand.engine.module.get(PreviewMessages);
    const found = await dataSource.transaction(async (tx) => {
      const [row] = rows;
      return row && preview.execute(tx, { ...row, ...asked });
    });
    return found?.messages ?? [];
  }

  const revealing = async (id: string) =>
    (await previewed(id, { movedId: null, announce: 'summons' })).map(({ isRevealing }) => isRevealing);

  it('shows the summons of one moved in silence before anybody was told of it', async () => {
    await clock('2026-06-01', '21:30');
    const id = await stand.world.book({ date: '2026-06-10', time: '09:30', notify: true });
    const shown = async () => (await previewed(id, { movedId: id, announce: null })).map(({ kind }) => kind);
    expect(await shown()).toEqual(['summons', 'reminder']);
    await clock('2026-06-02', '08:00');
    await stand.engine.drain();
    expect(await shown()).toEqual(['reminder']);
  });

  it('sends the summons at once and the reminder the day before at the hour of the appointment', async () => {
    await clock('2026-06-01', '10:00');
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-10', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
    await clock('2026-06-09', '09:30', 'Europe/Paris', -1);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
    await clock('2026-06-09', '09:30');
    await stand.engine.drain();
    const [summons, reminder] = stand.operator.to(phone);
    expect(summons?.body).toContain('9h30');
    expect(summons?.body).toContain(`${PUBLIC_BASE_URL}/s/`);
    expect(reminder?.body).toContain('9h30');
    expect(reminder?.body).not.toContain('/s/');
    expect((await stand.world.messages(id)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });

  it.each([
    ['America/Cayenne', '2026-06-10'],
    ['Indian/Reunion', '2026-06-10'],
    ['Pacific/Noumea', '2026-06-10'],
    ['Pacific/Tahiti', '2026-06-10'],
    ['America/Marigot', '2026-06-10'],
    ['America/Miquelon', '2026-06-10'],
    ['Pacific/Wallis', '2026-06-10'],
    ['Indian/Mayotte', '2026-06-10'],
    ['America/Martinique', '2026-06-10'],
    ['Europe/Paris', '2026-06-10'],
    // The night between reminder and appointment loses or gains an hour.
    ['Europe/Paris', '2026-03-29'],
    ['Europe/Paris', '2026-10-25'],
    ['America/Miquelon', '2026-03-08'],
    ['America/Miquelon', '2026-11-01'],
  ])('reminds at 09:00 at the place (%s, %s), not a minute before', async (zone, date) => {
    const before = dayBefore(date);
    await clock(before, '07:00', zone, -2 * 24 * 60);
    const phone = aMobile();
    await stand.world.book({ date, time: '09:00', timeZone: zone, phone });
    await clock(before, '09:00', zone, -1);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(0);
    await clock(before, '09:00', zone);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
    expect(stand.operator.to(phone)[0]?.body).toContain('9h00');
  });

  it('keeps a summons booked at night for the opening of the window', async () => {
    await clock('2026-06-02', '22:00');
    const phone = aMobile();
    await stand.world.book({ date: '2026-06-10', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(0);
    await clock('2026-06-03', '08:00');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
  });

  it('tries again after 429, and gives up on a number the operator refuses', async () => {
    await clock('2026-06-03', '13:00');
    stand.operator.behaviour = (_to, nth) => (nth <= 2 ? 'refuse-429' : 'accept');
    const patient = aMobile();
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone: patient, notify: true });
    await stand.engine.drain();
    expect(await stand.world.state(id, 'summons')).toBe('planned');
    for (const minutes of [1, 3]) {
      await clock('2026-06-03', '13:00', 'Europe/Paris', minutes);
      await stand.engine.drain();
    }
    expect(await stand.world.state(id, 'summons')).toBe('accepted');
    expect(stand.operator.to(patient)).toHaveLength(1);
    stand.operator.behaviour = () => 'refuse-21211';
    const wrong = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await stand.engine.drain();
    expect(await stand.world.state(wrong, 'summons')).toBe('failed');
  });

  it('dates the refusal that the operator reports, and sends nothing more', async () => {
    await clock('2026-06-03', '14:00');
    stand.operator.behaviour = () => 'refuse-21610';
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    stand.operator.behaviour = () => 'accept';
    await clock('2026-06-11', '09:30');
    await stand.engine.drain();
    expect((await stand.world.messages(id)).map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'operator-refused'],
      ['suppressed', 'sms-refused'],
    ]);
    expect(stand.operator.to(phone)).toHaveLength(0);
    // Where the agent of the convocation reads it, in the words of any other refusal.
    const said: { detail: object }[] = await stand.database.dataSource.query(
      `SELECT detail FROM history_entry WHERE convocation_id = $1 AND event = 'messages.stopped'`,
      [id],
    );
    expect(said).toEqual([{ detail: { origin: 'operator' } }]);
  });

  it.each([
    ['sms-refused', { refuses: true }],
    ['no-phone', { phone: null }],
    ['not-a-mobile', { phone: '+33147250011', mobile: false }],
  ] as const)('sends nothing and says why: %s', async (reason, wishes) => {
    await clock('2026-06-03', '15:00');
    const before = stand.operator.accepted.length;
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true, ...wishes });
    await stand.engine.drain();
    expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'suppressed', reason });
    expect(stand.operator.accepted).toHaveLength(before);
  });

  it('never names justice to a person who asked for discretion', async () => {
    await clock('2026-06-03', '15:30');
    const phone = aMobile();
    await stand.world.book({ date: '2026-06-12', time: '09:30', phone, notify: true, register: 'discreet' });
    await stand.engine.drain();
    const text = stand.operator.to(phone)[0]?.body.replace('SPIP 92 Nanterre', '') ?? '';
    expect(text).toContain('9h30');
    expect(stand.operator.to(phone)[0]?.body).not.toMatch(/spip|jap\b|justice|tribunal|probation|peine/i);
  });

  it('says the street alone where the address names a building of justice', async () => {
    await clock('2026-06-03', '15:40');
    const phone = aMobile();
    const id = await stand.world.book({ ...SUMMONED, phone, register: 'discreet' });
    await movedTo(id, 'Palais de justice, 3 rue des Lilas, 92000 Nanterre');
    await stand.engine.drain();
    const text = stand.operator.to(phone)[0]?.body ?? '';
    expect(text).toContain('3 rue des Lilas, 92000 Nanterre');
    expect(text).not.toMatch(/justice/i);
  });

  it('does not send what the address would give away, says so before the booking, and asks an agent', async () => {
    await clock('2026-06-03', '15:50');
    const [phone, email] = [aMobile(), 'discreet@example.org'];
    const id = await stand.world.book({ ...SUMMONED, phone, email, register: 'discreet' });
    const standard = await stand.world.book(SUMMONED);
    for (const one of [id, standard]) await movedTo(one, '3 place du Palais de Justice, 92000 Nanterre');
    expect(await revealing(id)).toContain(true);
    expect(await revealing(standard)).not.toContain(true);
    await stand.engine.drain();
    await stand.engine.run('follow-up');
    await stand.engine.drain();
    expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'failed', reason: 'not-discreet' });
    expect(stand.operator.to(phone)).toHaveLength(0);
    expect(await stand.world.state(standard, 'summons')).toBe('accepted');
    const tasks: unknown = await stand.database.dataSource.query(
      'SELECT kind, reason FROM agent_task WHERE convocation_id = $1',
      [id],
    );
    expect(tasks).toEqual([{ kind: 'reach-otherwise', reason: 'not-discreet' }]);
  });

  it('does not send what was cancelled while it waited in the queue', async () => {
    await clock('2026-06-03', '16:00');
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-12', time: '09:30', phone });
    await clock('2026-06-11', '09:30');
    await stand.database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`,
      [id],
    );
    await stand.engine.drain();
    expect(await stand.world.state(id, 'reminder')).toBe('withdrawn');
    expect(stand.operator.to(phone)).toHaveLength(0);
  });

  it('fails alone a text that cannot be written; its neighbours leave', async () => {
    await clock('2026-06-03', '17:00');
    const broken = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
    const sound = await stand.world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await stand.database.dataSource.query(
      `INSERT INTO template (kind, type_code, organization_id, text)
       SELECT 'summons', type_code, organization_id, 'RDV {quelque.chose}' FROM convocation WHERE id = $1`,
      [broken],
    );
    await stand.engine.drain();
    expect((await stand.world.messages(broken))[0]).toMatchObject({
      state: 'failed',
      reason: 'template-unrenderable',
    });
    expect(await stand.world.state(sound, 'summons')).toBe('accepted');
  });

  it.each([
    ['30 minutes', 30, { accepted: 24, expired: 0 }],
    ['3 hours', 180, { accepted: 24, expired: 0 }],
    ['3 days', 3 * 24 * 60, { accepted: 0, expired: 24 }],
  ])('accounts for every message after an outage of %s', async (_name, minutes, expected) => {
    await clock('2026-09-01', '08:30');
    const ids: string[] = [];
    for (let index = 0; index < 24; index++)
      ids.push(
        await stand.world.book({
          date: '2026-09-03',
          time: `${String(9 + (index % 8)).padStart(2, '0')}:30`,
        }),
      );
    // Nothing runs from before the first due hour until the last one plus the outage.
    await clock('2026-09-02', '16:30', 'Europe/Paris', minutes);
    await stand.engine.run('sweep');
    await stand.engine.drain();
    const rows: { id: string; state: string }[] = await stand.database.dataSource.query(
      'SELECT id, state FROM message WHERE convocation_id = ANY($1) ORDER BY id',
      [ids],
    );
    const count = (state: string) => rows.filter((row) => row.state === state).length;
    expect({ accepted: count('accepted'), expired: count('expired') }).toEqual(expected);
    expect(rows).toHaveLength(24);
  });

  it('announces again on reopening only what had not been sent for this promise', async () => {
    await clock('2026-06-06', '10:00');
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-06-16', time: '09:30', phone, notify: true });
    await stand.engine.drain();
    await stand.world.plan(id, 'excused', false);
    expect(await stand.world.state(id, 'reminder')).toBe('withdrawn');
    await stand.world.plan(id, 'reopened', false);
    expect((await stand.world.messages(id)).map(({ kind, state }) => [kind, state])).toEqual([
      ['summons', 'accepted'],
      ['reminder', 'planned'],
    ]);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
  });
});

function dayBefore(date: string): string {
  return at(date, '12:00', 'UTC', -24 * 60).slice(0, 10);
}
