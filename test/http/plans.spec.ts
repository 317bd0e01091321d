import { RunReplans } from '../../src/notifications/plans/run-replans.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Form, formsOf } from '../support/browser-lite.js';
import { aPerson, aService, aSignedInAgent } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { aStoredTrial } from '../support/trials.js';

let web: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let admin: Browser;
let local: Browser;
let agent: Browser;

beforeAll(async () => {
  web = await startTestApp();
  await moveClock(web.dataSource, '2026-06-01T08:00:00Z');
});

beforeEach(async () => {
  service = await aService(web.dataSource);
  const signedIn = async (role: 'admin' | 'local-admin' | 'cpip') =>
    new Browser(
      web.baseUrl,
      (await aSignedInAgent(web.dataSource, { organizationId: service.organizationId, role })).cookie,
    );
  admin = await signedIn('admin');
  local = await signedIn('local-admin');
  agent = await signedIn('cpip');
});

afterAll(() => web.close());

async function booked(date: string): Promise<string> {
  const personId = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
  const { body } = await new ApiClient(web.baseUrl, service.key).post('/convocations', {
    personId,
    typeCode: 'suivi-spip',
    agendaId: service.agendaId,
    date,
    time: '10:00',
    notify: false,
  });
  return body.id as string;
}

async function reminders(id: string): Promise<string[]> {
  const { body } = await new ApiClient(web.baseUrl, service.key).get(`/convocations/${id}`);
  return body.notifications
    .filter(({ state }: { state: string }) => state === 'planned')
    .map(({ dueAt }: { dueAt: string }) => dueAt);
}

const editor = (browser: Browser, type = '') =>
  browser.form(`/plans/edit?organization=${service.organizationId}&type=${type}`, '/plans/edit');

function formOf(text: string, action: string): Form {
  const found = formsOf(text).find((form) => form.action === action);
  if (found === undefined) throw new Error(`no form to ${action}`);
  return found;
}

describe('the plans of a service', () => {
  it('are shown with where they come from', async () => {
    const page = await local.get('/plans');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Convocation de suivi SPIP');
    expect(page.text).toMatch(/3\u00a0jours avant, première convocation ou deux absences en un an/);
    expect(page.text).toContain('Comme tous les types');
  });

  it('are for administrators; a local one sees no other service, whatever the address says', async () => {
    expect((await agent.get('/plans')).status).toBe(403);
    expect((await agent.get('/plans/edit')).status).toBe(403);
    expect((await local.get('/territories')).status).toBe(403);
    const other = await aService(web.dataSource, { name: `Autre service ${service.agendaId}` });
    const page = await local.get(`/plans?organization=${other.organizationId}`);
    expect(page.text).not.toContain('Autre service');
    expect((await admin.get(`/plans?organization=${other.organizationId}`)).text).toContain('Autre service');
    expect((await admin.get('/plans?organization=nobody')).status).toBe(404);
    expect((await admin.get('/plans/edit?type=nothing')).status).toBe(404);
  });

  it('show what a person booked today would get, at exact local hours', async () => {
    const page = await local.get('/plans/edit');
    expect(page.text).toContain('mardi 16 juin 2026 à 9\u00a0h\u00a030');
    expect(page.text).toContain('Rappel, 7\u00a0jours avant');
    expect(page.text).toContain('mardi 9\u00a0juin à 9\u00a0h\u00a030');
    expect(page.text).toContain('samedi 13\u00a0juin à 9\u00a0h\u00a030');
    const calendar = /<table class="plan-calendar">.*?<\/table>/s.exec(page.text)?.[0] ?? '';
    expect(calendar).toContain('Première convocation, rendez-vous le mardi 16 juin 2026');
    expect(calendar).toMatch(/<time datetime="2026-06-09">9<\/time>\s*<ul><li>Rappel, 7\u00a0jours avant/);
  });
});

