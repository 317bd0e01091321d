import { startTestApp, type TestApp } from '../support/app.js';
import { type AttendedService, anAttendedService, writePast } from '../support/attendance.js';
import { aSignedInAgent } from '../support/builders.js';
import { receive } from '../support/client.js';
import { moveClock } from '../support/database.js';
import type { Role } from '../../src/access/domain/roles.js';

const NAMES = ['Ajoncs', 'Bruyères', 'Chênes', 'Dunes', 'Églantiers', 'Frênes', 'Genêts'] as const;

let test: TestApp;
const services = new Map<string, AttendedService>();

beforeAll(async () => {
  test = await startTestApp();
  await moveClock(test.dataSource, '2026-06-10T10:00:00Z');
  for (const [at, name] of NAMES.entries()) {
    const service = await anAttendedService(test.dataSource, {
      name: `SPIP ${name}`,
      startedOn: `2026-0${(at % 3) + 2}-01`,
    });
    services.set(name, service);
    for (const month of ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'])
      await writePast(test.dataSource, service, {
        month,
        attended: 70 + at * 11,
        missed: 20 + (name === 'Genêts' ? 60 : 0),
        booked: name === 'Dunes' ? 9 : 0,
      });
  }
  await anAttendedService(test.dataSource, { name: 'TJ Houx', kind: 'tj' });
});

afterAll(() => test.close());

async function open(role: Role, service: string, query = '') {
  const { organizationId } = services.get(service) ?? { organizationId: '' };
  const { cookie } = await aSignedInAgent(test.dataSource, { organizationId, role });
  return receive(
    fetch(`${test.baseUrl}/absence/national${query}`, { headers: { cookie }, redirect: 'manual' }),
  );
}

const namesOf = (html: string) =>
  [...html.matchAll(/<th scope="row"><a href="\/absence\?service=[^"]+">([^<]+)/g)].map(([, name]) => name);

describe('the national page', () => {
  it('shows a central administrator every service of the kind, by name', async () => {
    const { status, text } = await open('admin', 'Chênes');
    expect(status).toBe(200);
    expect(namesOf(text)).toEqual(NAMES.map((name) => `SPIP ${name}`));
    expect(text).toContain('hors des limites à 99,8\u00a0%');
    expect(text).toContain('Effet de la mise en service');
  });

  it.each(['dpip', 'local-admin'] as const)(
    'tells %s of no other service, neither by name nor by id nor by its counts',
    async (role) => {
      for (const query of ['', '?kind=all', '?kind=tj&sort=rate', '?from=2020-01&to=2026-06']) {
        const { status, text } = await open(role, 'Chênes', query);
        expect(status).toBe(200);
        expect(namesOf(text)).toEqual(['SPIP Chênes']);
        for (const [name, { organizationId }] of services) {
          if (name === 'Chênes') continue;
          expect(text).not.toContain(name);
          expect(text).not.toContain(organizationId);
        }
        expect(text).not.toContain('Houx');
      }
      const { text } = await open(role, 'Chênes');
      expect(text).toContain('Autres services');
      // 5 × (70 + 80) outcomes of the service with many absences; 5 × 131 of another.
      expect(text).not.toMatch(/\b(1\u202f080|655)\b/);
    },
  );

  it('compares nobody when the others are too few to hide among', async () => {
    const { text } = await open('dpip', 'Chênes', '?type=suivi-jap');
    expect(text).toContain('Trop peu de services');
  });

  it('is refused to whoever does not manage a service', async () => {
    expect((await open('cpip', 'Chênes')).status).toBe(403);
  });

  it('orders by name unless asked otherwise', async () => {
    const byRate = namesOf((await open('admin', 'Chênes', '?sort=rate')).text);
    expect(byRate.at(-1)).toBe('SPIP Genêts');
    expect(namesOf((await open('admin', 'Chênes', '?sort=unknown')).text)[0]).toBe('SPIP Dunes');
    expect(namesOf((await open('admin', 'Chênes', '?sort=nonsense')).text)[0]).toBe('SPIP Ajoncs');
  });

  it('marks a service of which more than two outcomes in a hundred are unknown', async () => {
    const { text } = await open('admin', 'Chênes');
    expect(text.match(/plus de 2\u00a0%/g)).toHaveLength(1);
  });

  it.each([
    '?from=x&to=y',
    '?from=2026-06&to=2020-01',
    '?type=%27%3B--',
    '?kind=a&kind=b',
    '?from=1900-01&to=2099-12',
  ])('shows something sensible for %s', async (query) => {
    expect((await open('admin', 'Chênes', query)).status).toBe(200);
  });
});
