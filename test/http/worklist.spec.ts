import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { aSignedInAgent, anOrganization } from '../support/builders.js';
import { BrowserWorld } from '../support/browser-world.js';

let test: TestApp;
let world: BrowserWorld;
let agent: Browser;

/** Tuesday 16 June 2026, 10:00 in Nanterre. */
const NOW = '2026-06-16T08:00:00Z';

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
});

beforeEach(() => world.moveTo('2026-06-12T08:00:00Z'));

afterAll(() => test.close());

const PAGE = '/worklist?show=service';
let hour = 8;

async function summoned(firstName: string, lastName: string, date = '2026-06-17', phone?: string) {
  const personId = await world.person(firstName, lastName, phone);
  const time = `${String((hour += 1)).padStart(2, '0')}:00`;
  const id = await world.booked(personId, date, time);
  return { personId, id };
}

/** Four days later: the session of Friday is over. */
async function onTuesday(): Promise<void> {
  await world.moveTo(NOW);
  agent = new Browser(test.baseUrl, `sid=${await world.session('cpip')}`);
}

const query = (sql: string, parameters: unknown[]) =>
  test.dataSource.query<Record<string, unknown>[]>(sql, parameters);

/** As if every text had arrived days ago, and the person had been seen before. */
async function wellKnown({ personId, id }: { personId: string; id: string }): Promise<void> {
  await query(
    `UPDATE message SET state = 'delivered', due_at = app_now(), first_due_at = app_now(), accepted_at = app_now(),
       settled_at = app_now() WHERE convocation_id = $1`,
    [id],
  );
  await seen(personId, 'attended', '2026-03-03T09:00:00Z', id);
}

