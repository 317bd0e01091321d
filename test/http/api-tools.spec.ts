import { aService } from '../support/builders.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { ApiClient } from '../support/client.js';

describe('pure functions and the document of the API', () => {
  let web: TestApp;
  let api: ApiClient;
  beforeAll(async () => {
    web = await startTestApp();
    api = new ApiClient(web.baseUrl, (await aService(web.dataSource)).key);
  });
  afterAll(() => web.close());

  it.each([
    ['06 12 34 56 78', undefined, { valid: true, mobile: true, e164: '+33612345678', territory: 'FR' }],
    ['0692 12 34 56', null, { valid: true, mobile: true, e164: '+262692123456', territory: 'RE' }],
    ['hello', undefined, { valid: false, mobile: false, e164: null, territory: null }],
    ['', undefined, { valid: false, mobile: false, e164: null, territory: null }],
    ['\u0000\ud800', 'XX', { valid: false, mobile: false, e164: null, territory: null }],
    ['9'.repeat(5000), 'FR', { valid: false, mobile: false, e164: null, territory: null }],
  ])('reads %j as a phone number, and always answers', async (input, territory, expected) => {
    const { status, body } = await api.post('/phone-numbers/parse', { input, territory });
    expect(status).toBe(200);
    expect(body).toEqual(expected);
  });

  it('measures a text exactly as given', async () => {
    expect((await api.post('/sms/preview', { text: 'Fenêtre' })).body).toEqual({
      text: 'Fenêtre',
      encoding: 'UCS-2',
      units: 7,
      segments: 1,
      costlyCharacters: ['ê'],
    });
    expect((await api.post('/sms/preview', { text: 'a'.repeat(161) })).body).toMatchObject({
      encoding: 'GSM-7',
      segments: 2,
    });
    expect((await api.post('/sms/preview', { text: 7 })).status).toBe(400);
  });

  it('lists the holidays of a calendar', async () => {
    const { status, body } = await api.get('/calendars/alsace-moselle/2026');
    expect(status).toBe(200);
    expect(body).toContainEqual({ date: '2026-04-03', label: expect.any(String) });
    expect(Object.keys(body[0]).sort()).toEqual(['date', 'label']);
    expect((await api.get('/calendars/atlantis/2026')).status).toBe(404);
    for (const year of ['0', '99999', '2026.5', 'now', '1899', '2201'])
      expect((await api.get(`/calendars/metropole/${year}`)).status).toBe(400);
  });

  /** By hand: hours that are promised around the night without 02:30, and beyond both ends of the window. */
  it.each([
    ['2026-04-14', '09:30', 'Europe/Paris', 1, undefined, '2026-04-13', '09:30', null],
    ['2026-03-30', '09:00', 'Europe/Paris', 2, undefined, '2026-03-28', '09:00', null],
    ['2026-06-10', '07:00', 'America/Cayenne', 1, undefined, '2026-06-09', '08:00', 'window'],
    ['2026-06-10', '21:00', 'Indian/Reunion', 1, undefined, '2026-06-09', '20:00', 'window'],
    ['2026-03-30', '02:30', 'Europe/Paris', 1, null, '2026-03-29', '03:30', 'gap'],
  ])('plans %s %s %s', async (date, time, timeZone, n, window, localDate, localTime, reason) => {
    const bookedAt = '2026-01-05T10:00:00Z';
    const { status, body } = await api.post('/reminder-plans/preview', {
      date,
      time,
      timeZone,
      bookedAt,
      offsets: [n],
      window,
    });
    expect(status).toBe(200);
    expect(body).toEqual([
      { kind: 'reminder', offsetDays: n, dueAt: expect.stringMatching(/Z$/), localDate, localTime, reason },
    ]);
  });

  it('moves a reminder off closed days when given a calendar', async () => {
    const promise = {
      date: '2026-04-13',
      time: '10:00',
      timeZone: 'Europe/Paris',
      bookedAt: '2026-03-01T10:00:00Z',
    };
    const { body } = await api.post('/reminder-plans/preview', {
      ...promise,
      calendar: 'metropole',
      notify: true,
    });
    expect(body).toMatchObject([
      { kind: 'summons', localDate: '2026-03-02', reason: 'closed-day' },
      { kind: 'reminder', localDate: '2026-04-11', localTime: '10:00', reason: 'closed-day' },
    ]);
  });

  it.each([
    ['a reminder less than 12 h after the summons is left out', { notify: true }, ['summons']],
    ['it stays when nothing is announced', {}, ['reminder']],
    ['of several past ones a single one leaves at once', { offsets: [7, 3, 2] }, ['reminder']],
  ])('%s', async (_case, more, kinds) => {
    const { body } = await api.post('/reminder-plans/preview', {
      date: '2026-04-14',
      time: '15:00',
      timeZone: 'Europe/Paris',
      bookedAt: '2026-04-13T07:00:00Z',
      ...more,
    });
    expect(body.map(({ kind }: { kind: string }) => kind)).toEqual(kinds);
  });

  it.each([
    ['a skipped hour', { date: '2026-03-29', time: '02:30' }, 422],
    ['an absurd year', { date: '9999-12-31' }, 400],
    ['an absurd booking', { bookedAt: '0001-01-01T00:00:00Z' }, 400],
    ['an offset for a zone', { timeZone: '+02:00' }, 400],
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 400],
    ['a window that ends before it begins', { window: '20:00-08:00' }, 400],
    ['a window without hours', { window: 'always' }, 400],
    ['no day before', { offsets: [0] }, 400],
    ['half a day before', { offsets: [0.5] }, 400],
    ['an unknown calendar', { calendar: 'atlantis' }, 400],
  ])('refuses %s', async (_case, more, status) => {
    const promise = {
      date: '2026-04-14',
      time: '09:30',
      timeZone: 'Europe/Paris',
      bookedAt: '2026-03-01T10:00:00Z',
    };
    expect((await api.post('/reminder-plans/preview', { ...promise, ...more })).status).toBe(status);
  });

  it('describes itself to anybody', async () => {
    const { status, body } = await new ApiClient(web.baseUrl, null).get('/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\./);
    expect(Object.keys(body.paths).sort()).toEqual([
      '/api/v1/agendas',
      '/api/v1/appointment-types',
      '/api/v1/calendars/{calendar}/{year}',
      '/api/v1/convocations',
      '/api/v1/convocations/{id}',
      '/api/v1/convocations/{id}/attend',
      '/api/v1/convocations/{id}/cancel',
      '/api/v1/convocations/{id}/excuse',
      '/api/v1/convocations/{id}/miss',
      '/api/v1/convocations/{id}/reopen',
      '/api/v1/convocations/{id}/reschedule',
      '/api/v1/organizations',
      '/api/v1/persons',
      '/api/v1/persons/search',
      '/api/v1/persons/{id}',
      '/api/v1/phone-numbers/parse',
      '/api/v1/places',
      '/api/v1/reminder-plans/preview',
      '/api/v1/slots',
      '/api/v1/sms/preview',
      '/api/v1/statistics/attendance',
      '/api/v1/statistics/impact',
    ]);
    const book = body.components.schemas.BookConvocationDto;
    expect(book.required.sort()).toEqual(['notify', 'personId', 'typeCode']);
    expect(book.properties.slotId).toMatchObject({ type: 'string', nullable: true });
  });
});
