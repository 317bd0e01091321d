import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { aPerson, aService, aSignedInAgent, anOrganization } from '../support/builders.js';
import { type ChangeWitness, watchChanges } from '../support/change-witness.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { textOfPdf } from '../support/pdf-text.js';
import { withoutRandom } from '../support/random-parts.js';

interface Entry {
  readonly action: string;
  readonly agentId: string | null;
  readonly byKey: boolean;
  readonly personId: string | null;
  readonly objectId: string | null;
  readonly organizationId: string | null;
  readonly detail: Record<string, unknown>;
}

let web: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let api: ApiClient;
let cpip: Browser;
let cpipId: string;
let director: Browser;
let admin: Browser;

beforeAll(async () => {
  web = await startTestApp();
  await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
  service = await aService(web.dataSource, { name: 'SPIP de la Rivière' });
  api = new ApiClient(web.baseUrl, service.key);
  const { organizationId } = service;
  const signed = await aSignedInAgent(web.dataSource, { organizationId, role: 'cpip' });
  cpip = new Browser(web.baseUrl, signed.cookie);
  cpipId = signed.agentId;
  const as = async (role: 'dpip' | 'admin') =>
    new Browser(web.baseUrl, (await aSignedInAgent(web.dataSource, { organizationId, role })).cookie);
  [director, admin] = [await as('dpip'), await as('admin')];
});
afterAll(() => web.close());

/** What the journal gained while `work` ran. */
async function told(work: () => Promise<unknown>): Promise<Entry[]> {
  const before: { id: string }[] = await web.dataSource.query('SELECT id FROM journal_entry');
  await work();
  return web.dataSource.query(
    `SELECT action, agent_id AS "agentId", api_key_id IS NOT NULL AS "byKey", person_id AS "personId",
       object_id AS "objectId", organization_id AS "organizationId", detail
     FROM journal_entry WHERE id <> ALL($1::uuid[]) ORDER BY id`,
    [before.map(({ id }) => id)],
  );
}

const person = (names: { firstName?: string; lastName?: string } = {}) =>
  aPerson(web.dataSource, { organizationIds: [service.organizationId], ...names });

async function booked(personId: string, time: string): Promise<string> {
  const target = { agendaId: service.agendaId, typeCode: 'suivi-spip', date: '2026-06-16', time };
  return (await api.post('/convocations', { personId, ...target, notify: true })).body.id as string;
}

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

describe('a certificate of what was sent', () => {
  let personId: string;
  let file: string;
  let paper: string;

  async function issue(): Promise<string> {
    const path = `/persons/${personId}/certificate`;
    const answer = await cpip.submit(await cpip.form(path, path), {});
    expect(answer.status).toBe(303);
    return answer.headers.get('location') ?? '';
  }

  const textOf = async (path: string) => {
    const response = await fetch(web.baseUrl + path, { headers: { cookie: cpip.cookieHeader() } });
    expect(response.headers.get('content-type')).toBe('application/pdf');
    return textOfPdf(Buffer.from(await response.arrayBuffer()));
  };

  async function check(code: string): Promise<string> {
    const answer = await admin.submit(await admin.form('/certificates/check', '/certificates/check'), {
      code,
    });
    return answer.text;
  }

  const codeOf = (text: string) => /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/.exec(text)?.[0] ?? '';

  beforeAll(async () => {
    personId = await person({ firstName: 'Sidonie', lastName: 'Valmy' });
    const convocationId = await booked(personId, '11:30');
    const [message] = await web.dataSource.query<{ id: string }[]>(
      `SELECT id FROM message WHERE convocation_id = $1 AND kind = 'summons'`,
      [convocationId],
    );
    const [attempt] = await web.dataSource.query<{ id: string }[]>(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
         segments, started_at, real_started_at, answered_at, operator_message_id, result)
       SELECT gen_random_uuid(), $1, 1, 'sms', 'twilio', 'MonSuiviJus', p.phone_id, sha256('token'), sha256('texte'), 1,
         app_now(), now(), app_now(), 'SMfa8c0de9', 'delivered'
       FROM person p WHERE p.id = $2 RETURNING id`,
      [message?.id, personId],
    );
    await web.dataSource.query(
      `INSERT INTO receipt (attempt_id, operator_message_id, status) VALUES ($1, 'SMfa8c0de9', 'delivered')`,
      [attempt?.id],
    );
    await moveClock(web.dataSource, '2026-06-09T08:05:00Z');
    const entries = await told(async () => {
      file = await issue();
    });
    expect(entries.at(-1)).toMatchObject({ action: 'certificate.issued', personId, detail: { calls: 1 } });
    paper = await textOf(file);
  });

  it('says who, what, when, by which operator, with which receipt, and what is not known', () => {
    const words = paper.replace(/\s+/g, ' ');
    for (const said of [
      'Attestation d’envoi de messages',
      'Sidonie Valmy',
      'SPIP de la Rivière',
      'SMfa8c0de9',
      'MonSuiviJus',
      'reçu par le téléphone, mardi 9 juin 2026',
      'version du modèle non connue',
      'Elle ne dit pas que la personne a lu',
    ])
      expect(words).toContain(said);
    expect(words).not.toContain('12345678');
    expect(words).toContain('78');
  });

  it('is confirmed by its code, in any typing, to an agent of any service', async () => {
    const code = codeOf(paper);
    for (const typed of [code, code.toLowerCase().replaceAll('-', ' ')]) {
      const page = await check(typed);
      expect(page).toContain('Attestation authentique');
      expect(page).toContain('SPIP de la Rivière');
      expect(page).not.toContain('Valmy');
    }
    expect(await check('0000-0000-0000-0000')).toContain('Aucune attestation');
    expect(await check('n’importe quoi')).toContain('seize lettres et chiffres');
  });

  it('stays true when the operator says more later, and is denied when the past was changed', async () => {
    const code = codeOf(paper);
    await web.dataSource.query(
      `INSERT INTO receipt (attempt_id, operator_message_id, status, received_at)
       SELECT id, 'SMfa8c0de9', 'read', app_now() FROM delivery_attempt WHERE operator_message_id = 'SMfa8c0de9'`,
    );
    await moveClock(web.dataSource, '2026-06-09T08:10:00Z');
    expect(await check(code)).toContain('Attestation authentique');
    expect(await textOf(file)).toBe(paper);
    await web.dataSource.query(
      `UPDATE receipt SET status = 'undelivered' WHERE operator_message_id = 'SMfa8c0de9' AND status = 'delivered'`,
    );
    expect(await check(code)).toContain('ses données ont changé');
    expect(await textOf(file)).toContain('ATTENTION');
  });

  it('is not to be had for a person of another service', async () => {
    const elsewhere = await aPerson(web.dataSource, {
      organizationIds: [await anOrganization(web.dataSource)],
    });
    expect((await cpip.get(`/persons/${elsewhere}/certificate`)).status).toBe(404);
    const convocationId = await booked(await person(), '14:10');
    expect((await cpip.get(`/persons/${personId}/certificate?convocation=${convocationId}`)).status).toBe(
      404,
    );
  });
});
