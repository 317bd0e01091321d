import { startTestApp, type TestApp } from '../support/app.js';
import { anOrganization, aSignedInAgent } from '../support/builders.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { BrowserWorld } from '../support/browser-world.js';

let test: TestApp;
let world: BrowserWorld;
let agent: Browser;

const BOOKING = { typeCode: 'suivi-spip', seat: 'free', date: '2026-06-16', notify: 'true' };

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
  agent = new Browser(test.baseUrl, `sid=${await world.session('cpip')}`);
});

afterAll(() => test.close());

async function rows(sql: string, parameters: readonly unknown[]): Promise<{ n: number }[]> {
  return test.dataSource.query(sql, [...parameters]);
}

async function booked(personId: string): Promise<number> {
  const [row] = await rows('SELECT count(*)::int AS n FROM convocation WHERE person_id = $1', [personId]);
  return row?.n ?? -1;
}

describe('a form that is sent twice', () => {
  it('books once, at once or later, and leads to the same page', async () => {
    const personId = await world.person('Lina', 'Farouelle');
    const path = `/persons/${personId}/convoke`;
    const form = await agent.form(path, path);
    const fields = { ...BOOKING, time: '09:00', agendaId: world.nanterre };
    const both = await Promise.all([agent.submit(form, fields), agent.submit(form, fields)]);
    const again = await agent.submit(form, fields);
    const answers = [...both, again];
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(await booked(personId)).toBe(1);
  });

  it('refuses other values under the same form, in a sentence', async () => {
    const personId = await world.person('Yanis', 'Cordelier');
    const path = `/persons/${personId}/convoke`;
    const form = await agent.form(path, path);
    const fields = { ...BOOKING, time: '09:00', agendaId: world.nanterre };
    await agent.submit(form, fields);
    const other = await agent.submit(form, { ...fields, time: '10:00' });
    expect(other.status).toBe(409);
    expect(other.text).toContain('déjà été envoyé avec d’autres valeurs');
    expect(await booked(personId)).toBe(1);
  });
});

describe('a refused booking', () => {
  it('comes back with what was typed, a summary and the sentence at the field', async () => {
    const personId = await world.person('Hugo', 'Passerat');
    const path = `/persons/${personId}/convoke`;
    const form = await agent.form(path, path);
    const answer = await agent.submit(form, {
      ...BOOKING,
      date: '2026-06-14',
      time: '09:00',
      agendaId: world.nanterre,
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('href="#date"');
    expect(answer.text).toContain('id="date-error"');
    const [again] = formsOf(answer.text).filter(({ action }) => action === path);
    expect(again?.fields).toMatchObject({ date: '2026-06-14', time: '09:00', agendaId: world.nanterre });
    expect(await booked(personId)).toBe(0);
  });

  it('answers a person of another service like one who does not exist', async () => {
    const organizationId = await anOrganization(test.dataSource, { name: 'SPIP du Vallon' });
    const { cookie } = await aSignedInAgent(test.dataSource, { organizationId, role: 'cpip' });
    const stranger = new Browser(test.baseUrl, cookie);
    const personId = await world.person('Salomé', 'Ourcade');
    for (const id of [personId, '00000000-0000-4000-8000-000000000000', 'nobody'])
      expect((await stranger.get(`/persons/${id}/convoke`)).status).toBe(404);
  });
});

describe('taking a booking back within the minute', () => {
  it('tells nobody when nothing has left yet', async () => {
    const personId = await world.person('Nora', 'Delestaing');
    const id = await world.booked(personId, '2026-06-17', '09:00');
    const page = await agent.get(`/convocations/${id}?done=booked`);
    const undo = formsOf(page.text).find(({ fields }) => fields['undo'] === 'true');
    expect(undo?.action).toBe(`/convocations/${id}/cancel`);
    if (undo !== undefined) await agent.submit(undo, {});
    const states: { kind: string; state: string }[] = await test.dataSource.query(
      'SELECT kind, state FROM message WHERE convocation_id = $1 ORDER BY kind',
      [id],
    );
    expect(states.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'reminder withdrawn',
      'reminder withdrawn',
      'summons withdrawn',
    ]);
  });

  it('is no longer offered after a minute', async () => {
    const personId = await world.person('Rosa', 'Quintal');
    const id = await world.booked(personId, '2026-06-17', '10:00');
    await test.dataSource.query(
      `UPDATE convocation SET created_at = created_at - interval '61 s' WHERE id = $1`,
      [id],
    );
    const page = await agent.get(`/convocations/${id}?done=booked`);
    expect(formsOf(page.text).filter(({ fields }) => fields['undo'] === 'true')).toEqual([]);
  });
});

describe('style sheet and script', () => {
  it('may be kept for ever, under names that change with their content', async () => {
    const page = await agent.get('/sign-in');
    const style = /href="(\/assets\/app\.[0-9a-f]{16}\.css)"/.exec(page.text)?.[1] ?? '';
    const answer = await agent.get(style);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.text).toContain('@layer pico');
    expect((await agent.get('/assets/other.css')).status).toBe(404);
  });
});
