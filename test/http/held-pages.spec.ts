import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { BrowserWorld } from '../support/browser-world.js';

const BOOKING = { typeCode: 'suivi-spip', seat: 'free', date: '2026-06-16', time: '09:00', notify: 'true' };
const NOTHING_LEAVES = 'rien ne part avant leur reprise';

let agent: Browser;
let world: BrowserWorld;
let test: TestApp;

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
  agent = new Browser(test.baseUrl, `sid=${await world.session('cpip')}`);
});

afterAll(() => test.close());

afterEach(() => test.dataSource.query('UPDATE sending_hold SET released_at = app_now()'));

async function hold(): Promise<void> {
  await test.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'cli')`);
}

async function preview(path: string): Promise<string> {
  const form = { ...(await agent.form(path, path)), action: `${path}/preview` };
  return (await agent.submit(form, { ...BOOKING, agendaId: world.nanterre })).text;
}

describe('while every departure is held', () => {
  it('whoever books reads it before and after, and only then', async () => {
    const path = `/persons/${await world.person('Lina', 'Farouelle')}/convoke`;
    expect(await preview(path)).not.toContain(NOTHING_LEAVES);
    await hold();
    expect(await preview(path)).toContain(NOTHING_LEAVES);
    const done = await agent.submit(await agent.form(path, path), { ...BOOKING, agendaId: world.nanterre });
    const page = (await agent.get(done.headers.get('location') ?? '')).text;
    expect(page).toContain('Convocation enregistrée');
    expect(page).toContain(NOTHING_LEAVES);
    expect(page).not.toContain('part maintenant');
  });

  it('whoever has a text sent again reads that it waits', async () => {
    const personId = await world.person('Awa', 'Ourcade');
    const convocationId = await world.booked(personId, '2026-06-17', '09:00');
    const id = await world.asked(personId, convocationId, 'reach-otherwise', 'nothing-sent');
    await test.dataSource.query(`UPDATE message SET state = 'expired', settled_at = app_now()`);
    await hold();
    const answer = await agent.submit(await agent.form('/tasks', `/tasks/${id}/resend`), {});
    const list = (await agent.get(answer.headers.get('location') ?? '')).text;
    expect(list).toContain(NOTHING_LEAVES);
    expect(list).not.toContain('Le texte repart');
    const page = (await agent.get(`/convocations/${convocationId}?done=task-resent`)).text;
    expect(page).toContain(NOTHING_LEAVES);
    expect(page).not.toContain('Le texte repart');
  });
});
