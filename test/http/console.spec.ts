import { digest } from '../../src/shared/tokens.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { anOrganization, aPerson, aService, aSignedInAgent } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';

let test: TestApp;
let service: Awaited<ReturnType<typeof aService>>;
let admin: Browser;
let local: Browser;
let convocationId: string;

beforeAll(async () => {
  test = await startTestApp({ env: { JOBS_BOARD: 'on' } });
  await moveClock(test.dataSource, '2026-06-09T08:00:00Z');
  service = await aService(test.dataSource, { name: 'SPIP 92 Nanterre' });
  const session = (role: 'admin' | 'local-admin') =>
    aSignedInAgent(test.dataSource, { organizationId: service.organizationId, role }).then(
      ({ cookie }) => new Browser(test.baseUrl, cookie),
    );
  [admin, local] = [await session('admin'), await session('local-admin')];
  const personId = await aPerson(test.dataSource, { organizationIds: [service.organizationId] });
  const booked = await new ApiClient(test.baseUrl, service.key).post('/convocations', {
    ...{ personId, typeCode: 'suivi-spip', agendaId: service.agendaId, notify: false },
    ...{ date: '2026-06-12', time: '11:00' },
  });
  convocationId = booked.body.id;
});

afterAll(() => test.close());

async function journal(): Promise<string[]> {
  const rows: { action: string }[] = await test.dataSource.query(
    'SELECT action FROM journal_entry ORDER BY 1',
  );
  return rows.map(({ action }) => action);
}

describe('the console', () => {
  it('leads a central administrator to every room, and nobody else', async () => {
    const { text } = await admin.get('/console');
    for (const href of ['/agents', '/console/organizations', '/places', '/console/types', '/console/keys'])
      expect(text).toContain(`href="${href}"`);
    for (const href of ['/console/webhooks', '/persons/search', '/alerts', '/surety', '/console/jobs'])
      expect(text).toContain(`href="${href}"`);
    for (const path of ['/console', '/console/organizations', '/console/types', '/console/jobs'])
      expect((await local.get(path)).status).toBe(403);
  });

  it('asks for the password again when it was given long ago', async () => {
    const { cookie } = await aSignedInAgent(test.dataSource, {
      ...{ organizationId: service.organizationId, role: 'admin' },
    });
    const tired = new Browser(test.baseUrl, cookie);
    await test.dataSource.query(
      `UPDATE session SET proved_at = app_now() - interval '16 minutes' WHERE token_hash = $1`,
      [digest(cookie.slice('sid='.length))],
    );
    const answer = await tired.get('/console/organizations');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toContain('returnTo=%2Fconsole%2Forganizations');
  });
});

