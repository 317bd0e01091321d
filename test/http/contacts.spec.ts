import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { BrowserWorld } from '../support/browser-world.js';
import { anOrganization, aPerson, aSignedInAgent } from '../support/builders.js';
import { phoneOf } from '../support/contacts.js';
import { withoutRandom } from '../support/random-parts.js';

let test: TestApp;
let world: BrowserWorld;
let agent: Browser;
let personId: string;
let convocationId: string;

const PHONE = '+33698761234';
const EMAIL = 'julie.brindille@boite.example';
/** Any typing of either, whole or nearly so. */
const CLEAR = /698[\s\u00a0]*76|98[\s\u00a0]76|julie\.brindille/;

const clearIn = (page: string) => CLEAR.exec(withoutRandom(page))?.[0];

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
  agent = new Browser(test.baseUrl, `sid=${await world.session('cpip')}`);
});
beforeEach(async () => {
  personId = await aPerson(test.dataSource, {
    organizationIds: [world.organizationId],
    firstName: 'Julie',
    phone: PHONE,
    email: EMAIL,
  });
});
afterAll(() => test.close());

const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => test.dataSource.query(sql, values);

async function reveal(what: 'phone' | 'email') {
  const form = await agent.form(`/persons/${personId}`, `/persons/${personId}/contact#reach`);
  return agent.submit({ ...form, action: `/persons/${personId}/contact` }, { what });
}

describe('numbers and addresses of persons on screen', () => {
  it('have their middle hidden on every page that shows one', async () => {
    convocationId = await world.booked(personId, '2026-06-09', '16:00');
    await world.asked(personId, convocationId, 'reach-otherwise', 'not-confirmed');
    for (const page of [
      `/persons/${personId}`,
      `/persons/${personId}/edit`,
      `/convocations/${convocationId}`,
      `/persons/${personId}/convoke`,
      '/tasks',
      '/worklist?show=service',
      '/days/2026-06-09',
      '/',
    ])
      expect([page, clearIn((await agent.get(page)).text)]).toEqual([page, undefined]);
    const card = (await agent.get(`/persons/${personId}`)).text;
    expect(card).toContain('06\u00a0••\u00a0••\u00a0••\u00a034');
    expect(card).toContain('j•••@boite.example');
    expect(card).not.toMatch(/href="(tel|sms|mailto):/);
    const search = await agent.form('/persons/search', '/persons/search');
    const found = (await agent.submit(search, { query: '06 98 76 12 34' })).text;
    expect(found).toContain(`/persons/${personId}`);
    expect(clearIn(found.replaceAll('06 98 76 12 34', ''))).toBeUndefined();
  });

  it.each([
    ['phone', '06\u00a098\u00a076\u00a012\u00a034', `tel:${PHONE}`],
    ['email', EMAIL, `mailto:${EMAIL}`],
  ] as const)('are shown once, on a click that the journal keeps (%s)', async (what, shown, link) => {
    const answer = await reveal(what);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(shown);
    expect(answer.text).toContain(`href="${link}"`);
    expect(clearIn((await agent.get(`/persons/${personId}`)).text)).toBeUndefined();
    const looks = await rows<{ detail: unknown }>(
      `SELECT detail FROM journal_entry WHERE action = 'contact.revealed' AND person_id = $1`,
      personId,
    );
    expect(looks).toEqual([{ detail: { fields: [what] } }]);
  });

  it('shows the one that was asked for, and not the other', async () => {
    expect((await reveal('phone')).text).not.toContain(EMAIL);
    expect((await reveal('email')).text).not.toMatch(/98[\s\u00a0]76/);
  });

  it('answers a service that does not follow the person as if there were nobody', async () => {
    const elsewhere = await anOrganization(test.dataSource);
    const stranger = await aSignedInAgent(test.dataSource, { organizationId: elsewhere });
    const browser = new Browser(test.baseUrl, stranger.cookie);
    const fields = { _csrf: stranger.csrfToken, formToken: 'x', what: 'phone' };
    const foreign = await browser.submit(
      { method: 'post', action: `/persons/${personId}/contact`, fields },
      {},
    );
    expect(foreign.status).toBe(404);
    expect(clearIn(foreign.text)).toBeUndefined();
  });
});

describe('the form of a person', () => {
  const change = async (fields: Readonly<Record<string, string>>) => {
    const form = await agent.form(`/persons/${personId}/edit`, `/persons/${personId}/edit`);
    expect((await agent.submit(form, fields)).status).toBe(303);
  };
  const known = async () => {
    const [row] = await rows<{ email: boolean; fields: string[] | null }>(
      `SELECT email_id IS NOT NULL AS email, (SELECT detail -> 'fields' FROM history_entry
         WHERE person_id = p.id AND event = 'person.updated' ORDER BY id DESC LIMIT 1) AS fields
         FROM person p WHERE id = $1`,
      personId,
    );
    return { phone: await phoneOf(test.dataSource, personId), ...row };
  };

  it('says that something is known, never what', async () => {
    const page = (await agent.get(`/persons/${personId}/edit`)).text;
    expect(page).toContain('Laissez vide pour le garder');
    expect(clearIn(page)).toBeUndefined();
  });

  it('left empty, keeps both', async () => {
    await change({ firstName: 'Julia' });
    expect(await known()).toEqual({ phone: PHONE, email: true, fields: ['firstName'] });
  });

  it('takes a new one', async () => {
    await change({ phone: '06 11 22 33 44' });
    expect(await known()).toEqual({ phone: '+33611223344', email: true, fields: ['phone'] });
  });

  it('drops the one that is ticked', async () => {
    await change({ dropPhone: 'true' });
    expect(await known()).toEqual({ phone: null, email: true, fields: ['phone'] });
    await change({ dropEmail: 'true' });
    expect(await known()).toEqual({ phone: null, email: false, fields: ['email'] });
  });

  it('drops the number of somebody who has no telephone any more', async () => {
    await change({ noPhone: 'true' });
    expect(await known()).toMatchObject({ phone: null, fields: ['noPhone'] });
  });
});
