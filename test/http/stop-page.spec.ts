import { startTestApp, type TestApp } from '../support/app.js';
import { anAgent, aPerson, aService } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { contactId } from '../support/contacts.js';

/** Short words from their beginning: the token of a link may hold four letters of any kind. */
const JUSTICE = /justice|\bspip|pénitentiaire|probation|tribunal|\bjuge|greffe|condamn|\bpeine/i;

describe('the page behind the link of a text', () => {
  let web: TestApp;
  let service: Awaited<ReturnType<typeof aService>>;
  let browser: Browser;
  let count = 0;

  beforeAll(async () => {
    web = await startTestApp();
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    service = await aService(web.dataSource, { name: 'SPIP de Nanterre' });
    browser = new Browser(web.baseUrl);
  });
  afterAll(() => web.close());
  beforeEach(() => moveClock(web.dataSource, '2026-06-09T08:00:00Z'));

  const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => web.dataSource.query(sql, values);

  /** Somebody summoned on 12 June, with the link of the text; it lives until 12 July. */
  async function summoned(register: 'standard' | 'discreet' = 'discreet') {
    count += 1;
    const phone = `+3361300${String(count).padStart(4, '0')}`;
    const personId = await aPerson(web.dataSource, {
      organizationIds: [service.organizationId],
      firstName: 'Zéphyrine',
      lastName: 'Quenellebleue',
      phone,
    });
    await rows('UPDATE person SET register = $2 WHERE id = $1', personId, register);
    const { body } = await new ApiClient(web.baseUrl, service.key).post('/convocations', {
      ...{ personId, typeCode: 'suivi-spip', agendaId: service.agendaId, notify: false },
      ...{ date: '2026-06-12', time: '10:00' },
    });
    const token = newToken();
    await rows(
      `INSERT INTO stop_link (token_hash, convocation_id, person_id, recipient_id, expires_at)
       VALUES ($1, $2, $3, $4, '2026-07-12T08:00:00Z')`,
      digest(token),
      body.id,
      personId,
      await contactId(web.dataSource, phone),
    );
    return { personId, phone, path: `/s/${token}` };
  }

  const changesOf = async (personId: string, phone: string) =>
    (
      await rows<{ what: string }>(
        `SELECT 'refused' AS what FROM person WHERE id = $1 AND sms_refused_at IS NOT NULL
         UNION ALL SELECT 'blocked' FROM phone_block WHERE phone_id = $2
         UNION ALL SELECT 'task ' || kind FROM agent_task WHERE person_id = $1`,
        personId,
        await contactId(web.dataSource, phone),
      )
    ).map(({ what }) => what);

  it.each(['standard', 'discreet'] as const)(
    'opened, changes nothing and names nobody (%s)',
    async (register) => {
      const { personId, phone, path } = await summoned(register);
      for (const address of [path, `${path}/wrong-person`]) {
        const { status, text, headers } = await browser.get(address);
        expect(status).toBe(200);
        expect(text).not.toMatch(/Quenellebleue|Zéphyrine|613000/);
        expect(text).not.toMatch(JUSTICE);
        expect(headers.get('cache-control')).toBe('no-store');
        await fetch(web.baseUrl + address, { method: 'HEAD' });
      }
      expect(await changesOf(personId, phone)).toEqual([]);
    },
  );

  it('dates the stop by the clock of the appointment', async () => {
    const { path, personId } = await summoned();
    await rows(`UPDATE convocation SET time_zone = 'Pacific/Tahiti' WHERE person_id = $1`, personId);
    await moveClock(web.dataSource, '2026-06-10T04:00:00Z');
    await browser.submit(await browser.form(path, path), {});
    expect((await browser.get(path)).text).toContain('Depuis le mardi 9\u00a0juin\u00a02026');
  });

  it('leads from a discreet text to no page that names justice', async () => {
    const { path } = await summoned('discreet');
    const seen = new Set<string>();
    const ahead = [path];
    for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const { text } = await browser.get(at);
      expect(text).not.toMatch(JUSTICE);
      ahead.push(...[...text.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href = '']) => href));
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  describe('of somebody whom an agent follows', () => {
    async function followed(register: 'standard' | 'discreet', shared: { email: boolean; phone: boolean }) {
      const person = await summoned(register);
      const agentId = await anAgent(web.dataSource, {
        organizationId: service.organizationId,
        email: `n.benali.${count}@spip-justice.example`,
      });
      await rows(
        `UPDATE agent SET first_name = 'Nadia', last_name = 'Benali', phone = '+33140970012',
           share_email = $2, share_phone = $3 WHERE id = $1`,
        ...[agentId, shared.email, shared.phone],
      );
      await rows('UPDATE person SET referent_id = $2 WHERE id = $1', person.personId, agentId);
      return { ...person, agentId };
    }
    const shows = async (path: string) => {
      const { text } = await browser.get(path);
      return [/Nadia Benali/, /n\.benali\.\d+@/, /tel:\+33140970012/].map((what) => what.test(text));
    };
    const both = { email: true, phone: true };

    it.each([
      ['nothing without their consent', 'standard', { email: false, phone: false }, [false, false, false]],
      ['the telephone alone', 'standard', { email: false, phone: true }, [true, false, true]],
      ['the address alone', 'standard', { email: true, phone: false }, [true, true, false]],
      ['both', 'standard', both, [true, true, true]],
      ['a number without a name where texts are discreet', 'discreet', both, [false, false, true]],
      [
        'no address where texts are discreet',
        'discreet',
        { email: true, phone: false },
        [false, false, false],
      ],
    ] as const)('tells %s', async (_what, register, shared, seen) => {
      const { path } = await followed(register, shared);
      expect(await shows(path)).toEqual(seen);
      if (register === 'discreet') expect((await browser.get(path)).text).not.toMatch(JUSTICE);
    });

    it('tells nothing more of an agent who left, nor to who has a number that was theirs', async () => {
      const left = await followed('standard', both);
      await rows('UPDATE agent SET disabled_at = app_now() WHERE id = $1', left.agentId);
      expect(await shows(left.path)).toEqual([false, false, false]);
      const moved = await followed('standard', both);
      const newer = await contactId(web.dataSource, '+33613999999');
      await rows('UPDATE person SET phone_id = $2 WHERE id = $1', moved.personId, newer);
      expect(await shows(moved.path)).toEqual([false, false, false]);
      const wrong = await followed('standard', both);
      const action = `${wrong.path}/wrong-person`;
      await browser.submit(await browser.form(action, action), {});
      expect(await shows(wrong.path)).toEqual([false, false, false]);
    });
  });

  it('"it is not me" takes a confirmation, and twice is once', async () => {
    const { personId, phone, path } = await summoned();
    const action = `${path}/wrong-person`;
    expect((await browser.get(path)).text).toContain(`href="${action}"`);
    const form = await browser.form(action, action);
    const answers = await Promise.all([browser.submit(form, {}), browser.submit(form, {})]);
    for (const { status, headers } of answers) {
      expect(status).toBe(303);
      expect(headers.get('location')).toBe(action);
    }
    expect((await changesOf(personId, phone)).sort()).toEqual(['blocked', 'task wrong-person']);
    for (const address of [path, action]) {
      const { text } = await browser.get(address);
      expect(text).toContain('C’est noté');
      expect(text).not.toMatch(JUSTICE);
      expect(text).not.toContain('<form');
    }
  });

  it('stops texts for the person of the link, and offers "it is not me" still', async () => {
    const { personId, phone, path } = await summoned();
    await browser.submit(await browser.form(path, path), {});
    expect(await changesOf(personId, phone)).toEqual(['refused']);
    const { text } = await browser.get(path);
    expect(text).toContain('ce numéro ne reçoit plus de SMS de notre part');
    expect(text).toContain('Ce n’est pas moi');
  });

  describe('of a number that two share', () => {
    async function two() {
      const first = await summoned();
      const second = await summoned();
      await rows(
        'UPDATE person SET phone_id = (SELECT phone_id FROM person WHERE id = $2) WHERE id = $1',
        ...[second.personId, first.personId],
      );
      return { first, second };
    }

    it('stops texts for both, and each of them resumes by their own word', async () => {
      const { first, second } = await two();
      await browser.submit(await browser.form(first.path, first.path), {});
      for (const { personId } of [first, second])
        expect(await changesOf(personId, first.phone)).toEqual(['refused']);
      const told = await rows(
        `SELECT convocation_id IS NOT NULL AS own, detail FROM history_entry
          WHERE event = 'messages.stopped' AND person_id IN ($1, $2) ORDER BY person_id = $2`,
        ...[first.personId, second.personId],
      );
      const detail = { origin: 'person', shared: true };
      expect(told).toEqual([
        { own: true, detail },
        { own: false, detail },
      ]);
      expect((await browser.get(first.path)).text).toContain('ce numéro ne reçoit plus de SMS');
      await rows(
        'UPDATE person SET sms_refused_at = NULL, sms_refused_origin = NULL WHERE id = $1',
        second.personId,
      );
      const { text } = await browser.get(first.path);
      expect(text).toContain('Arrêter les SMS');
      expect(text).not.toContain('ne reçoit plus');
    });

    it('is not said stopped while somebody else receives there', async () => {
      const { first, second } = await two();
      await rows(
        `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'person' WHERE id = $1`,
        first.personId,
      );
      expect((await browser.get(first.path)).text).toContain('Arrêter les SMS');
      await browser.submit(await browser.form(first.path, first.path), {});
      expect(await changesOf(second.personId, first.phone)).toEqual(['refused']);
    });
  });

  describe('once the number was corrected', () => {
    async function corrected() {
      const person = await summoned();
      const newer = `+3361388${String(count).padStart(4, '0')}`;
      const newerId = await contactId(web.dataSource, newer);
      await rows('UPDATE person SET phone_id = $2 WHERE id = $1', person.personId, newerId);
      return { ...person, newer };
    }

    it('stops the number that was written to, and leaves the person at theirs', async () => {
      const { personId, phone, newer, path } = await corrected();
      const form = await browser.form(path, path);
      await Promise.all([browser.submit(form, {}), browser.submit(form, {})]);
      expect(await changesOf(personId, newer)).toEqual([]);
      expect(await changesOf(personId, phone)).toEqual(['blocked']);
      const told = await rows<{ event: string }>(
        `SELECT event FROM history_entry WHERE person_id = $1 AND event ~ '^(messages|phone)\\.'`,
        personId,
      );
      expect(told).toEqual([]);
      const { text } = await browser.get(path);
      expect(text).toContain('Ce numéro ne reçoit plus de SMS de notre part.');
      expect(text).not.toContain('<form');
    });

    it('stops whoever has the old number now, by their own refusal', async () => {
      const { personId, phone, newer, path } = await corrected();
      const holder = await aPerson(web.dataSource, { organizationIds: [service.organizationId], phone });
      await browser.submit(await browser.form(path, path), {});
      expect(await changesOf(personId, newer)).toEqual([]);
      expect(await changesOf(holder, phone)).toEqual(['refused']);
      expect((await browser.get(path)).text).toContain('ce numéro ne reçoit plus de SMS de notre part');
    });
  });

  it('lets the person say for themselves what the service had noted, once', async () => {
    const { personId, path } = await summoned();
    const api = new ApiClient(web.baseUrl, service.key);
    const { body } = await api.get(`/persons/${personId}`);
    await api.patch(`/persons/${personId}`, { smsRefused: true }, { 'If-Match': `"${body.updatedAt}"` });
    const { text } = await browser.get(path);
    expect(text).toContain('Les SMS sont arrêtés');
    expect(text).toContain('C’est aussi mon choix');
    expect(text).not.toMatch(JUSTICE);
    expect((await browser.submit(await browser.form(path, path), {})).status).toBe(303);
    expect((await browser.get(path)).text).not.toContain('C’est aussi mon choix');
    const version = { 'If-Match': `"${(await api.get(`/persons/${personId}`)).body.updatedAt}"` };
    const back = await api.patch(`/persons/${personId}`, { smsRefused: false }, version);
    expect(back.body).toMatchObject({ status: 400, code: 'validation' });
  });

  describe('of an e-mail', () => {
    async function written() {
      const person = await summoned();
      const email = `somebody.${count}@example.test`;
      const emailId = await contactId(web.dataSource, email);
      await rows('UPDATE person SET email_id = $2 WHERE id = $1', person.personId, emailId);
      await rows('UPDATE stop_link SET recipient_id = $2 WHERE person_id = $1', person.personId, emailId);
      return { ...person, email };
    }

    it('offers to stop the e-mails, says so, and lets the texts go on', async () => {
      const { personId, phone, email, path } = await written();
      const { text } = await browser.get(path);
      expect(text).toContain('Arrêter les e-mails');
      expect(text).not.toContain('Arrêter les SMS');
      expect(text).not.toMatch(JUSTICE);
      const form = await browser.form(path, path);
      await Promise.all([browser.submit(form, {}), browser.submit(form, {})]);
      expect(await changesOf(personId, phone)).toEqual([]);
      expect(await changesOf(personId, email)).toEqual(['blocked']);
      const after = (await browser.get(path)).text;
      expect(after).toContain('Les e-mails sont arrêtés');
      expect(after).toContain('Ce n’est pas moi');
    });

    it('stops the address that was written to, not the one the person has since', async () => {
      const { personId, email, path } = await written();
      const newer = `else.${count}@example.test`;
      const newerId = await contactId(web.dataSource, newer);
      await rows('UPDATE person SET email_id = $2 WHERE id = $1', personId, newerId);
      await browser.submit(await browser.form(path, path), {});
      expect(await changesOf(personId, newer)).toEqual([]);
      expect(await changesOf(personId, email)).toEqual(['blocked']);
      expect((await browser.get(path)).text).toContain('cette adresse ne reçoit plus d’e-mail');
    });

    it('blocks the address on "it is not me", once, after a stop too', async () => {
      const { personId, phone, email, path } = await written();
      await browser.submit(await browser.form(path, path), {});
      const action = `${path}/wrong-person`;
      expect((await browser.get(action)).text).toContain('cette adresse ne recevra plus aucun e-mail');
      const form = await browser.form(action, action);
      await browser.submit(form, {});
      await browser.submit(form, {});
      expect((await changesOf(personId, email)).sort()).toEqual(['blocked', 'task wrong-person']);
      expect(await changesOf(personId, phone)).toEqual(['task wrong-person']);
      for (const address of [path, action])
        expect((await browser.get(address)).text).toContain('Cette adresse ne reçoit plus d’e-mail');
    });
  });

  it('refuses a form posted by another site', async () => {
    const { personId, phone, path } = await summoned();
    for (const address of [path, `${path}/wrong-person`]) {
      const answer = await fetch(web.baseUrl + address, {
        method: 'POST',
        headers: { 'Sec-Fetch-Site': 'cross-site' },
      });
      expect(answer.status).toBe(403);
    }
    expect(await changesOf(personId, phone)).toEqual([]);
  });

  it('thirty days after the appointment says politely that the link is too old, like any unknown one', async () => {
    const { personId, phone, path } = await summoned();
    await moveClock(web.dataSource, '2026-07-12T08:00:00Z');
    const unknown = await browser.get(`/s/${'u'.repeat(22)}`);
    for (const address of [path, `${path}/wrong-person`]) {
      const answer = await browser.get(address);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('Ce lien ne fonctionne plus');
      expect(answer.text).not.toMatch(JUSTICE);
      expect(answer.text).toBe(unknown.text);
      expect((await fetch(web.baseUrl + address, { method: 'POST' })).status).toBe(404);
    }
    expect(await changesOf(personId, phone)).toEqual([]);
  });
});