describe('a service', () => {
  const LIST = '/console/organizations';
  const fields = { name: 'TJ Pontoise', kind: 'tj', timeZone: 'Europe/Paris', calendar: 'metropole' };

  it('is added with its links and its headquarters, and the journal says so', async () => {
    const form = await admin.form(`${LIST}/new`, LIST);
    const answer = await admin.submit(form, {
      ...{ ...fields, newHeadquarters: 'Siège du Val-d’Oise' },
      [`link.${service.organizationId}`]: 'true',
    });
    expect(answer.status).toBe(303);
    const [row] = await test.dataSource.query(
      `SELECT o.kind, h.name AS headquarters, l.spip_id FROM organization o
         JOIN headquarters h ON h.id = o.headquarters_id JOIN organization_link l ON l.tj_id = o.id WHERE o.name = $1`,
      [fields.name],
    );
    expect(row).toEqual({ kind: 'tj', headquarters: 'Siège du Val-d’Oise', spip_id: service.organizationId });
    expect(await journal()).toContain('organization.changed');
  });

  it.each([
    ['name', { name: '' }],
    ['name', { name: 'SPIP 92 Nanterre' }],
    ['timeZone', { timeZone: 'Europe/Berlin' }],
    ['calendar', { calendar: 'mars' }],
    ['email', { email: 'nobody' }],
    ['siret', { siret: '1300000000001' }],
    ['emailDomains', { emailDomains: 'justice.example, @spip' }],
  ])('is refused with a sentence at %s: %j', async (field, given) => {
    const form = await admin.form(`${LIST}/new`, LIST);
    const answer = await admin.submit(form, { ...fields, name: 'TJ Versailles', ...given });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`id="${field}-error"`);
  });

  it('tells from where an agent may first sign in at a provider, and the journal says that it changed', async () => {
    const page = `${LIST}/${service.organizationId}`;
    const given = { siret: '130 000 000 00014', emailDomains: 'SPIP.example; justice.example' };
    expect((await admin.submit(await admin.form(page, page), given)).status).toBe(303);
    const [row] = await test.dataSource.query(
      'SELECT siret, email_domains AS domains FROM organization WHERE id = $1',
      [service.organizationId],
    );
    expect(row).toEqual({ siret: '13000000000014', domains: ['spip.example', 'justice.example'] });
    const form = await admin.form(page, page);
    expect(form.fields).toMatchObject({
      siret: '13000000000014',
      emailDomains: 'spip.example, justice.example',
    });
    expect((await admin.submit(form, { siret: '', emailDomains: '' })).status).toBe(303);
    const [told] = await test.dataSource.query(
      `SELECT detail FROM journal_entry WHERE action = 'organization.changed' ORDER BY at DESC, id DESC LIMIT 1`,
    );
    expect(told.detail).toEqual({ fields: ['siret', 'emailDomains'] });
  });

  it('is linked to the other kind only', async () => {
    const court = await anOrganization(test.dataSource, { kind: 'tj', name: 'TJ Melun' });
    const page = `${LIST}/${service.organizationId}`;
    const form = await admin.form(page, page);
    const spip = await anOrganization(test.dataSource, { name: 'SPIP 77 Melun' });
    const refused = await admin.submit(form, { [`link.${spip}`]: 'true' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('id="links-error"');
    const fine = await admin.submit(await admin.form(page, page), { [`link.${court}`]: 'true' });
    expect(fine.status).toBe(303);
  });

  it('keeps its zone while people are summoned there, and lists them', async () => {
    const page = `${LIST}/${service.organizationId}`;
    const answer = await admin.submit(await admin.form(page, page), { timeZone: 'Indian/Reunion' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('id="timeZone-error"');
    expect(answer.text).toContain(`href="/convocations/${convocationId}"`);
  });

  it('with another calendar plans again what is not yet sent, and says how many messages moved', async () => {
    const calm = await aService(test.dataSource, { name: 'SPIP 67 Strasbourg' });
    await test.dataSource.query('UPDATE organization SET sends_on_closed_days = false WHERE id = $1', [
      calm.organizationId,
    ]);
    const personId = await aPerson(test.dataSource, { organizationIds: [calm.organizationId] });
    const booked = await new ApiClient(test.baseUrl, calm.key).post('/convocations', {
      ...{ personId, typeCode: 'suivi-spip', agendaId: calm.agendaId, notify: false },
      ...{ date: '2026-12-28', time: '11:00' },
    });
    const days = async (): Promise<string[]> => {
      const rows: { day: string }[] = await test.dataSource.query(
        `SELECT to_char(due_at AT TIME ZONE 'Europe/Paris', 'MM-DD HH24:MI') AS day FROM message
          WHERE convocation_id = $1 AND state = 'planned' ORDER BY due_at`,
        [booked.body.id],
      );
      return rows.map(({ day }) => day);
    };
    expect((await days()).at(-1)).toBe('12-26 11:00');
    const page = `${LIST}/${calm.organizationId}`;
    const save = async (given: object) => {
      const answer = await admin.submit(await admin.form(page, page), { ...given });
      expect(answer.status).toBe(303);
      return (await admin.get(answer.headers.get('location') ?? '')).text;
    };
    expect(await save({ email: 'accueil@example.test' })).not.toContain('change d’heure');
    // In Alsace and Moselle nothing leaves on 26 December either: a reminder leaves before both feasts.
    expect(await save({ calendar: 'alsace-moselle' })).toContain('1\u00a0message change d’heure');
    expect((await days()).at(-1)).toBe('12-24 11:00');
  });
});

describe('a place and its agendas', () => {
  const page = () => `/places/${service.placeId}`;

  it('is made, renamed and archived by a local administrator', async () => {
    const form = await local.form('/places/new', '/places');
    const made = await local.submit(form, {
      ...{ name: 'Antenne de Colombes', address: '2 rue du Port, 92700 Colombes', phone: '01 41 00 00 00' },
    });
    expect(made.status).toBe(303);
    const own = made.headers.get('location') ?? '';
    await local.submit(await local.form(own, `${own}/agendas`), {
      act: 'add',
      agendaName: 'Bureau 3',
      agenda: '',
    });
    const rename = (await local.get(own)).text.includes('Bureau 3');
    expect(rename).toBe(true);
    const twice = await local.submit(await local.form(own, `${own}/agendas`), {
      ...{ act: 'add', agendaName: 'Bureau 3', agenda: '' },
    });
    expect(twice.status).toBe(400);
    expect(twice.text).toContain('déjà un agenda de ce nom');
    expect((await local.submit(await local.form(own, `${own}/archive`), {})).status).toBe(303);
    const [row] = await test.dataSource.query(
      `SELECT phone, archived_at IS NOT NULL AS archived FROM place WHERE name = 'Antenne de Colombes'`,
    );
    expect(row).toEqual({ phone: '+33141000000', archived: true });
  });

  it('is not archived while people are summoned there', async () => {
    const answer = await local.submit(await local.form(page(), `${page()}/archive`), {});
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`href="/convocations/${convocationId}"`);
    const agenda = await local.submit(await local.form(page(), `${page()}/agendas`), {
      ...{ act: 'archive', agenda: service.agendaId, agendaName: '' },
    });
    expect(agenda.status).toBe(400);
    expect(agenda.text).toContain(`href="/convocations/${convocationId}"`);
    const [row] = await test.dataSource.query('SELECT archived_at FROM place WHERE id = $1', [
      service.placeId,
    ]);
    expect(row.archived_at).toBeNull();
  });

  it('of another service is as if it were not there', async () => {
    const foreign = await aService(test.dataSource);
    expect((await local.get(`/places/${foreign.placeId}`)).status).toBe(404);
    const form = await local.form(page(), page());
    const answer = await local.submit({ ...form, action: `/places/${foreign.placeId}` }, {});
    expect(answer.status).toBe(404);
    const agenda = await local.submit(await local.form(page(), `${page()}/agendas`), {
      ...{ act: 'rename', agenda: foreign.agendaId, agendaName: 'À moi' },
    });
    expect(agenda.status).toBe(404);
    const made = await local.submit(await local.form('/places/new', '/places'), {
      ...{ name: 'Ailleurs', address: '1 rue', phone: '0141000000', organization: foreign.organizationId },
    });
    expect(made.status).toBe(404);
  });
});

describe('an appointment type', () => {
  const page = '/console/types/visite-domicile';

  it('changes by its attributes, for the next bookings', async () => {
    const form = await admin.form(page, page);
    expect(
      (await admin.submit(form, { name: 'Visite à domicile (VAD)', 'attribute.onWeekends': 'true' })).status,
    ).toBe(303);
    const [row] = await test.dataSource.query(
      `SELECT name, on_weekends FROM appointment_type WHERE code = 'visite-domicile'`,
    );
    expect(row).toEqual({ name: 'Visite à domicile (VAD)', on_weekends: true });
    const late = await admin.submit(form, { name: 'Autre nom' });
    expect([303, 409]).toContain(late.status);
    expect((await admin.get('/console/types')).text).toContain('Visite à domicile (VAD)');
  });

  it('is not overwritten by a form that was read before', async () => {
    const [first, second] = [await admin.form(page, page), await admin.form(page, page)];
    expect((await admin.submit(first, { name: 'Visite' })).status).toBe(303);
    const answer = await admin.submit(second, { name: 'Autre' });
    expect(answer.status).toBe(409);
    const [row] = await test.dataSource.query(
      `SELECT name FROM appointment_type WHERE code = 'visite-domicile'`,
    );
    expect(row.name).toBe('Visite');
  });
});
