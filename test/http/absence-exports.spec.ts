import exceljs from 'exceljs';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { aSignedInAgent, anOrganization } from '../support/builders.js';
import { BrowserWorld } from '../support/browser-world.js';
import { textOfPdf } from '../support/pdf-text.js';

let test: TestApp;
let world: BrowserWorld;
let cookie: string;

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
  const personId = await world.person('Awa', 'Kermadec');
  for (const [at, time] of ['09:00', '10:00', '11:00', '12:00'].entries()) {
    const id = await world.booked(personId, '2026-06-10', time);
    await test.dataSource.query(`UPDATE convocation SET state = $2, outcome_at = starts_at WHERE id = $1`, [
      id,
      at === 0 ? 'missed' : 'attended',
    ]);
  }
  await world.moveTo('2026-06-12T08:00:00Z');
  cookie = `sid=${await world.session('dpip')}`;
});

afterAll(() => test.close());

async function download(path: string, by = cookie) {
  const answer = await fetch(test.baseUrl + path, { headers: { cookie: by }, redirect: 'manual' });
  return { answer, body: Buffer.from(await answer.arrayBuffer()) };
}

const PERIOD = 'from=2026-06&to=2026-06';

it('gives the months as text, with the counts of the page', async () => {
  const { answer, body } = await download(`/absence/export?format=csv&table=mois&${PERIOD}`);
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="absence-mois.csv"');
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
  expect(body.toString('utf8').split('\r\n')[1]).toMatch(/^juin\s2026;1;4;0,25;/);
});

it('gives every table as a sheet, and as a report that names the service and no person', async () => {
  const { body } = await download(`/absence/export?format=xlsx&${PERIOD}`);
  const book = new exceljs.Workbook();
  await book.xlsx.load(body as unknown as Parameters<typeof book.xlsx.load>[0]);
  expect(book.worksheets.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['mois', 'comptes', 'effet', 'creneaux', 'economies']),
  );
  const pdf = await download(`/absence/export?format=pdf&${PERIOD}`);
  expect(pdf.answer.headers.get('content-type')).toBe('application/pdf');
  const words = textOfPdf(pdf.body).replaceAll('\u00a0', ' ');
  expect(words).toContain('SPIP 92 Nanterre');
  expect(words).toContain('25,0 %');
  expect(words).not.toContain('Kermadec');
});

it('makes a yearly report with the definitions', async () => {
  const { answer, body } = await download('/absence/report?year=2026');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="rapport-2026.pdf"');
  const words = textOfPdf(body);
  expect(words).toContain('Rapport 2026, SPIP 92 Nanterre');
  expect(words).toContain('Définitions');
});

it('gives the services beside each other', async () => {
  const { answer, body } = await download(`/absence/national/export?format=csv&${PERIOD}`);
  expect(answer.status).toBe(200);
  expect(body.toString('utf8')).toContain('SPIP 92 Nanterre;1;4;0,25;');
});

it('links each table of a page as a CSV of its own, and gives just that one', async () => {
  for (const page of ['/absence', '/absence/national']) {
    const html = (await download(`${page}?${PERIOD}`)).body.toString('utf8');
    const links = [...html.matchAll(/href="([^"]*export\?[^"]*format=csv&amp;table=([\w-]+))"/g)];
    expect(links.length).toBeGreaterThan(1);
    for (const [, address = '', table] of links) {
      const { answer } = await download(address.replaceAll('&amp;', '&'));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-disposition')).toContain(`-${table}.csv`);
    }
  }
});

it('gives the months of every service, one line each', async () => {
  const { body } = await download(`/absence/national/export?format=csv&table=mois&${PERIOD}`);
  expect(body.toString('utf8')).toMatch(/SPIP 92 Nanterre;[^;]+2026;1;4;0,25;/);
});

it('gives the own caseload by month, without a name', async () => {
  const { answer, body } = await download('/absence/mine/export?format=csv&months=3');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="mes-suivis-mois.csv"');
  expect(body.toString('utf8')).toMatch(/juin\s2026;\d+;\d+;/i);
  expect(body.toString('utf8')).not.toContain('Kermadec');
});

it('gives the public figures to anybody, hidden ones as nothing', async () => {
  const { answer, body } = await download('/chiffres/export?format=csv', '');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(body.toString('utf8')).toContain('Service;Manquées;Issues connues;Personnes;Non marquées');
});

it.each([
  '/absence/export',
  '/absence/mine/export?format=doc',
  '/chiffres/export',
  '/absence/export?format=exe',
  '/absence/report?year=20',
  '/absence/report',
  '/absence/national/export?format=0',
])('refuses %s clearly', async (path) => {
  expect((await download(path)).answer.status).toBe(400);
});

it('shows a foreign service to nobody, and the figures of the own one to directors only', async () => {
  const { dataSource } = test;
  const foreign = await anOrganization(dataSource, { name: 'SPIP Ailleurs' });
  const director = await aSignedInAgent(dataSource, { organizationId: foreign, role: 'dpip' });
  for (const path of [
    `/absence/export?format=csv&service=${world.organizationId}&${PERIOD}`,
    `/absence/national/export?format=csv&${PERIOD}`,
  ]) {
    const { body } = await download(path, director.cookie);
    expect(body.toString('utf8')).not.toMatch(/Nanterre|;1;4;/);
  }
  const cpip = `sid=${await world.session('cpip')}`;
  for (const path of [
    '/absence/export?format=csv',
    '/absence/report?year=2026',
    '/absence/national/export?format=csv',
  ])
    expect((await download(path, cpip)).answer.status).toBe(403);
});

it('takes any address without failing', async () => {
  const agent = new Browser(test.baseUrl, cookie);
  for (const value of ['%00', '2026-13', '../../etc', '%F0%9F%92%A9', '=1', 'a'.repeat(500)])
    for (const name of ['from', 'to', 'service', 'type', 'table'])
      expect((await agent.get(`/absence/export?format=csv&${name}=${value}`)).status).toBeLessThan(500);
});
