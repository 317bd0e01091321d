import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { actWords } from '../../src/back-office/journal/journal-words.js';
import { nameOf } from '../matrix/play.js';
import type { TestApp } from '../support/app.js';
import type { Browser } from '../support/browser-lite.js';
import { aPerson, anOrganization } from '../support/builders.js';
import { type ChangeWitness, watchChanges } from '../support/change-witness.js';
import type { ApiClient } from '../support/client.js';
import { JournaledService } from '../support/journaled-service.js';
import { withoutRandom } from '../support/random-parts.js';

const journaled = new JournaledService();
const { told, person, booked } = journaled;
let web: TestApp;
let service: JournaledService['service'];
let api: ApiClient;
let cpip: Browser;
let cpipId: string;
let director: Browser;
let admin: Browser;

beforeAll(async () => {
  await journaled.open();
  ({ web, service, api, cpip, cpipId, director, admin } = journaled);
});
afterAll(() => journaled.close());

describe('a look at a file', () => {
  it.each([
    ['/persons/:person', 'GET /persons/:id'],
    ['/persons/:person/edit', 'GET /persons/:id/edit'],
    ['/persons/:person/convoke', 'GET /persons/:id/convoke'],
    ['/convocations/:convocation', 'GET /convocations/:id'],
    ['/convocations/:convocation/reschedule', 'GET /convocations/:id/reschedule'],
  ])('leaves exactly one entry: %s', async (path, route) => {
    const personId = await person();
    const convocationId = await booked(personId, `10:${String(path.length)}`);
    const address = path.replace(':person', personId).replace(':convocation', convocationId);
    const entries = await told(async () => expect((await cpip.get(address)).status).toBe(200));
    expect(entries).toEqual([
      expect.objectContaining({
        action: 'file.read',
        agentId: cpipId,
        byKey: false,
        personId,
        organizationId: service.organizationId,
        detail: { route },
      }),
    ]);
  });

  it('has words on every page that may show the file, forms that come back too', () => {
    const routes = web.app.get(RouteDeclarations).routes().map(nameOf);
    const aboutAFile = routes.filter((name) =>
      / (\/api\/v1)?\/(persons|convocations|certificates)\/:/.test(name),
    );
    expect(aboutAFile.length).toBeGreaterThan(30);
    const wordsOf = (route: string) => actWords({ action: 'file.read', detail: { route } }).more;
    expect(aboutAFile.filter((route) => wordsOf(route) === null)).toEqual([]);
    expect(wordsOf('POST /convocations/:id/cancel')).toBe('page d’une convocation');
  });

  it('leaves exactly one entry through the API, of the program', async () => {
    const personId = await person();
    const entries = await told(() => api.get(`/persons/${personId}`));
    expect(entries).toEqual([
      expect.objectContaining({ action: 'file.read', agentId: null, byKey: true, personId }),
    ]);
  });

  it('leaves none when the file is of another service, or there is none', async () => {
    const elsewhere = await aPerson(web.dataSource, {
      organizationIds: [await anOrganization(web.dataSource)],
    });
    const entries = await told(async () => {
      for (const id of [elsewhere, '00000000-0000-4000-8000-000000000000', 'x'])
        expect((await cpip.get(`/persons/${id}`)).status).toBe(404);
    });
    expect(entries).toEqual([]);
  });
});

describe('a search', () => {
  it('is told by what kind of thing and with how many hits, never with what was typed', async () => {
    await person({ lastName: 'Zygomatique', firstName: 'Ulysse' });
    const entries = await told(async () => {
      const page = await cpip.submit(await cpip.form('/persons/search', '/persons/search'), {
        query: 'Zygomat 14/04/1990',
      });
      expect(page.status).toBe(200);
      expect((await api.post('/persons/search', { query: 'zygomatique' })).body.items).toHaveLength(1);
      await api.post('/persons/search', { query: '06 98 76 54 32' });
    });
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ['person.searched', { criteria: ['name', 'birthDate'], found: 0 }],
      ['person.searched', { criteria: ['name'], found: 1 }],
      ['person.searched', { criteria: ['phone'], found: 0 }],
    ]);
    const [row] = await web.dataSource.query<{ all: string }[]>(
      `SELECT string_agg(e::text, ' ') AS all FROM journal_entry e`,
    );
    expect(row?.all).toContain('person.searched');
    expect(row?.all).not.toMatch(/zygomat|698765432/i);
    // Ids, hashes and fractions of a second may hold these digits by chance.
    expect(withoutRandom(row?.all ?? '')).not.toMatch(/1990|54 ?32/);
  });
});

