import type { Actor } from '../../src/access/actor.js';
import { CloseTask } from '../../src/notifications/follow-up/close-task.js';
import { blockEmail } from '../../src/persons/phone-block.js';
import { ReportWrongPersonByLink } from '../../src/notifications/replies/report-wrong-person-by-link.js';
import { ReportWrongPerson } from '../../src/notifications/replies/report-wrong-person.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { contactId } from '../support/contacts.js';
import { moveClock } from '../support/database.js';
import { type Told, useToldWorld } from '../support/told-world.js';

/** Two appointments of Wednesday 10 June 2026, at 14:00 and 15:00 in Nanterre. */
const HOURS = ['2026-06-10T12:00:00Z', '2026-06-10T13:00:00Z'] as const;
const FOUR_HOURS_BEFORE = '2026-06-10T09:00:40Z';

const stand = useToldWorld('2026-06-09T06:00:00Z');

const query = <T>(sql: string, ...values: unknown[]): Promise<T[]> =>
  stand.database.dataSource.query(sql, values);

/** Both of one person, each told so. */
async function twoOf(told: Told, person: object = {}): Promise<readonly [next: string, other: string]> {
  const next = await stand.world.summon({ startsAt: HOURS[0], ...person });
  const other = await stand.world.summon({ startsAt: HOURS[1], phone: null });
  await query(
    'UPDATE convocation SET person_id = (SELECT person_id FROM convocation WHERE id = $1) WHERE id = $2',
    next,
    other,
  );
  for (const id of [next, other]) await stand.world.tell(id, { kind: 'summons', ...told });
  return [next, other];
}

async function sayWrongPerson(id: string): Promise<void> {
  const { phone_id: phoneId } = await stand.world.person(id);
  await stand.database.dataSource.transaction((tx) =>
    new ReportWrongPerson().execute(tx, { phoneId: String(phoneId), origin: 'link' }),
  );
}

const close = (id: string, outcome: string) =>
  query(
    `UPDATE agent_task SET closed_at = app_now(), outcome = $2 WHERE convocation_id = $1 AND closed_at IS NULL`,
    id,
    outcome,
  );

async function draw(at = FOUR_HOURS_BEFORE): Promise<void> {
  await moveClock(stand.database.dataSource, at);
  await stand.world.draw();
}

const reachOf = async (...ids: string[]) => {
  const seen = await stand.database.dataSource.transaction((tx) => stand.world.reach.reachOf(tx, ids));
  return ids.map((id) => seen.get(id));
};
const reasons = async (id: string) =>
  (await stand.world.tasks(id)).filter(({ kind }) => kind === 'reach-otherwise').map(({ reason }) => reason);

describe('once the holder of the number said "it is not me"', () => {
  it.each<Told>([{ state: 'delivered' }, { state: 'accepted' }])(
    'nobody is told: not of the next appointment, nor of another ($state)',
    async (told) => {
      const [next, other] = await twoOf(told);
      await sayWrongPerson(next);
      expect(await reachOf(next, other)).toEqual(['task-open', 'pending']);
      await draw();
      expect(await reachOf(next, other)).toEqual(['task-open', 'task-open']);
      expect(await reasons(other)).toEqual(['told-stranger']);
    },
  );

  it('whom an agent cannot reach is known to be, of the appointment that was asked about', async () => {
    const [next, other] = await twoOf({ state: 'delivered' });
    await sayWrongPerson(next);
    await close(next, 'could-not-reach');
    await draw();
    expect(await reachOf(next, other)).toEqual(['unreachable', 'task-open']);
    expect(await reasons(next)).toEqual([]);
  });

  it('a number dealt with tells nobody, a person reached is', async () => {
    const [next, other] = await twoOf({ state: 'delivered' });
    await sayWrongPerson(next);
    await close(next, 'done');
    await draw();
    expect(await reachOf(next, other)).toEqual(['task-open', 'task-open']);
    await query(
      `UPDATE agent_task SET outcome = 'reached' WHERE kind = 'wrong-person' AND convocation_id = $1`,
      next,
    );
    await close(next, 'no-longer-needed');
    expect(await reachOf(next)).toEqual(['reached']);
  });

  it('what holds is true again when two agents opened the number', async () => {
    const [next, other] = await twoOf({ state: 'delivered' });
    await sayWrongPerson(next);
    await close(next, 'could-not-reach');
    await query('DELETE FROM phone_block');
    expect(await reachOf(next, other)).toEqual(['reached', 'reached']);
    // Said again later: an older word of an agent says nothing of it.
    await moveClock(stand.database.dataSource, '2026-06-09T07:00:00Z');
    await sayWrongPerson(next);
    expect(await reachOf(next, other)).toEqual(['task-open', 'pending']);
  });

  it('a corrected number is tried: no word on the old one ends the matter', async () => {
    const [next, other] = await twoOf({ state: 'delivered' });
    await sayWrongPerson(next);
    await close(next, 'could-not-reach');
    await query(
      'UPDATE person SET phone_id = $2 WHERE id = (SELECT person_id FROM convocation WHERE id = $1)',
      next,
      await contactId(stand.database.dataSource, '+33698765410'),
    );
    expect(await reachOf(next, other)).toEqual(['pending', 'pending']);
    await stand.world.tell(next, { state: 'delivered' });
    await draw();
    expect(await reachOf(next, other)).toEqual(['reached', 'task-open']);
  });

  it('an e-mail is tried a day before, when an address is known', async () => {
    const [next] = await twoOf({ state: 'delivered' }, { email: 'ada@example.org' });
    await sayWrongPerson(next);
    await draw('2026-06-09T13:00:00Z');
    expect(
      await query(`SELECT wanted_channel FROM message WHERE convocation_id = $1 AND state = 'planned'`, next),
    ).toEqual([{ wanted_channel: 'email' }]);
  });

  it('a text that cannot leave any more does not keep the agent waiting', async () => {
    const [next, other] = await twoOf({ state: 'delivered' });
    await stand.world.tell(other, { state: 'planned' });
    await sayWrongPerson(next);
    await draw();
    expect(await reasons(other)).toEqual(['told-stranger']);
  });
});

