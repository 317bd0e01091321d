import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { BrowserWorld } from '../support/browser-world.js';
import { moveClock } from '../support/database.js';
import { aStoredTrial, markInTrial } from '../support/trials.js';

let test: TestApp;
let world: BrowserWorld;
let admin: Browser;
let director: Browser;

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
  admin = new Browser(test.baseUrl, `sid=${await world.session('admin')}`);
  director = new Browser(test.baseUrl, `sid=${await world.session('dpip')}`);
});
afterAll(() => test.close());

const ARMS = {
  ...{ 'arm.1': 'La veille', 'days.1': '1', 'share.1': '1', 'at.1': '' },
  ...{ 'arm.2': 'Quatre jours avant et la veille', 'days.2': '4, 1', 'share.2': '1', 'at.2': '' },
};
const FILLED = {
  ...{ name: 'J-1 contre J-4 et J-1', question: 'Deux rappels valent-ils mieux qu’un ?', plannedSize: '600' },
  ...{ endsOn: '31/07/2026', look1: '', look2: '', ...ARMS, 'type.suivi-spip': 'true' },
};

it('prepares, registers and starts a trial from the pages, and stops it for a reason', async () => {
  const form = await admin.form('/trials/new', '/trials/new');
  const fields = { ...FILLED, [`service.${world.organizationId}`]: 'true', act: 'draft' };
  const drafted = await admin.submit(form, fields);
  expect(drafted.status).toBe(303);
  const path = (drafted.headers.get('location') ?? '').split('?')[0] ?? '';
  const step = async (what: string, more: Record<string, string> = {}) =>
    admin.submit(await admin.form(path, `${path}/${what}`), more);
  expect((await director.get(path)).status).toBe(404);
  for (const what of ['register', 'start']) expect((await step(what)).status).toBe(303);
  const read = await director.get(path);
  expect(read.text).toContain('un rappel 4\u00a0jours avant et un la veille');
  expect(read.text).toContain('Résultats cachés jusqu’au vendredi 31\u00a0juillet\u00a02026');
  expect(read.text).not.toContain('Arrêter l’essai');
  const silent = await step('stop', { reason: '' });
  expect(silent.status).toBe(400);
  expect(silent.text).toContain('Dites pourquoi');
  expect((await step('stop', { reason: 'Trop de plaintes.' })).status).toBe(303);
  expect((await director.get(path)).text).toContain('Trop de plaintes.');
});

/** So many persons drawn in it are still to come. */
async function toCome(trialId: string, persons: number, date: string): Promise<void> {
  const { nanterre: agendaId } = world;
  await markInTrial(test.dataSource, { trialId, arm: 0, persons, missed: 0, agendaId, date });
  await test.dataSource.query(
    `UPDATE convocation c SET state = 'booked' FROM trial_convocation tc
      WHERE tc.convocation_id = c.id AND tc.trial_id = $1`,
    [trialId],
  );
}

it('tells how far planning again has come when a stop concerns many', async () => {
  const { organizationId } = world;
  const id = await aStoredTrial(test.dataSource, { organizationId, state: 'running' });
  await toCome(id, 251, '2026-06-20');
  const path = `/trials/${id}`;
  const stopped = await admin.submit(await admin.form(path, `${path}/stop`), { reason: 'Trop de plaintes.' });
  const next = stopped.headers.get('location') ?? '';
  const reached = async (convocations: number, isFinished = false) => {
    await test.dataSource.query(
      `UPDATE replan SET reached = $1, moved = $1, finished_at = CASE WHEN $2 THEN app_now() END WHERE total = 251`,
      [convocations, isFinished],
    );
    return { told: (await admin.get(next)).text, later: (await director.get(path)).text };
  };
  const underWay = await reached(250);
  for (const text of [underWay.told, underWay.later])
    expect(text).toContain('pour 250 convocations sur 251\u00a0: rechargez cette page');
  const finished = await reached(251, true);
  expect(finished.told).toContain('251\u00a0messages changent d’heure');
  expect(finished.later).not.toContain('Retour au plan habituel.');
});

it('is named on the page of a plan while somebody drawn in it is to come, over or not', async () => {
  const { organizationId } = world;
  const ended = { organizationId, state: 'ended' } as const;
  const id = await aStoredTrial(test.dataSource, { ...ended, name: 'Essai du printemps' });
  const page = `/plans/edit?organization=${organizationId}&type=suivi-spip`;
  expect((await admin.get(page)).text).not.toContain('Essai du printemps');
  await toCome(id, 1, '2026-06-21');
  expect((await admin.get(page)).text).toMatch(/Essai terminé\u00a0: <a href="[^"]+">Essai du printemps/);
});

it('gives a refused form back with what was typed', async () => {
  const form = await admin.form('/trials/new', '/trials/new');
  const answer = await admin.submit(form, { ...FILLED, 'days.2': '', act: 'draft' });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('href="#days.2"');
  expect(answer.text).toContain('value="Quatre jours avant et la veille"');
  expect(answer.text).toContain('personne ne peut être tiré au sort pour n’avoir aucun rappel');
});

it.each(['1,5', '4,1', '-3', 'J-1', '2.5', '4, 1 et 7'])('refuses « %s » as days', async (days) => {
  const form = await admin.form('/trials/new', '/trials/new');
  const here = { [`service.${world.organizationId}`]: 'true', act: 'draft' };
  const answer = await admin.submit(form, { ...FILLED, ...here, 'days.2': days });
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('href="#days.2"');
  expect(answer.text).toContain('séparés par une virgule et une espace');
});

it('shows nothing of who came before the end, and says it after', async () => {
  const { organizationId, nanterre: agendaId } = world;
  const given = {
    organizationId,
    state: 'running',
    typeCode: 'rdv-telephonique',
    endsOn: '2026-06-30',
  } as const;
  const trialId = await aStoredTrial(test.dataSource, given);
  const mark = { trialId, persons: 211, agendaId, date: '2026-06-02' };
  await markInTrial(test.dataSource, { ...mark, arm: 0, missed: 37 });
  await markInTrial(test.dataSource, { ...mark, arm: 1, missed: 83 });
  const told = /\b(37|83)\b|17,5|39,3|21,8/;
  const content = async () => {
    const { text } = await director.get(`/trials/${trialId}`);
    return text.slice(text.indexOf('<main'));
  };
  const before = await content();
  expect(before).toContain('422');
  expect(before.replaceAll(/value="[^"]*"/g, '')).not.toMatch(told);
  const file = async () => (await director.get(`/trials/${trialId}/export?format=csv&table=resultats`)).text;
  expect(await file()).not.toMatch(told);
  await moveClock(test.dataSource, '2026-07-01T08:00:00Z');
  director = new Browser(test.baseUrl, `sid=${await world.session('dpip')}`);
  const after = await content();
  expect(after).toContain('37 / 211');
  expect(after).toContain('+21,8\u00a0points');
  expect(await file()).toContain('La veille;37;211;');
  admin = new Browser(test.baseUrl, `sid=${await world.session('admin')}`);
  expect((await admin.get(`/trials/${trialId}`)).text).not.toContain('Arrêter l’essai');
});
