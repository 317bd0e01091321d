import { DataSource, type Logger } from 'typeorm';
import type { Role } from '../../src/access/domain/roles.js';
import { FoldBreakdowns } from '../../src/statistics/fold-breakdowns.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { aPerson, aPlace, anAgenda, anOrganization, aSignedInAgent } from '../support/builders.js';
import { moveClock } from '../support/database.js';

/** Statements of one page, session and settings included; one more with a type, two with imported months. */
const MOST_STATEMENTS = 8;

let web: TestApp;
let serviceId: string;
let elsewhereId: string;
const statements: string[] = [];

beforeAll(async () => {
  web = await startTestApp();
  await moveClock(web.dataSource, '2026-06-20T10:00:00Z');
  serviceId = await anOrganization(web.dataSource, { name: 'SPIP de la Plaine' });
  elsewhereId = await anOrganization(web.dataSource, { name: 'SPIP du Vallon' });
  await anyMonths(serviceId, '2024-10-01', 20);
  await anyMonths(elsewhereId, '2026-01-01', 3);
  await web.dataSource.query(`INSERT INTO rollout (organization_id, started_on) VALUES ($1, '2025-10-01')`, [
    serviceId,
  ]);
  await web.dataSource.transaction((tx) => new FoldBreakdowns().execute(tx));
});
afterAll(() => web.close());