describe('a change', () => {
  it('is told once, instead of the look that went before it', async () => {
    const personId = await person();
    const form = await cpip.form(`/persons/${personId}/edit`, `/persons/${personId}/edit`);
    const entries = await told(() => cpip.submit(form, { firstName: 'Ondine' }));
    expect(entries).toEqual([
      expect.objectContaining({
        action: 'file.changed',
        agentId: cpipId,
        personId,
        detail: { event: 'person.updated' },
      }),
    ]);
  });

  it('that was refused tells the look at the form it brings back, and no change', async () => {
    const personId = await person();
    const form = await cpip.form(`/persons/${personId}/edit`, `/persons/${personId}/edit`);
    const entries = await told(async () =>
      expect((await cpip.submit(form, { firstName: '' })).status).toBe(400),
    );
    expect(entries.map(({ action }) => action)).toEqual(['file.read']);
  });

  it('that says nothing of itself is told by its route', async () => {
    const form = await admin.form('/territories', '/territories');
    const entries = await told(() =>
      admin.submit(form, {
        territory: 'RE',
        operator: '',
        poorCoverage: 'true',
        earlierHours: '3',
        act: 'apply',
      }),
    );
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ['route.written', { route: 'POST /territories' }],
    ]);
  });
});

describe('whatever changes a row through a route', () => {
  let witness: ChangeWitness;
  beforeAll(async () => {
    witness = await watchChanges(web.ownerUrl);
  });
  afterAll(() => witness.close());

  it('leaves an entry in the same transaction', async () => {
    const registered = await api.post('/persons', {
      firstName: 'Ada',
      lastName: 'Brune',
      phone: '0612345678',
    });
    const personId = registered.body.id as string;
    const slot = { agendaId: service.agendaId, typeCode: 'suivi-spip', date: '2026-06-17', time: '09:00' };
    await api.post('/slots', { ...slot, durationMinutes: 30, capacity: 2 });
    const convocationId = await booked(personId, '15:00');
    await api.post(`/convocations/${convocationId}/reschedule`, {
      ...slot,
      time: '16:00',
      typeCode: undefined,
    });
    await api.post(`/convocations/${convocationId}/cancel`, {});
    await api.patch(
      `/persons/${personId}`,
      { firstName: 'Adèle' },
      { 'If-Match': `"${registered.body.updatedAt as string}"` },
    );
    for (const path of [
      '/plans/edit',
      '/territories',
      '/absence',
      '/rollouts',
      `/persons/${personId}/edit`,
    ]) {
      const page = await admin.get(path);
      expect(page.status).toBe(200);
    }
    const stop = await cpip.form(`/persons/${personId}`, `/persons/${personId}/stop-messages`);
    await cpip.submit(stop, {});
    expect(await witness.changes()).toBeGreaterThan(5);
    expect(await witness.unjournaled()).toEqual([]);
  });
});

describe('an export', () => {
  it('is told', async () => {
    const entries = await told(async () =>
      expect((await director.get('/absence/export?format=csv')).status).toBe(200),
    );
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ['export.made', { route: 'GET /absence/export' }],
    ]);
  });
});

describe('« qui a vu ce dossier »', () => {
  it('names who looked, from which service and when, and tells the look at itself', async () => {
    const personId = await person();
    for (let i = 0; i < 3; i++) await cpip.get(`/persons/${personId}`);
    const entries = await told(async () => {
      const page = await director.get(`/persons/${personId}/journal`);
      expect(page.status).toBe(200);
      expect(page.text).toContain('Camille Martin');
      expect(page.text).toContain('SPIP de la Rivière');
      expect(page.text).toMatch(/Dossier consulté, 3.fois/);
    });
    expect(entries.map(({ action, personId: whose }) => [action, whose])).toEqual([
      ['journal.read', personId],
    ]);
  });

  it('is for those who answer for the service, of their own persons only', async () => {
    const personId = await person();
    expect((await cpip.get(`/persons/${personId}/journal`)).status).toBe(403);
    const elsewhere = await aPerson(web.dataSource, {
      organizationIds: [await anOrganization(web.dataSource)],
    });
    expect((await director.get(`/persons/${elsewhere}/journal`)).status).toBe(404);
    expect((await admin.get(`/persons/${elsewhere}/journal`)).status).toBe(200);
  });

  it('goes on page by page', async () => {
    const personId = await person();
    for (let i = 0; i < 60; i++) {
      await cpip.get(`/persons/${personId}`);
      await cpip.get(`/persons/${personId}/edit`);
    }
    const first = await director.get(`/persons/${personId}/journal`);
    const older = /href="(\/persons\/[^"]+cursor=[^"]+)"/.exec(first.text)?.[1] ?? '';
    const second = await director.get(older.replaceAll('&amp;', '&'));
    const rows = (text: string) => text.match(/class="when"/g)?.length ?? 0;
    expect([rows(first.text), rows(second.text)]).toEqual([100, 20]);
    expect((await director.get(`/persons/${personId}/journal?cursor=wrong`)).status).toBe(400);
  });
});

describe('the journal of an agent', () => {
  it('names the files of the reader’s service, and not those of others', async () => {
    const mine = await person({ firstName: 'Ysoline', lastName: 'Trèfle' });
    await cpip.get(`/persons/${mine}`);
    const page = await admin.get(`/agents/${cpipId}/journal`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Ysoline Trèfle');
    expect((await cpip.get(`/agents/${cpipId}/journal`)).status).toBe(403);
    expect((await director.get(`/agents/${cpipId}/journal`)).status).toBe(403);
  });
});
