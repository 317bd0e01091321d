import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService } from '../support/builders.js';
import { type ChangeWitness, watchChanges } from '../support/change-witness.js';
import { moveClock } from '../support/database.js';
import { HOSTILE_BODIES, HOSTILE_TEXTS, HOSTILE_VALUES, inParallel } from '../support/hostile-corpus.js';
import { inputsOf } from '../support/route-inputs.js';
import { openedContacts } from '../support/contacts.js';

/** A sound request for each route that reads something; one field at a time is then made hostile. */
type Case = Readonly<Record<string, unknown>>;

describe('hostile input to the API', () => {
  let web: TestApp;
  let key: string;
  let cases: Readonly<Record<string, Case>>;
  let sent = 0;
  let witness: ChangeWitness;
  const faults: string[] = [];

  beforeAll(async () => {
    web = await startTestApp();
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    const service = await aService(web.dataSource);
    key = service.key;
    const personId = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
    const booked = await send('POST', '/api/v1/convocations', {
      ...{
        personId,
        typeCode: 'suivi-spip',
        agendaId: service.agendaId,
        date: '2026-06-11',
        time: '09:30',
        notify: false,
      },
    });
    const { id } = JSON.parse(booked.text) as { id: string };
    cases = casesFor({ ...service, personId, id });
    witness = await watchChanges(web.ownerUrl);
  });

  afterAll(async () => {
    process.stdout.write(`hostile requests to the API: ${sent}\n`);
    await witness.close();
    await web.close();
  });

  async function send(method: string, path: string, body?: unknown, contentType = 'application/json') {
    sent += 1;
    const response = await fetch(web.baseUrl + path, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        'If-Match': '"2026-06-09T08:00:00.000Z"',
        ...(body === undefined ? {} : { 'Content-Type': contentType }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const isTold = response.status < 400 || type.startsWith('application/problem+json');
    if (response.status >= 500 || !isTold || /\bat .*\.(ts|js):\d+|SELECT |INSERT /.test(text))
      faults.push(
        `${response.status} ${method} ${path.slice(0, 100)} ${JSON.stringify(body ?? null).slice(0, 200)}`,
      );
    return { status: response.status, text };
  }

  const apiRoutes = () =>
    web.app
      .get(RouteDeclarations)
      .routes()
      .filter(({ path }) => path.startsWith('/api/'))
      .map((route) => ({ name: `${route.method} ${route.path}`, ...route, ...inputsOf(route) }));

  it('has a case for every field of every route, and for nothing else', () => {
    const read = apiRoutes().map(({ name, body, query, parameters }) => [
      name,
      [...(body ?? ['(untyped)']), ...query, ...parameters].sort(),
    ]);
    const covered = Object.entries(cases).map(([name, fields]) => [name, Object.keys(fields).sort()]);
    const sorted = (rows: unknown[][]) => rows.filter(([, fields]) => (fields as string[]).length > 0).sort();
    expect(sorted(covered)).toEqual(sorted(read));
    process.stdout.write(`fields of the API: ${read.flatMap(([, fields]) => fields).length}\n`);
  });

  it('answers every hostile value of every field without a fault', async () => {
    for (const { name, method, path, body, query, parameters } of apiRoutes())
      for (const field of [...(body ?? []), ...query, ...parameters]) {
        const values = (body ?? []).includes(field) ? HOSTILE_VALUES : HOSTILE_TEXTS;
        const requests = values.map((value) => {
          const fields = { ...cases[name], [field]: value };
          const address = addressOf(path, query, fields);
          const json = Object.fromEntries((body ?? []).map((one) => [one, fields[one]]));
          return () => send(method, address, method === 'GET' ? undefined : json);
        });
        await inParallel(requests, 8);
      }
    expect(faults).toEqual([]);
  }, 1_200_000);

  it('answers every hostile body of every write without a fault', async () => {
    for (const { name, method, path } of apiRoutes())
      if (method !== 'GET')
        for (const [contentType, body] of HOSTILE_BODIES)
          await send(method, addressOf(path, [], cases[name] ?? {}), body, contentType);
    expect(faults).toEqual([]);
  });

  it('answers unreadable addresses, keys and versions without a fault', async () => {
    for (const path of [
      '/api/v1/persons/%E0%A4%A',
      '/api/v1/%00',
      '/api/v1/persons/..%2f..%2f',
      '/api/v1/places?limit=1&limit=2',
      '/api/v1/places?limit[a]=1',
      '/api/v1/places?__proto__[x]=1',
      '/api/v2/anything',
      '/api',
    ])
      await send('GET', path);
    expect(faults).toEqual([]);
  });

  it('changed no row without an entry in the journal', async () => {
    expect(await witness.changes()).toBeGreaterThan(20);
    expect(await witness.unjournaled()).toEqual([]);
  });

  it('stored nothing wrong', async () => {
    const wrong = await web.dataSource.query(`
      SELECT 'name' AS what FROM person WHERE trim(first_name) = '' OR trim(last_name) = ''
        OR length(first_name) > 100 OR length(last_name) > 100 OR first_name ~ '[[:cntrl:]]' OR last_name ~ '[[:cntrl:]]'
      UNION ALL SELECT 'birth date' FROM person WHERE birth_date < '1900-01-01' OR birth_date > app_now()
      UNION ALL SELECT 'unreachable mobile' FROM person WHERE phone_mobile AND phone_id IS NULL
      UNION ALL SELECT 'language' FROM person WHERE language !~ '^[a-z]{2,3}(-[A-Za-z0-9]+)*$'
      UNION ALL SELECT 'person nobody follows' FROM person p
        WHERE NOT EXISTS (SELECT FROM person_organization f WHERE f.person_id = p.id)
      UNION ALL SELECT 'instant of a slot' FROM slot
        WHERE starts_at <> (local_date + local_time) AT TIME ZONE time_zone
      UNION ALL SELECT 'instant of a convocation' FROM convocation
        WHERE starts_at <> (local_date + local_time) AT TIME ZONE time_zone
      UNION ALL SELECT 'seats' FROM slot s WHERE seats_taken <> (SELECT count(*) FROM convocation c
        WHERE c.slot_id = s.id AND c.state IN ('booked', 'attended', 'missed'))
      UNION ALL SELECT 'remembered refusal' FROM idempotency_key WHERE status IS NULL OR status >= 300`);
    expect(wrong).toEqual([]);
    for (const contact of (await openedContacts(web.dataSource)).values())
      expect(contact).toMatch(/^(\+[1-9][0-9]{6,14}|[^@\s]+@[^@\s]+)$/);
  });
});

function addressOf(path: string, query: readonly string[], fields: Case): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encoded(fields[name]));
  const asked = query.flatMap((name) =>
    fields[name] === undefined ? [] : [`${name}=${encoded(fields[name])}`],
  );
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
}

