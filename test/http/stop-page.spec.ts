import { anAgent } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { contactId } from '../support/contacts.js';
import { moveClock } from '../support/database.js';
import { JUSTICE, StopSite } from '../support/stop-site.js';

describe('the page behind the link of a text', () => {
  const site = new StopSite();
  const { rows, summoned, changesOf } = site;

  it.each(['standard', 'discreet'] as const)(
    'opened, changes nothing and names nobody (%s)',
    async (register) => {
      const { personId, phone, path } = await summoned(register);
      for (const address of [path, `${path}/wrong-person`]) {
        const { status, text, headers } = await site.browser.get(address);
        expect(status).toBe(200);
        expect(text).not.toMatch(/Quenellebleue|Zéphyrine|613000/);
        expect(text).not.toMatch(JUSTICE);
        expect(headers.get('cache-control')).toBe('no-store');
        await fetch(site.web.baseUrl + address, { method: 'HEAD' });
      }
      expect(await changesOf(personId, phone)).toEqual([]);
    },
  );

  it('dates the stop by the clock of the appointment', async () => {
    const { path, personId } = await summoned();
    await rows(`UPDATE convocation SET time_zone = 'Pacific/Tahiti' WHERE person_id = $1`, personId);
    await moveClock(site.web.dataSource, '2026-06-10T04:00:00Z');
    await site.browser.submit(await site.browser.form(path, path), {});
    expect((await site.browser.get(path)).text).toContain('Depuis le mardi 9\u00a0juin\u00a02026');
  });

  it('leads from a discreet text to no page that names justice', async () => {
    const { path } = await summoned('discreet');
    const seen = new Set<string>();
    const ahead = [path];
    for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const { text } = await site.browser.get(at);
      expect(text).not.toMatch(JUSTICE);
      ahead.push(...[...text.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href = '']) => href));
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it.each([
    ['a form of another site', 403, '', { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' } }],
    ['an address that does not exist', 404, '/more/than/that', {}],
    [
      'a form that is too large',
      400,
      '',
      { method: 'POST', body: new URLSearchParams({ x: 'x'.repeat(70_000) }) },
    ],
  ] as const)(
    'refuses without a link or a word that leads to justice: %s',
    async (_what, status, more, init) => {
      const { path } = await summoned('discreet');
      const answer = await fetch(site.web.baseUrl + path + more, init);
      const text = await answer.text();
      expect(answer.status).toBe(status);
      expect(text).toContain('<title>Vos messages</title>');
      expect(text).not.toMatch(JUSTICE);
      expect(text).not.toMatch(/<a\s|rôle|service/);
      expect(text.includes('Attendez un moment')).toBe(status === 403);
      expect(text.includes('entier, depuis votre message')).toBe(status !== 403);
    },
  );

  describe('of somebody whom an agent follows', () => {
    async function followed(register: 'standard' | 'discreet', shared: { email: boolean; phone: boolean }) {
      const person = await summoned(register);
      const agentId = await anAgent(site.web.dataSource, {
        organizationId: site.service.organizationId,
        email: `n.benali.${site.count}@spip-justice.example`,
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
      const { text } = await site.browser.get(path);
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
      if (register === 'discreet') expect((await site.browser.get(path)).text).not.toMatch(JUSTICE);
    });

    it('tells nothing more of an agent who left, nor to who has a number that was theirs', async () => {
      const left = await followed('standard', both);
      await rows('UPDATE agent SET disabled_at = app_now() WHERE id = $1', left.agentId);
      expect(await shows(left.path)).toEqual([false, false, false]);
      const moved = await followed('standard', both);
      const newer = await contactId(site.web.dataSource, '+33613999999');
      await rows('UPDATE person SET phone_id = $2 WHERE id = $1', moved.personId, newer);
      expect(await shows(moved.path)).toEqual([false, false, false]);
      const wrong = await followed('standard', both);
      const action = `${wrong.path}/wrong-person`;
      await site.browser.submit(await site.browser.form(action, action), {});
      expect(await shows(wrong.path)).toEqual([false, false, false]);
    });
  });

  it('"it is not me" takes a confirmation, and twice is once', async () => {
    const { personId, phone, path } = await summoned();
    const action = `${path}/wrong-person`;
    expect((await site.browser.get(path)).text).toContain(`href="${action}"`);
    const form = await site.browser.form(action, action);
    const answers = await Promise.all([site.browser.submit(form, {}), site.browser.submit(form, {})]);
    for (const { status, headers } of answers) {
      expect(status).toBe(303);
      expect(headers.get('location')).toBe(action);
    }
    expect((await changesOf(personId, phone)).sort()).toEqual(['blocked', 'task wrong-person']);
    for (const address of [path, action]) {
      const { text } = await site.browser.get(address);
      expect(text).toContain('C’est noté');
      expect(text).not.toMatch(JUSTICE);
      expect(text).not.toContain('<form');
    }
  });

  it('stops texts for the person of the link, and offers "it is not me" still', async () => {
    const { personId, phone, path } = await summoned();
    await site.browser.submit(await site.browser.form(path, path), {});
    expect(await changesOf(personId, phone)).toEqual(['refused']);
    const { text } = await site.browser.get(path);
    expect(text).toContain('ce numéro ne reçoit plus de SMS de notre part');
    expect(text).toContain('Ce n’est pas moi');
  });

  it('lets the person say for themselves what the service had noted, once', async () => {
    const { personId, path } = await summoned();
    const api = new ApiClient(site.web.baseUrl, site.service.key);
    const { body } = await api.get(`/persons/${personId}`);
    await api.patch(`/persons/${personId}`, { smsRefused: true }, { 'If-Match': `"${body.updatedAt}"` });
    const { text } = await site.browser.get(path);
    expect(text).toContain('Les SMS sont arrêtés');
    expect(text).toContain('C’est aussi mon choix');
    expect(text).not.toMatch(JUSTICE);
    expect((await site.browser.submit(await site.browser.form(path, path), {})).status).toBe(303);
    expect((await site.browser.get(path)).text).not.toContain('C’est aussi mon choix');
    const version = { 'If-Match': `"${(await api.get(`/persons/${personId}`)).body.updatedAt}"` };
    const back = await api.patch(`/persons/${personId}`, { smsRefused: false }, version);
    expect(back.body).toMatchObject({ status: 400, code: 'validation' });
  });

  it('refuses a form posted by another site', async () => {
    const { personId, phone, path } = await summoned();
    for (const address of [path, `${path}/wrong-person`]) {
      const answer = await fetch(site.web.baseUrl + address, {
        method: 'POST',
        headers: { 'Sec-Fetch-Site': 'cross-site' },
      });
      expect(answer.status).toBe(403);
    }
    expect(await changesOf(personId, phone)).toEqual([]);
  });

  it('thirty days after the appointment says politely that the link is too old, like any unknown one', async () => {
    const { personId, phone, path } = await summoned();
    await moveClock(site.web.dataSource, '2026-07-12T08:00:00Z');
    const unknown = await site.browser.get(`/s/${'u'.repeat(22)}`);
    for (const address of [path, `${path}/wrong-person`]) {
      const answer = await site.browser.get(address);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('Ce lien ne fonctionne plus');
      expect(answer.text).toContain('ouvrez le lien le plus récent que vous avez reçu');
      expect(answer.text).not.toMatch(JUSTICE);
      expect(answer.text).toBe(unknown.text);
      expect((await fetch(site.web.baseUrl + address, { method: 'POST' })).status).toBe(404);
    }
    expect(await changesOf(personId, phone)).toEqual([]);
  });
});