describe('a change of plan', () => {
  it('says first what it moves, then moves it', async () => {
    const id = await booked('2026-06-18');
    expect(await reminders(id)).toHaveLength(3);
    const form = await editor(local, 'suivi-spip');
    const filled = await local.submit(form, { act: 'two-days' });
    expect(filled.text).toContain('2\u00a0jours avant');
    const check = await local.submit(formOf(filled.text, '/plans/edit'), { act: 'check' });
    expect(check.text).toContain('3\u00a0messages sont retirés');
    expect(check.text).toContain('1\u00a0message est ajouté');
    expect(await reminders(id)).toHaveLength(3);
    const confirm = formOf(check.text, '/plans/edit');
    const saved = await local.submit(confirm, { act: 'apply' });
    expect(saved.status).toBe(303);
    const address = saved.headers.get('location') ?? '';
    expect((await local.get(address)).text).toContain('3\u00a0messages sont retirés');
    expect(await reminders(id)).toEqual(['2026-06-16T08:00:00.000Z']);
    expect((await local.submit(confirm, { act: 'apply' })).headers.get('location')).toBe(address);
    const stale = await local.submit(form, { act: 'check' });
    expect(stale.status).toBe(409);
  });

  it('meets the one of a colleague: both are shown, and a second, informed try saves', async () => {
    const stale = await editor(local, 'suivi-spip');
    const theirs = await admin.submit(await editor(admin, 'suivi-spip'), { act: 'two-days' });
    const confirmed = await admin.submit(formOf(theirs.text, '/plans/edit'), { act: 'check' });
    await admin.submit(formOf(confirmed.text, '/plans/edit'), { act: 'apply' });
    const typed = { 'days.1': '5', 'when.1': 'always', weeklyLimit: '2' };
    const refused = await local.submit(stale, { ...typed, act: 'check' });
    expect(refused.status).toBe(409);
    expect(refused.text).toMatch(/Plan enregistré entre-temps.*2\u00a0jours avant.*4\u00a0textes au plus/s);
    expect(refused.text).not.toContain('déjà convoquée');
    const again = formOf(refused.text, '/plans/edit');
    expect(again.fields).toMatchObject(typed);
    const check = await local.submit(again, { act: 'check' });
    expect((await local.submit(formOf(check.text, '/plans/edit'), { act: 'apply' })).status).toBe(303);
    expect((await editor(local, 'suivi-spip')).fields).toMatchObject(typed);
  });

  it('gives the summons an hour and a limit, which the page shows and says', async () => {
    const typed = { summonsAt: '18:00', summonsUntil: '24', summonsChannel: 'sms' };
    const preview = await local.submit(await editor(local), { ...typed, act: 'preview' });
    expect(preview.text).toMatch(/Convocation\u00a0: <strong>lundi 1ᵉʳ\u00a0juin à 18\u00a0h\u00a000/);
    const check = await local.submit(formOf(preview.text, '/plans/edit'), { act: 'check' });
    expect(check.text).toContain(
      'convocation à 18\u00a0h\u00a000, par SMS, jusqu’à 24\u00a0h avant le rendez-vous',
    );
    const saved = await local.submit(formOf(check.text, '/plans/edit'), { act: 'apply' });
    expect(saved.status).toBe(303);
    expect((await editor(local)).fields).toMatchObject(typed);
    expect((await local.get('/plans')).text).toContain('convocation à 18\u00a0h\u00a000');
  });

  it('has news wait its turn, which the page shows and says', async () => {
    const typed = { summonsSpaced: 'true', afterSpaced: 'true' };
    const check = await local.submit(await editor(local), { ...typed, act: 'check' });
    expect(check.text).toContain('convocation, au moins trois heures après un autre texte');
    expect(check.text).toContain('après une absence, au moins trois heures après un autre texte');
    const saved = await local.submit(formOf(check.text, '/plans/edit'), { act: 'apply' });
    expect(saved.status).toBe(303);
    expect((await editor(local)).fields).toMatchObject(typed);
  });

  it('of many says how far it has come, then what it did', async () => {
    const id = await booked('2026-06-18');
    await web.dataSource.query(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id)
       SELECT person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
              starts_at + n * interval '1 minute', organization_id
         FROM convocation, generate_series(1, 300) n WHERE id = $1`,
      [id],
    );
    const filled = await local.submit(await editor(local, 'suivi-spip'), { act: 'two-days' });
    const check = await local.submit(formOf(filled.text, '/plans/edit'), { act: 'check' });
    expect(check.text).toContain('301\u00a0messages sont ajoutés');
    const saved = await local.submit(formOf(check.text, '/plans/edit'), { act: 'apply' });
    const address = saved.headers.get('location') ?? '';
    expect((await local.get(address)).text).toContain('0 convocations sur 301\u00a0: rechargez cette page');
    expect(await reminders(id)).toHaveLength(3);
    await web.app.get(RunReplans).execute();
    expect((await local.get(address)).text).toContain('301\u00a0messages sont ajoutés');
    expect(await reminders(id)).toEqual(['2026-06-16T08:00:00.000Z']);
  });

  it('names the trial whose appointments keep the reminders of their arm', async () => {
    const words = 'suivent les rappels de leur groupe';
    expect((await local.get('/plans/edit?type=suivi-spip')).text).not.toContain(words);
    const { organizationId } = service;
    const trial = await aStoredTrial(web.dataSource, { organizationId, state: 'running', name: 'Essai J-2' });
    const form = await editor(local, 'suivi-spip');
    const pages = [await local.get('/plans/edit'), await local.submit(form, { act: 'check' })];
    for (const { text } of pages) {
      expect(text).toContain(`<a href="/trials/${trial}">Essai J-2</a>`);
      expect(text).toContain(words);
    }
    expect((await local.get('/plans/edit?type=suivi-jap')).text).not.toContain(words);
  });

  it('goes back to the form with everything typed', async () => {
    const form = await editor(local);
    const typed = { 'days.1': '5', 'at.1': '18:30', 'when.1': 'always', weeklyLimit: '2' };
    const check = await local.submit(form, { ...typed, act: 'check' });
    expect(check.text).toContain('Cette limite s’applique au moment de l’envoi');
    const back = await local.submit(formOf(check.text, '/plans/edit'), { act: 'back' });
    expect(formOf(back.text, '/plans/edit').fields).toMatchObject(typed);
  });

  it('brings to what one asked for, far down the page', async () => {
    const form = await editor(local);
    const samples = /<h2 id="samples"[^>]* autofocus/;
    expect((await local.get('/plans/edit')).text).not.toMatch(/ autofocus/);
    expect((await local.submit(form, { act: 'preview' })).text).toMatch(samples);
    const wrong = (await local.submit(form, { 'days.1': '61', act: 'preview' })).text;
    expect(wrong.indexOf(' autofocus')).toBe(wrong.search(/ autofocus[^>]*><h2 id="refus"/));
    const rows = Object.keys(form.fields).filter((name) => name.startsWith('days.')).length;
    const more = (await local.submit(form, { act: 'more' })).text;
    expect(more).toMatch(new RegExp(`<input id="days\\.${rows + 1}"[^>]* autofocus`));
    expect(more).not.toMatch(samples);
  });

  it('adds a row for one more reminder, at most six', async () => {
    let form = await editor(local);
    for (let more = 0; more < 5; more += 1)
      form = formOf((await local.submit(form, { act: 'more' })).text, '/plans/edit');
    expect(Object.keys(form.fields).filter((name) => name.startsWith('days.'))).toHaveLength(6);
  });

  it('follows the general plan again', async () => {
    const id = await booked('2026-06-18');
    expect((await local.get('/plans/edit')).text).not.toContain('Suivre le plan');
    const own = await local.submit(await editor(local), { act: 'one-day' });
    const check = await local.submit(formOf(own.text, '/plans/edit'), { act: 'check' });
    await local.submit(formOf(check.text, '/plans/edit'), { act: 'apply' });
    expect(await reminders(id)).toHaveLength(1);
    expect((await local.get('/plans/edit')).text).toContain('Suivre le plan national');
    const follow = await local.submit(await editor(local), { act: 'follow' });
    expect(follow.text).toContain('suit le plan national');
    await local.submit(formOf(follow.text, '/plans/edit'), { act: 'apply' });
    expect(await reminders(id)).toHaveLength(3);
    const general = await local.submit(await editor(local), { act: 'two-days' });
    const ofService = await local.submit(formOf(general.text, '/plans/edit'), { act: 'check' });
    await local.submit(formOf(ofService.text, '/plans/edit'), { act: 'apply' });
    const followed = await local.submit(await editor(local, 'suivi-spip'), { act: 'follow' });
    expect(followed.text).toContain('suit le plan du service.');
  });

  it.each([
    ['no reminder at all', { 'days.1': '', 'days.2': '', 'days.3': '' }, 'Gardez au moins un rappel'],
    ['two reminders of one day', { 'days.2': '1' }, 'même nombre de jours'],
    ['too far', { 'days.2': '61' }, 'Rappel 2, jours avant'],
    ['no hour', { 'at.3': '25:00' }, 'Rappel 3'],
    ['useful for ever', { 'until.3': '13' }, 'de 1 à 12'],
    ['no number', { weeklyLimit: 'many' }, 'de 1 à 21'],
    ['a summons at no hour', { summonsAt: '25:00' }, 'Convocation\u00a0: donnez une heure'],
    [
      'a summons useful a month before',
      { summonsUntil: '720' },
      'Convocation, utile jusqu’à\u00a0: un nombre',
    ],
    ['never after an absence', { afterUntil: '1' }, 'Après une absence'],
  ])('is refused in a sentence: %s', async (_case, wrong, sentence) => {
    const answer = await local.submit(await editor(local), { ...wrong, act: 'check' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(sentence);
    expect(formOf(answer.text, '/plans/edit').fields).toMatchObject(wrong);
  });
});

it('a plan with a value that the page never offered is refused', async () => {
  const answer = await local.submit(await editor(local), { 'channel.1': 'pigeon', act: 'check' });
  expect([answer.status, answer.text.includes('choisissez une des valeurs proposées')]).toEqual([400, true]);
});

describe('the hours of a service', () => {
  it('move what is planned, after a confirmation', async () => {
    const id = await booked('2026-06-18');
    const form = await local.form('/plans', '/plans/hours');
    for (const closesAt of ['09:00', '12:00']) {
      const wrong = await local.submit(form, { opensAt: '12:00', closesAt, act: 'check' });
      expect(wrong.status).toBe(400);
      expect(wrong.text).toContain('la première avant la seconde');
    }
    const check = await local.submit(form, { opensAt: '11:00', closesAt: '17:00', act: 'check' });
    expect(check.text).toContain('de 11\u00a0h\u00a000 à 17\u00a0h\u00a000');
    expect(check.text).toContain('3\u00a0messages changent d’heure');
    const saved = await local.submit(formOf(check.text, '/plans/hours'), { act: 'apply' });
    expect(saved.status).toBe(303);
    expect((await reminders(id)).map((at) => at.slice(11, 16))).toEqual(['09:00', '09:00', '09:00']);
    expect((await local.form('/plans', '/plans/hours')).fields).toMatchObject({
      opensAt: '11:00',
      closesAt: '17:00',
    });
  });

  it('leave nothing on closed days when asked', async () => {
    const id = await booked('2026-06-08');
    const form = await local.form('/plans', '/plans/hours');
    const check = await local.submit(form, { closedDays: 'true', act: 'check' });
    await local.submit(formOf(check.text, '/plans/hours'), { act: 'apply' });
    expect(await reminders(id)).toEqual(['2026-06-05T08:00:00.000Z', '2026-06-06T08:00:00.000Z']);
  });
});

describe('territories', () => {
  it('with poor coverage get their reminders earlier', async () => {
    const id = await booked('2026-06-08');
    const form = await admin.form('/territories?territory=FR', '/territories');
    const wrong = await admin.submit(form, { poorCoverage: 'true', earlierHours: '49', act: 'check' });
    expect([wrong.status, wrong.text.includes('de 0 à 48')]).toEqual([400, true]);
    const none = await admin.submit(form, { poorCoverage: 'true', earlierHours: '0', act: 'check' });
    expect([none.status, none.text.includes('d’une heure au moins')]).toEqual([400, true]);
    const covered = await admin.submit(form, { poorCoverage: '', earlierHours: '6', act: 'check' });
    expect(covered.text).toContain('réseau couvert\u00a0: les rappels gardent leur heure');
    const check = await admin.submit(form, { poorCoverage: 'true', earlierHours: '2', act: 'check' });
    expect(check.text).toContain('rappels 2\u00a0h plus tôt');
    const saved = await admin.submit(formOf(check.text, '/territories'), { act: 'apply' });
    expect((await admin.get(saved.headers.get('location') ?? '')).text).toContain('Peu couvert');
    await web.app.get(RunReplans).execute();
    expect(await reminders(id)).toEqual(['2026-06-05T06:00:00.000Z', '2026-06-07T06:00:00.000Z']);
  });
});