async function seen(personId: string, state: string, at: string, like: string): Promise<void> {
  await query(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
       starts_at, created_by_organization_id, state)
     SELECT $1, type_code, agenda_id, place_id, organization_id, ($3::timestamptz)::date, local_time, time_zone, $3,
       created_by_organization_id, $2 FROM convocation WHERE id = $4`,
    [personId, state, at, like],
  );
}

async function line(id: string): Promise<string> {
  const { text } = await agent.get(PAGE);
  return new RegExp(`id="at-${id}"[\\s\\S]*?</article>`).exec(text)?.[0] ?? '';
}

describe('the list of the next 48 hours', () => {
  it('says why each person is on it, and leaves out whoever has no reason to be', async () => {
    const calm = await summoned('Awa', 'Tranquille');
    const first = await summoned('Théo', 'Nouveau');
    const absent = await summoned('Rosa', 'Absente');
    const far = await summoned('Nora', 'Lointaine', '2026-06-30');
    for (const one of [calm, absent]) await wellKnown(one);
    await seen(absent.personId, 'missed', '2026-04-07T09:00:00Z', absent.id);
    await seen(absent.personId, 'missed', '2026-05-05T09:00:00Z', absent.id);
    await onTuesday();
    const { text } = await agent.get(PAGE);
    expect(text).not.toContain('Tranquille');
    expect(text).not.toContain('Lointaine');
    expect(await line(first.id)).toContain('Première convocation');
    expect(await line(absent.id)).toContain('Deux absences ou plus en un an');
    expect(await line(absent.id)).not.toContain('Aucun message');
    expect(await line(far.id)).toBe('');
  });

  it('does not change when the name, the birth date or the language of a person do', async () => {
    const { personId, id } = await summoned('Yanis', 'Untel');
    await onTuesday();
    const order = async () =>
      [...(await agent.get(PAGE)).text.matchAll(/id="at-([0-9a-f-]+)"/g)].map(([, at]) => at);
    const before = await order();
    await query(
      `UPDATE person SET first_name = 'Maëlys', last_name = 'Abeille', birth_date = '1950-01-01', language = 'ar' WHERE id = $1`,
      [personId],
    );
    expect(before).toContain(id);
    expect(await order()).toEqual(before);
  });

  it('puts who was not reached before who comes for the first time', async () => {
    const first = await summoned('Hugo', 'Premier');
    const unreached = await summoned('Lina', 'Injointe');
    await query(`UPDATE message SET state = 'expired', settled_at = app_now() WHERE convocation_id = $1`, [
      unreached.id,
    ]);
    await onTuesday();
    const { text } = await agent.get(PAGE);
    expect(text.indexOf(`at-${unreached.id}`)).toBeGreaterThan(0);
    expect(text.indexOf(`at-${unreached.id}`)).toBeLessThan(text.indexOf(`at-${first.id}`));
  });

  it('sends one more text by one click, and no second one', async () => {
    const { id } = await summoned('Iris', 'Relance');
    await query(`UPDATE message SET state = 'expired', settled_at = app_now() WHERE convocation_id = $1`, [
      id,
    ]);
    await onTuesday();
    const form = await agent.form(PAGE, `/worklist/${id}/remind`);
    const elsewhere = await agent.form(PAGE, `/worklist/${id}/remind`);
    const twice = await Promise.all([agent.submit(form, {}), agent.submit(form, {})]);
    expect(twice.map(({ status }) => status)).toEqual([303, 303]);
    const spare = await query(
      `SELECT kind, occurrence, state, date_trunc('minute', due_at) AS due_at FROM message WHERE convocation_id = $1 AND state = 'planned'`,
      [id],
    );
    expect(spare).toEqual([{ kind: 'reminder', occurrence: 0, state: 'planned', due_at: new Date(NOW) }]);
    expect(await line(id)).not.toContain('/remind');
    expect((await agent.submit(elsewhere, {})).status).toBe(409);
  });

  it('sends none from the night into the hours of another that waits for the morning', async () => {
    const { id } = await summoned('Noé', 'Nocturne', '2026-06-18');
    await query(
      `UPDATE message SET state = CASE kind WHEN 'reminder' THEN 'planned' ELSE 'expired' END,
         due_at = '2026-06-17T08:30:00+02', first_due_at = '2026-06-17T08:30:00+02' WHERE convocation_id = $1`,
      [id],
    );
    await world.moveTo('2026-06-16T20:30:00Z');
    agent = new Browser(test.baseUrl, `sid=${await world.session('cpip')}`);
    const form = await agent.form(PAGE, `/worklist/${id}/remind`);
    expect((await agent.submit(form, {})).status).toBe(409);
  });

  it('sends none beside a text about another appointment of the person', async () => {
    const { personId, id } = await summoned('Lou', 'Double');
    const other = await world.booked(personId, '2026-06-25', '09:00');
    await query(`UPDATE message SET state = 'expired', settled_at = app_now() WHERE convocation_id = $1`, [
      id,
    ]);
    await query(
      `UPDATE message SET state = 'delivered', accepted_at = $2::timestamptz - interval '2 hours' WHERE convocation_id = $1`,
      [other, NOW],
    );
    await onTuesday();
    expect(await line(id)).toContain('Double');
    expect(await line(id)).not.toContain('/remind');
  });

  it('answers for a foreign convocation as for one that does not exist', async () => {
    const { id } = await summoned('Alba', 'Étrangère');
    await onTuesday();
    const elsewhere = await aSignedInAgent(test.dataSource, {
      organizationId: await anOrganization(test.dataSource),
      role: 'cpip',
    });
    const stranger = new Browser(test.baseUrl, elsewhere.cookie);
    expect((await stranger.get(PAGE)).text).not.toContain('Étrangère');
    const own = formsOf((await stranger.get('/persons/search')).text)[0];
    const answers = await Promise.all(
      [id, '00000000-0000-4000-8000-000000000000'].map((wanted) =>
        stranger.submit(
          { method: 'post', action: `/worklist/${wanted}/remind`, fields: own?.fields ?? {} },
          {},
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});
