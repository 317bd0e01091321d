import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnv } from '../../config/load-env.js';
import { applyText } from '../../src/cli/apply.command.js';
import { examine } from '../../src/cli/doctor.js';
import { seedVolume } from '../../src/cli/seed-volume.js';
import type { FileFaults } from '../../src/cli/yaml-reader.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { openedContacts } from '../support/contacts.js';

const EXAMPLE = readFileSync(join(__dirname, '../../docs/service.example.yaml'), 'utf8');
const PUBLIC = { PUBLIC_BASE_URL: 'https://rdv.example' };

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase({ poolSize: 1 });
});
afterEach(() => database.drop());

const apply = (text: string) => database.dataSource.transaction((tx) => applyText(tx, PUBLIC, text));

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return database.dataSource.query(sql);
}

describe('cli apply', () => {
  it('makes a service of an empty database, and a sign-in link for each agent', async () => {
    const applied = await apply(EXAMPLE);
    expect(applied).toMatchObject({ updated: 0, unchanged: 0 });
    expect(applied.signInLinks.map(({ email }) => email).sort()).toEqual([
      'anna.vauquelin@justice.example',
      'claire.montauban@justice.example',
      'hector.villandry@justice.example',
      'ines.caradec@justice.example',
    ]);
    expect(applied.signInLinks.every(({ url }) => url.startsWith('https://rdv.example/'))).toBe(true);
    expect(applied.slotsOpened).toBeGreaterThan(20);
    expect(
      await rowsOf(
        'SELECT phone, rolled_out_on FROM place JOIN organization o ON o.id = organization_id ORDER BY place.name',
      ),
    ).toEqual([
      { phone: '+33199005192', rolled_out_on: '2026-09-01' },
      { phone: '+33199005193', rolled_out_on: null },
    ]);
    expect(await rowsOf(`SELECT email FROM agent WHERE role = 'admin'`)).toEqual([
      { email: 'anna.vauquelin@justice.example' },
    ]);
    expect(await rowsOf('SELECT started_on FROM rollout')).toEqual([{ started_on: '2026-09-01' }]);
  });

  it('changes nothing the second time', async () => {
    const first = await apply(EXAMPLE);
    const again = await apply(EXAMPLE);
    expect(again).toEqual({
      created: 0,
      updated: 0,
      unchanged: first.created,
      slotsOpened: 0,
      signInLinks: [],
    });
  });

  it('writes only the difference', async () => {
    await apply(EXAMPLE);
    const applied = await apply(EXAMPLE.replace('18 rue des Cordiers', '20 rue des Cordiers'));
    expect(applied).toMatchObject({ created: 0, updated: 1 });
    expect(await rowsOf(`SELECT address FROM place WHERE name = 'SPIP 92 Nanterre'`)).toEqual([
      { address: '20 rue des Cordiers, 92000 Nanterre' },
    ]);
  });

  it('names every faulty line and changes nothing', async () => {
    const faulty = EXAMPLE.replace('kind: spip #', 'kind: spipx #')
      .replace('weekday: monday', 'weekday: lundi')
      .replace('2026-12-24', '2026-02-30')
      .replace('01 99 00 51 93', '12')
      .replace('- court:', '- cour:');
    const lineOf = (text: string) => faulty.split('\n').findIndex((line) => line.includes(text)) + 1;
    const faults = await apply(faulty).then(
      () => [],
      (error: unknown) => (error as FileFaults).faults,
    );
    expect(faults.map(({ line }) => line)).toEqual([
      lineOf('kind: spipx'),
      lineOf('2026-02-30'),
      lineOf('weekday: lundi'),
      lineOf('phone: 12'),
      lineOf('- cour:'),
      lineOf('- cour:'),
    ]);
    expect(await rowsOf('SELECT FROM organization')).toEqual([]);
  });

  it('takes all of it or nothing', async () => {
    await expect(apply(EXAMPLE.replace('court: TJ Nanterre', 'court: TJ Ailleurs'))).rejects.toThrow(
      'TJ Ailleurs',
    );
    expect(await rowsOf('SELECT FROM organization')).toEqual([]);
    expect(await rowsOf('SELECT FROM sign_in_link')).toEqual([]);
  });

  it.each(['', '- a', 'organizations: 3', 'organizations: [', 'organizations: [{}]', 'surprise: 1'])(
    'refuses %p with a line',
    async (text) => {
      if (text === '') return expect(apply(text)).rejects.toMatchObject({ faults: [{ line: 1 }] });
      await expect(apply(text)).rejects.toMatchObject({
        faults: expect.arrayContaining([expect.objectContaining({ line: 1 })]) as unknown,
      });
    },
  );
});

