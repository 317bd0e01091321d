import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService, aSignedInAgent, type SignedIn } from '../support/builders.js';
import { type Answer, ApiClient } from '../support/client.js';
import { Browser } from '../support/browser-lite.js';

const CLIENTS = 200;
const CAPACITY = 10;

/** A Tuesday next year: neither a holiday nor a clock change, and less than a year ahead. */
const SLOT = { date: '2027-03-09', time: '10:00', durationMinutes: 60, capacity: CAPACITY };

/** Asks again what was answered 503: every connection was taken, as `Retry-After` says. */
async function untilThereIsRoom(ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = 10; ; left--) {
    const answer = await ask();
    if (answer.status !== 503 || left === 0) return answer;
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }
}

describe('two hundred agents want the same ten seats', () => {
  let app: TestApp;
  let service: Awaited<ReturnType<typeof aService>>;
  let agents: SignedIn[];

  beforeAll(async () => {
    app = await startTestApp();
    await app.dataSource.query(
      `INSERT INTO clock_offset (shift) VALUES ('2026-12-01T09:00:00Z'::timestamptz - now())`,
    );
    service = await aService(app.dataSource);
    agents = [];
    for (let index = 0; index < CLIENTS; index++)
      agents.push(await aSignedInAgent(app.dataSource, { organizationId: service.organizationId }));
  });
  afterAll(() => app.close());

  const openSlot = async (): Promise<string> => {
    const body = { ...SLOT, agendaId: service.agendaId, typeCode: 'suivi-spip' };
    const answer = await new ApiClient(app.baseUrl, service.key).post('/slots', body);
    expect(answer.status).toBe(201);
    return (answer.body as { id: string }).id;
  };
  const person = () => aPerson(app.dataSource, { organizationIds: [service.organizationId] });
  const seats = async (slotId: string) => {
    const rows: { taken: number; booked: number }[] = await app.dataSource.query(
      `SELECT seats_taken AS taken, (SELECT count(*)::int FROM convocation c WHERE c.slot_id = s.id) AS booked
         FROM slot s WHERE s.id = $1`,
      [slotId],
    );
    return rows[0];
  };

  it('gives ten of them a seat by the booking page, and tells the others that the slot is full', async () => {
    const slotId = await openSlot();
    const attempts = agents.map(async (agent, index) => {
      const personId = await person();
      const browser = new Browser(app.baseUrl, agent.cookie);
      return () => untilThereIsRoom(() => book(browser, agent, personId, slotId, index));
    });
    const answers = await Promise.all((await Promise.all(attempts)).map((attempt) => attempt()));
    const booked = answers.filter((answer) => answer.status === 303 || answer.status === 302);
    const full = answers.filter(
      (answer) => answer.status < 500 && answer.text.includes('Ce créneau vient d’être complété'),
    );
    expect({ booked: booked.length, full: full.length }).toEqual({
      booked: CAPACITY,
      full: CLIENTS - CAPACITY,
    });
    expect(await seats(slotId)).toEqual({ taken: CAPACITY, booked: CAPACITY });
  });

  it('answers the same to programs: ten booked, the rest slot-full, nothing else', async () => {
    const slotId = await openSlot();
    const client = new ApiClient(app.baseUrl, service.key);
    const persons = await Promise.all(Array.from({ length: CLIENTS }, person));
    const answers = await Promise.all(
      persons.map((personId) =>
        untilThereIsRoom(() =>
          client.post('/convocations', { personId, typeCode: 'suivi-spip', slotId, notify: true }),
        ),
      ),
    );
    const codes = answers.map((answer) =>
      answer.status === 201 ? 'booked' : (answer.body as { code: string }).code,
    );
    expect(codes.filter((code) => code === 'booked')).toHaveLength(CAPACITY);
    expect(codes.filter((code) => code === 'slot-full')).toHaveLength(CLIENTS - CAPACITY);
    expect(await seats(slotId)).toEqual({ taken: CAPACITY, booked: CAPACITY });
  });

  function book(
    browser: Browser,
    agent: SignedIn,
    personId: string,
    slotId: string,
    index: number,
  ): Promise<Answer> {
    const action = `/persons/${personId}/convoke`;
    const fields = {
      _csrf: agent.csrfToken,
      formToken: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      typeCode: 'suivi-spip',
      agendaId: service.agendaId,
      seat: slotId,
      notify: 'true',
    };
    return browser.submit({ action, method: 'post', fields: {} }, fields);
  }
});