describe('an agent who is asked about a wrong number', () => {
  const heldBack: Told = { state: 'suppressed', reason: 'wrong-person' };
  const open = async (id: string) =>
    (await stand.world.tasks(id)).filter(({ outcome }) => outcome === null).map(({ kind }) => kind);

  /** A reminder held back, an open task about the number. */
  async function asked(): Promise<string> {
    const id = await stand.world.summon({ startsAt: HOURS[0] });
    await stand.world.tell(id, { kind: 'summons', state: 'delivered' });
    await sayWrongPerson(id);
    await stand.world.tell(id, heldBack);
    await draw('2026-06-09T07:00:00Z');
    return id;
  }

  async function answer(id: string, outcome: string): Promise<void> {
    const [task] = await query<{ id: string }>(
      `SELECT id FROM agent_task WHERE convocation_id = $1 AND kind = 'wrong-person'`,
      id,
    );
    const actor: Actor = {
      ...{ agentId: stand.world.referentId, apiKeyId: null, role: 'cpip', timeZone: 'Europe/Paris' },
      ...{ organizationId: stand.world.organizationId, organizationKind: 'spip', isInterRessort: false },
      ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [] },
    };
    await stand.database.dataSource.transaction((tx) =>
      new CloseTask().execute(tx, { taskId: task?.id ?? '', outcome, note: '' }, actor),
    );
    await draw('2026-06-09T07:01:00Z');
  }

  it('is not asked a second time to tell the same person of the same appointment', async () => {
    const id = await asked();
    expect(await open(id)).toEqual(['wrong-person']);
    await draw();
    expect(await open(id)).toEqual(['wrong-person']);
    expect(await reachOf(id)).toEqual(['task-open']);
  });

  it.each([
    ['done', ['reach-otherwise']],
    ['reached', []],
    ['could-not-reach', []],
  ])('is asked to reach the person once only the number was dealt with (%s)', async (outcome, left) => {
    const id = await asked();
    await answer(id, outcome);
    expect(await open(id)).toEqual(left);
  });

  it('is still asked to say that an appointment is off', async () => {
    const id = await asked();
    await query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, id);
    await stand.world.tell(id, { ...heldBack, kind: 'cancellation' });
    await draw('2026-06-09T07:02:00Z');
    expect(await open(id)).toEqual(['wrong-person', 'reach-otherwise']);
  });

  it('corrects it: what was held back leaves to the right one, and the person is told', async () => {
    const id = await asked();
    await query(
      'UPDATE person SET phone_id = $2 WHERE id = (SELECT person_id FROM convocation WHERE id = $1)',
      id,
      await contactId(stand.database.dataSource, '+33698765411'),
    );
    await draw('2026-06-09T07:02:00Z');
    expect(
      await query(`SELECT kind, occurrence FROM message WHERE convocation_id = $1 AND state = 'planned'`, id),
    ).toEqual([{ kind: 'reminder', occurrence: 0 }]);
    await query(`DELETE FROM message WHERE convocation_id = $1 AND state = 'planned'`, id);
    await stand.world.tell(id, { state: 'delivered', occurrence: 0 });
    expect(await reachOf(id)).toEqual(['reached']);
  });
});

describe('once the reader of the address', () => {
  const email = 'ada@example.org';
  const byEmail: Told = { state: 'accepted', way: 'email' };

  it('said "it is not me", nobody is told by it', async () => {
    const [next, other] = await twoOf(byEmail, { phone: null, email });
    expect(await reachOf(next, other)).toEqual(['reached-by-email', 'reached-by-email']);
    const token = newToken();
    await query(
      `INSERT INTO stop_link (token_hash, convocation_id, person_id, recipient_id, expires_at)
       SELECT $1, c.id, c.person_id, p.email_id, app_now() + interval '30 days'
         FROM convocation c JOIN person p ON p.id = c.person_id WHERE c.id = $2`,
      digest(token),
      next,
    );
    await stand.database.dataSource.transaction((tx) =>
      new ReportWrongPersonByLink(new ReportWrongPerson()).execute(tx, { token }),
    );
    expect(await reachOf(next, other)).toEqual(['task-open', 'unreachable']);
  });

  it('asked for no more, the person had read it', async () => {
    const [next, other] = await twoOf(byEmail, { phone: null, email });
    const id = await contactId(stand.database.dataSource, email);
    await stand.database.dataSource.transaction((tx) => blockEmail(tx, String(id)));
    expect(await reachOf(next, other)).toEqual(['reached-by-email', 'reached-by-email']);
  });
});
