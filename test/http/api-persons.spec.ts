import { aPerson, aService, anApiKey, anOrganization } from '../support/builders.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { moveClock } from '../support/database.js';
import { ApiClient } from '../support/client.js';

describe('persons, slots, lists and figures through the API', () => {
  let web: TestApp;
  let spip: Awaited<ReturnType<typeof aService>>;
  let api: ApiClient;

  beforeAll(async () => {
    web = await startTestApp();
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    spip = await aService(web.dataSource);
    api = new ApiClient(web.baseUrl, spip.key);
  });
  afterAll(() => web.close());

  let serial = 0;
  const aName = () => ({ firstName: 'Alix', lastName: `Étienne-${'ABCDEFGHIJKLMNOP'[(serial += 1)]}ernard` });

  it('registers a person, reachable on a mobile', async () => {
    const name = aName();
    const { status, body } = await api.post('/persons', {
      ...name,
      phone: '06 12 34 56 78',
      birthDate: '1990-04-14',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...name,
      birthDate: '1990-04-14',
      phone: { e164: '+33612345678', mobile: true },
      reachable: true,
      smsRefused: false,
      organizationIds: [spip.organizationId],
    });
    expect((await api.get(`/persons/${body.id}`)).body).toEqual(body);
  });

  it('takes null for every optional field', async () => {
    const nothing = Object.fromEntries(
      [
        'birthDate',
        'phone',
        'territory',
        'noPhone',
        'smsRefused',
        'email',
        'appiNumber',
        'language',
        'register',
        'organizationIds',
        'referentId',
      ].map((name) => [name, null]),
    );
    const { status, body } = await api.post('/persons', { ...aName(), ...nothing });
    expect(status).toBe(201);
    expect(body).toMatchObject({ phone: null, reachable: false, register: 'standard', language: 'fr' });
  });

  it('names every faulty field at once, and refuses a number that is none', async () => {
    const { body } = await api.post('/persons', { firstName: '', birthDate: '2026-13-01', email: 'nowhere' });
    expect(body.code).toBe('validation');
    expect(body.errors.map((error: { field: string }) => error.field).sort()).toEqual([
      'birthDate',
      'email',
      'firstName',
      'lastName',
    ]);
    expect((await api.post('/persons', { ...aName(), phone: '06 12' })).body).toMatchObject({
      status: 422,
      code: 'phone-invalid',
    });
  });

  it('registers for a central administrator without naming a service', async () => {
    const central = await anOrganization(web.dataSource);
    const key = await anApiKey(web.dataSource, { organizationId: central, role: 'admin' });
    const admin = new ApiClient(web.baseUrl, key);
    const { status, body } = await admin.post('/persons', aName());
    expect(status).toBe(201);
    expect((await admin.get(`/persons/${body.id}`)).status).toBe(200);
    const slot = await admin.post('/slots', {
      agendaId: spip.agendaId,
      typeCode: 'suivi-spip',
      date: '2026-06-15',
      time: '10:00',
      durationMinutes: 30,
      capacity: 3,
    });
    expect(slot.status).toBe(201);
  });

  it('changes a person that was read, and only that version', async () => {
    const { body: person } = await api.post('/persons', { ...aName(), phone: '0612345679' });
    const version = { 'If-Match': `"${person.updatedAt}"` };
    expect((await api.patch(`/persons/${person.id}`, { language: 'fr' })).body).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const changed = await api.patch(`/persons/${person.id}`, { phone: null, smsRefused: true }, version);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      phone: null,
      smsRefused: true,
      reachable: false,
      lastName: person.lastName,
    });
    expect(changed.body.updatedAt).not.toBe(person.updatedAt);
    expect((await api.patch(`/persons/${person.id}`, { language: 'fr' }, version)).body.code).toBe(
      'conflict',
    );
    for (const header of ['*', 'W/"1"', '"yesterday"', `"${'9'.repeat(30)}"`])
      expect((await api.patch(`/persons/${person.id}`, {}, { 'If-Match': header })).status).toBe(409);
  });

  it('searches by words, one page after the other, and only among those it follows', async () => {
    const elsewhere = await anOrganization(web.dataSource);
    const ids: string[] = [];
    for (const firstName of ['Ana', 'Bea', 'Cleo'])
      ids.push(
        await aPerson(web.dataSource, {
          firstName,
          lastName: 'Zébulon',
          organizationIds: [spip.organizationId],
        }),
      );
    await aPerson(web.dataSource, { firstName: 'Dora', lastName: 'Zebulon', organizationIds: [elsewhere] });
    await web.dataSource.query(
      "UPDATE person SET search_key = 'zebulon ' || lower(first_name) WHERE last_name ~ 'Z.bulon'",
    );
    const first = await api.post('/persons/search', { query: 'zebulon', limit: 2 });
    expect(first.status).toBe(200);
    expect(first.body.items).toHaveLength(2);
    const second = await api.post('/persons/search', {
      query: 'zebulon',
      limit: 2,
      cursor: first.body.nextCursor,
    });
    const found = [...first.body.items, ...second.body.items].map((person: { id: string }) => person.id);
    expect(found.sort()).toEqual(ids.sort());
    expect(second.body.nextCursor).toBeNull();
    const forged = await api.post('/persons/search', { query: 'zebulon', cursor: 'bm8' });
    expect(forged.body).toMatchObject({ status: 400, code: 'validation' });
  });

  it('lists what the key may see, page by page', async () => {
    expect((await api.get('/organizations')).body).toMatchObject({
      items: [{ id: spip.organizationId }],
      nextCursor: null,
    });
    expect((await api.get('/places')).body.items).toMatchObject([
      { id: spip.placeId, organizationId: spip.organizationId, timeZone: 'Europe/Paris' },
    ]);
    expect((await api.get('/agendas')).body.items).toMatchObject([
      { id: spip.agendaId, placeId: spip.placeId },
    ]);
    const all = (await api.get('/appointment-types')).body.items.map((type: { id: string }) => type.id);
    expect(all).toContain('suivi-spip');
    const paged: string[] = [];
    let cursor = '';
    for (let page = 0; page < 20; page++) {
      const { body } = await api.get(`/appointment-types?limit=3${cursor}`);
      paged.push(...body.items.map((type: { id: string }) => type.id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(paged).toEqual(all);
    for (const limit of ['0', '101', 'x', '1.5', ''])
      expect((await api.get(`/places?limit=${limit}`)).status).toBe(400);
  });

  it('reads the figures of attendance, with the right only', async () => {
    const { status, body } = await api.get(
      '/statistics/attendance?from=2026-01-01&to=2026-12-31&groupBy=month',
    );
    expect(status).toBe(200);
    expect(body).toEqual([]);
    const cpip = await anApiKey(web.dataSource, { organizationId: spip.organizationId, role: 'cpip' });
    expect((await new ApiClient(web.baseUrl, cpip).get('/statistics/attendance')).status).toBe(403);
    const elsewhere = await anOrganization(web.dataSource);
    expect((await api.get(`/statistics/attendance?organizationId=${elsewhere}`)).status).toBe(404);
    expect((await api.get('/statistics/attendance?groupBy=agent')).status).toBe(400);
  });

  it('reads the effect on absence: a reason where nothing can be concluded, and no other service', async () => {
    await web.dataSource.query(`INSERT INTO baseline_import (organization_id, source) VALUES ($1, 'essai')`, [
      spip.organizationId,
    ]);
    await web.dataSource.query(
      `INSERT INTO baseline_count (organization_id, month, attended, missed, excused, import_id)
       SELECT organization_id, day::date, 70, 25, 5, id
         FROM baseline_import, generate_series('2025-01-01'::date, '2025-06-01', '1 month') day
        WHERE organization_id = $1`,
      [spip.organizationId],
    );
    const path = '/statistics/impact?from=2025-02-10&to=2025-05-31';
    const { status, body } = await api.get(path);
    expect(status).toBe(200);
    const own = body.services.find((service: { id: string }) => service.id === spip.organizationId);
    expect(own.months.map(({ month }: { month: string }) => month)).toEqual([
      ...['2025-02', '2025-03', '2025-04', '2025-05'],
    ]);
    expect(own.months[0]).toMatchObject({ missed: 25, source: 'baseline' });
    expect(own.naive).toMatchObject({ kind: 'refused', code: 'not-started' });
    expect(body.overall).toMatchObject({ kind: 'refused', code: 'too-few-services' });
    const one = await api.get(`${path}&organizationId=${spip.organizationId}`);
    expect(one.body.services).toEqual([own]);
    const elsewhere = await anOrganization(web.dataSource);
    expect((await api.get(`${path}&organizationId=${elsewhere}`)).status).toBe(404);
    const cpip = await anApiKey(web.dataSource, { organizationId: spip.organizationId, role: 'cpip' });
    expect((await new ApiClient(web.baseUrl, cpip).get(path)).status).toBe(403);
  });
});
