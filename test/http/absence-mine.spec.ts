import { startTestApp, type TestApp } from '../support/app.js';
import { type AttendedService, anAttendedService, writePast } from '../support/attendance.js';
import { aSignedInAgent, type SignedIn } from '../support/builders.js';
import { receive } from '../support/client.js';
import { moveClock } from '../support/database.js';

let test: TestApp;
let service: AttendedService;
let other: AttendedService;
let me: SignedIn;
let colleague: SignedIn;

beforeAll(async () => {
  test = await startTestApp();
  await moveClock(test.dataSource, '2026-06-10T10:00:00Z');
  service = await anAttendedService(test.dataSource, { name: 'SPIP Ajoncs' });
  other = await anAttendedService(test.dataSource, { name: 'SPIP Bruyères' });
  const { organizationId } = service;
  me = await aSignedInAgent(test.dataSource, { organizationId });
  colleague = await aSignedInAgent(test.dataSource, { organizationId });
  const mine = { referentId: me.agentId, persons: 4 };
  await writePast(test.dataSource, service, { month: '2026-05', attended: 12, missed: 5, excused: 3 }, mine);
  await writePast(test.dataSource, service, { month: '2026-06', booked: 2 }, { ...mine, persons: 2 });
  await writePast(test.dataSource, service, { month: '2026-07', booked: 3 }, { ...mine, persons: 3 });
  await writePast(
    test.dataSource,
    service,
    { month: '2026-05', attended: 77, missed: 33 },
    { referentId: colleague.agentId, persons: 10 },
  );
  // A referent of another service stays none of ours.
  await writePast(test.dataSource, other, { month: '2026-05', attended: 44 }, { ...mine, persons: 5 });
});

afterAll(() => test.close());

const open = ({ cookie }: SignedIn, query = '') =>
  receive(fetch(`${test.baseUrl}/absence/mine${query}`, { headers: { cookie }, redirect: 'manual' }));
const plain = (html: string) => html.replace(/<[^>]+>/g, '').replace(/[\u00a0\u202f]/g, ' ');

describe('an agent’s own caseload', () => {
  it('counts the own persons only, in the own service only', async () => {
    const { status, text } = await open(me);
    expect(status).toBe(200);
    expect(plain(text)).toContain('5 convocations manquées sur 20');
    expect(plain(text)).toContain(
      '9 personnes, depuis 12 mois. 3 excusées, 0 annulée, 2 à marquer sur cette période.',
    );
    expect(plain(text)).toContain('Trop peu d’issues');
    expect(text.match(/href="\/convocations\//g)).toHaveLength(5);
  });

  it('is each agent’s own: no parameter shows another’s', async () => {
    const { text } = await open(colleague);
    expect(plain(text)).toContain('33 convocations manquées sur 110');
    for (const query of [
      `?agent=${colleague.agentId}`,
      `?agentId=${colleague.agentId}`,
      `?referentId=${colleague.agentId}&months=24`,
    ])
      expect(plain((await open(me, query)).text)).toContain('5 convocations manquées sur 20');
  });

  it('says so to whoever is referent of nobody, an administrator too', async () => {
    for (const role of ['admin', 'bex'] as const) {
      const { organizationId } = service;
      const page = await open(await aSignedInAgent(test.dataSource, { organizationId, role }));
      expect(page.text).toContain('Vous n’êtes le référent de personne');
      expect(page.text).not.toContain('manquées sur');
    }
  });

  it('looks back as far as asked', async () => {
    const { text } = await open(me, '?months=3');
    expect(plain(text)).toContain('depuis 3 mois');
    expect((await open(me, '?months=-1')).text).toContain('depuis 12 mois');
  });

  it('asks who it is first', async () => {
    const answer = await receive(fetch(`${test.baseUrl}/absence/mine`, { redirect: 'manual' }));
    expect([302, 303, 401]).toContain(answer.status);
  });
});

describe('the definitions', () => {
  it('are one page for every agent, and stand on the public page in the same words', async () => {
    const page = await open(me).then(() =>
      receive(fetch(`${test.baseUrl}/absence/definitions`, { headers: { cookie: me.cookie } })),
    );
    const sheet = await receive(fetch(`${test.baseUrl}/chiffres`));
    const list = (html: string) => /<dl class="definitions">.*?<\/dl>/s.exec(html)?.[0];
    expect(list(page.text)).toContain('manquées ÷ (honorées + manquées + excusées)'.replace(' ÷', '\u00a0÷'));
    expect(list(page.text)).toBe(list(sheet.text));
  });
});