describe('cli seed volume', () => {
  it.each(['2026-06-10T03:00:00Z', '2026-06-10T10:00:00Z', '2026-06-10T17:00:00Z', '2026-06-10T22:30:00Z'])(
    'has exactly K messages due at %s, where the window is open, and nothing else within a day',
    async (now) => {
      await moveClock(database.dataSource, now);
      const seeded = await database.dataSource.transaction((tx) =>
        seedVolume(tx, { persons: 40, convocations: 100, dueNow: 30 }),
      );
      expect(seeded).toEqual({ persons: 40, convocations: 100, dueNow: 30 });
      const near = await rowsOf(
        `SELECT p.phone_id AS phone, m.state, m.due_at <= app_now() AND m.useful_until > app_now() AS due,
              (app_now() AT TIME ZONE c.time_zone)::time BETWEEN '08:00' AND '20:00' AS open
         FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
        WHERE m.due_at BETWEEN app_now() - interval '1 day' AND app_now() + interval '1 day'`,
      );
      expect(near).toHaveLength(30);
      expect(new Set(near.map(({ phone }) => phone)).size).toBe(30);
      for (const row of near) expect(row).toMatchObject({ state: 'planned', due: true, open: true });
      const numbers = await openedContacts(database.dataSource);
      expect(near.filter(({ phone }) => !/[0-8]\d$/.test(numbers.get(String(phone)) ?? ''))).toEqual([]);
    },
  );

  it('goes on with other persons when it is run again', async () => {
    for (let run = 0; run < 2; run++)
      await database.dataSource.transaction((tx) =>
        seedVolume(tx, { persons: 20, convocations: 0, dueNow: 5 }),
      );
    expect(
      await rowsOf('SELECT count(*)::integer AS n, count(DISTINCT phone_id)::integer AS phones FROM person'),
    ).toEqual([{ n: 40, phones: 40 }]);
  });
});

describe('cli doctor', () => {
  const env = (over: Record<string, string> = {}) =>
    loadEnv({
      APP_ENV: 'test',
      DATABASE_URL: database.url,
      PUBLIC_BASE_URL: 'http://127.0.0.1:3000',
      SECRET_KEYS: 'k'.repeat(32),
      ...over,
    });
  const stateOf = async (subject: string, over?: Record<string, string>) =>
    (await examine(env(over))).find((finding) => finding.subject === subject)?.state;

  it('finds nothing wrong with a migrated database', async () => {
    expect((await examine(env())).filter(({ state }) => state === 'fault')).toEqual([]);
  });

  it.each([
    ['environment', { APP_ENV: 'staging' }],
    ['database', { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }],
    ['queue', { REDIS_URL: 'redis://127.0.0.1:1' }],
    ['mail', { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'rdv@justice.example' }],
  ])('tells a fault of the %s', async (subject, over) => {
    expect(await stateOf(subject, over as unknown as Record<string, string>)).toBe('fault');
  });

  it('tells that what every text carries speaks of justice', async () => {
    expect(await stateOf('discretion')).toBe('ok');
    expect(await stateOf('discretion', { PUBLIC_BASE_URL: 'https://rdv.justice.example' })).toBe('warning');
  });

  it('tells that the application is the owner', async () => {
    expect(await stateOf('rights', { DATABASE_URL: database.ownerUrl })).toBe('warning');
  });
});