/** 30 visits a month of ten persons: four of ten missed before October 2025, two of ten since. */
async function anyMonths(organizationId: string, from: string, months: number): Promise<void> {
  const placeId = await aPlace(web.dataSource, { organizationId });
  const agendaId = await anAgenda(web.dataSource, { placeId });
  const persons: string[] = [];
  for (let i = 0; i < 10; i++)
    persons.push(
      await aPerson(web.dataSource, { organizationIds: [organizationId], lastName: `Canari ${i}` }),
    );
  await web.dataSource.query(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
       starts_at, state, created_by_organization_id, created_at)
     SELECT ($1::uuid[])[1 + i % 10], 'suivi-spip', $2, $3, $4, day, '09:00', 'Europe/Paris',
            (day + time '09:00') AT TIME ZONE 'Europe/Paris',
            CASE WHEN i % 10 < CASE WHEN day < '2025-10-01' THEN 4 ELSE 2 END THEN 'missed' ELSE 'attended' END, $4,
            day - interval '9 days'
       FROM generate_series(0, $6::integer - 1) AS m, generate_series(0, 29) AS i,
            LATERAL (SELECT ($5::date + make_interval(months => m))::date + i % 28 AS day) AS d
      WHERE (day + time '09:00') AT TIME ZONE 'Europe/Paris' < app_now()`,
    [persons, agendaId, placeId, organizationId, from, months],
  );
}

async function signedIn(role: Role, organizationId = serviceId): Promise<Browser> {
  const agent = await aSignedInAgent(web.dataSource, { organizationId, role });
  return new Browser(web.baseUrl, agent.cookie);
}

const PAGE = '/absence?from=2025-01&to=2026-05';

describe('the absence page of a service', () => {
  it('says the figure, its interval and its limit first', async () => {
    const { text } = await (await signedIn('dpip')).get(PAGE);
    expect(text).toContain('<strong>20,0\u00a0% des convocations sont manquées</strong>');
    expect(text).toMatch(/contre 40,0\u00a0% avant/);
    expect(text).toContain('−20,0\u00a0points');
    expect(text).toMatch(/entre −\d+,\d et −\d+,\d \(intervalle à 95/);
    expect(text).toContain('ne prouve pas à elle seule l’effet du service');
    expect(text).toContain('48\u00a0manquées sur 240\u00a0issues connues depuis la mise en service');
  });

  it('tells the same months in the drawing and in its tables', async () => {
    const { text } = await (await signedIn('dpip')).get(PAGE);
    expect(text).toContain('Taux d’absence par mois, janvier\u00a02025 à mai\u00a02026');
    expect(text).toContain('Mise en service le 1ᵉʳ\u00a0octobre\u00a02025.');
    const rows = [...text.matchAll(/<tr><th scope="row">([A-ZÉ][a-zéû]+\.?)\u00a0(20\d\d)/g)];
    expect(rows).toHaveLength(17);
  });

  it('says why what cannot be concluded is not', async () => {
    const { text } = await (await signedIn('dpip')).get(PAGE);
    const refused = /Saison et tendance retirées<\/span><p>([^<]+)<\/p>/.exec(text)?.[1] ?? '';
    expect(refused).toMatch(/24/);
  });

  it('tells absence by property of the convocation, as an association', async () => {
    const { text } = await (await signedIn('dpip')).get(PAGE);
    for (const title of ['Par type de convocation', 'Par âge', 'Selon le rappel', 'Par délai'])
      expect(text).toContain(title);
    expect(text).toContain('C’est une association, pas un effet.');
    expect(text).toContain('Chiffres arrêtés à cette nuit');
  });

  it('shows a director the own service only, whatever the address asks for', async () => {
    const { text } = await (await signedIn('dpip')).get(`/absence?service=${elsewhereId}`);
    expect(text).toContain('Absence, SPIP de la Plaine');
    expect(text).not.toContain('SPIP du Vallon');
    const admin = await (await signedIn('admin')).get(`/absence?service=${elsewhereId}`);
    expect(admin.text).toContain('Absence, SPIP du Vallon');
  });

  it('narrows to a type and a period of the address', async () => {
    const { text } = await (await signedIn('dpip')).get(`${PAGE}&type=visite-domicile`);
    expect(text).toContain('Visite à domicile.');
    expect(text).toContain('Aucune issue n’est connue sur la période.');
    const short = await (await signedIn('dpip')).get('/absence?from=2026-03&to=2026-04');
    expect(short.text).toContain('Mars\u00a02026 à avril\u00a02026');
  });

  it('says nothing of anybody', async () => {
    const { text } = await (await signedIn('dpip')).get(PAGE);
    for (const canary of ['Canari', '+336', 'Dominique']) expect(text).not.toContain(canary);
  });

  it.each(['dpip', 'admin'] as const)(
    'asks a bounded number of questions for a %s, none of them over the convocations',
    async (role) => {
      const agent = await signedIn(role);
      await agent.get('/absence');
      record();
      await agent.get('/absence');
      const asked = statements.filter((sql) => !/^(START TRANSACTION|COMMIT)/.test(sql));
      expect(asked.length).toBeGreaterThan(5);
      expect(asked.length).toBeLessThanOrEqual(MOST_STATEMENTS);
      const counting = asked.filter((sql) => /count\(\*\).*FROM convocation\b/is.test(sql));
      expect(counting).toEqual([]);
    },
  );
});

describe('the unit costs of a service', () => {
  const typed = {
    letter: '2',
    registered: '7,50',
    hour: '40',
    letters: '1,5',
    registeredLetters: '0',
    minutes: '30',
  };

  it('are changed by its administrator, and change what is spared', async () => {
    const agent = await signedIn('local-admin');
    const form = await agent.form(PAGE, '/absence/unit-costs');
    const answer = await agent.submit(form, typed);
    expect(answer.status).toBe(303);
    const { text } = await agent.get(answer.headers.get('location')?.split('#')[0] ?? '');
    expect(text).toContain('Les coûts du service sont enregistrés.');
    expect(text).toContain('1,5\u00a0lettre à 2,00\u00a0€');
    expect(text).toContain('30\u00a0minutes d’agent à 40,00\u00a0€');
  });

  it('come back with a sentence at the field when they are none, as typed', async () => {
    const agent = await signedIn('local-admin');
    const form = await agent.form(PAGE, '/absence/unit-costs');
    const answer = await agent.submit(form, { ...typed, letter: 'deux', minutes: '12,5' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(
      'Une lettre\u00a0: donnez un nombre à deux décimales au plus, de 0 à 1000 €.',
    );
    expect(answer.text).toMatch(/id="letter" name="letter" value="deux"[^>]*aria-invalid="true"/);
    expect(answer.text).toMatch(/id="minutes" name="minutes" value="12,5"/);
  });

  it('are not for a director, nor for the administrator of another service', async () => {
    expect((await (await signedIn('dpip')).get(PAGE)).text).not.toContain('unit-costs"');
    const agent = await signedIn('local-admin', elsewhereId);
    const form = await agent.form('/absence', '/absence/unit-costs');
    expect((await agent.submit(form, { ...typed, service: serviceId })).status).toBe(404);
  });
});

describe('the home page of a director', () => {
  it('shows absence this month, a year ago and before the start, with intervals', async () => {
    const { text } = await (await signedIn('dpip')).get('/');
    for (const label of ['Juin\u00a02026', 'Juin\u00a02025', 'Avant la mise en service'])
      expect(text).toContain(label);
    expect(text).toMatch(/, de \d+ à \d+\u00a0%/);
    expect((await (await signedIn('cpip')).get('/')).text).not.toContain('Avant la mise en service');
  });
});

function record(): void {
  statements.length = 0;
  const logger: Logger = {
    logQuery: (sql) => void statements.push(sql.trim()),
    logQueryError: () => undefined,
    logQuerySlow: () => undefined,
    logSchemaBuild: () => undefined,
    logMigration: () => undefined,
    log: () => undefined,
  };
  web.app.get(DataSource).logger = logger;
}