/** Halves of surrogate pairs have no UTF-8: their raw bytes are sent, as a forged request would. */
function encoded(value: unknown): string {
  return encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\u0001')).replaceAll(
    '%01',
    '%ED%A0%80',
  );
}

function casesFor(
  world: Readonly<Record<'organizationId' | 'placeId' | 'agendaId' | 'personId' | 'id', string>>,
) {
  const { organizationId, placeId, agendaId, personId, id } = world;
  const page = { limit: 10, cursor: undefined };
  const target = { slotId: undefined, agendaId, date: '2026-06-12', time: '10:00' };
  const details = {
    ...{
      birthDate: '1990-04-14',
      phone: '06 12 34 56 78',
      territory: 'FR',
      noPhone: false,
      smsRefused: false,
    },
    ...{ email: 'dominique@example.test', appiNumber: undefined, language: 'fr', register: 'standard' },
    ...{ organizationIds: [organizationId], referentId: undefined },
  };
  const person = { firstName: 'Dominique', lastName: 'Durand', ...details };
  const change = { id, notify: false, cancelledBy: undefined };
  return {
    'POST /api/v1/phone-numbers/parse': { input: '06 12 34 56 78', territory: 'FR' },
    'GET /api/v1/calendars/:calendar/:year': { calendar: 'metropole', year: '2026' },
    'POST /api/v1/sms/preview': { text: 'Bonjour' },
    'POST /api/v1/reminder-plans/preview': {
      ...{ date: '2026-06-12', time: '10:00', timeZone: 'Europe/Paris', bookedAt: '2026-06-01T10:00:00Z' },
      ...{ notify: true, offsets: [1], window: '08:00-20:00', calendar: 'metropole' },
    },
    'POST /api/v1/persons': person,
    'PATCH /api/v1/persons/:id': {
      ...person,
      ...{ id: personId, wordMeans: 'phone', wordSaidOn: '2026-06-09' },
    },
    'GET /api/v1/persons/:id': { id: personId },
    'POST /api/v1/persons/search': { query: 'durand', ...page },
    'GET /api/v1/organizations': page,
    'GET /api/v1/places': page,
    'GET /api/v1/agendas': page,
    'GET /api/v1/appointment-types': page,
    'POST /api/v1/slots': {
      agendaId,
      typeCode: 'suivi-spip',
      date: '2026-06-15',
      time: '10:00',
      durationMinutes: 30,
      capacity: 2,
    },
    'GET /api/v1/slots': {
      agendaId,
      placeId,
      typeCode: 'suivi-spip',
      from: '2026-06-01',
      to: '2026-07-01',
      ...page,
    },
    'POST /api/v1/convocations': { personId, typeCode: 'suivi-spip', notify: false, ...target },
    'GET /api/v1/convocations/:id': { id },
    'POST /api/v1/convocations/:id/reschedule': { id, notify: false, ...target },
    'POST /api/v1/convocations/:id/attend': change,
    'POST /api/v1/convocations/:id/miss': change,
    'POST /api/v1/convocations/:id/excuse': change,
    'POST /api/v1/convocations/:id/cancel': change,
    'POST /api/v1/convocations/:id/reopen': change,
    'GET /api/v1/statistics/attendance': {
      organizationId,
      from: '2026-01-01',
      to: '2026-12-31',
      groupBy: 'month',
    },
    'GET /api/v1/statistics/impact': { organizationId, from: '2026-01-01', to: '2026-12-31' },
  };
}
