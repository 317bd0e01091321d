import { aPerson } from '../support/builders.js';
import { contactId } from '../support/contacts.js';
import { JUSTICE, StopSite } from '../support/stop-site.js';

describe('whom the page behind a link stops', () => {
  const site = new StopSite();
  const { rows, summoned, changesOf } = site;

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
      await site.browser.submit(await site.browser.form(first.path, first.path), {});
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
      expect((await site.browser.get(first.path)).text).toContain('ce numéro ne reçoit plus de SMS');
      await rows(
        'UPDATE person SET sms_refused_at = NULL, sms_refused_origin = NULL WHERE id = $1',
        second.personId,
      );
      const { text } = await site.browser.get(first.path);
      expect(text).toContain('Arrêter les SMS');
      expect(text).not.toContain('ne reçoit plus');
    });

    it('is not said stopped while somebody else receives there', async () => {
      const { first, second } = await two();
      await rows(
        `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'person' WHERE id = $1`,
        first.personId,
      );
      expect((await site.browser.get(first.path)).text).toContain('Arrêter les SMS');
      await site.browser.submit(await site.browser.form(first.path, first.path), {});
      expect(await changesOf(second.personId, first.phone)).toEqual(['refused']);
    });
  });

  describe('once the number was corrected', () => {
    async function corrected() {
      const person = await summoned();
      const newer = `+3361388${String(site.count).padStart(4, '0')}`;
      const newerId = await contactId(site.web.dataSource, newer);
      await rows('UPDATE person SET phone_id = $2 WHERE id = $1', person.personId, newerId);
      return { ...person, newer };
    }

    it('stops the number that was written to, and leaves the person at theirs', async () => {
      const { personId, phone, newer, path } = await corrected();
      const form = await site.browser.form(path, path);
      await Promise.all([site.browser.submit(form, {}), site.browser.submit(form, {})]);
      expect(await changesOf(personId, newer)).toEqual([]);
      expect(await changesOf(personId, phone)).toEqual(['blocked']);
      const told = await rows<{ event: string }>(
        `SELECT event FROM history_entry WHERE person_id = $1 AND event ~ '^(messages|phone)\\.'`,
        personId,
      );
      expect(told).toEqual([]);
      const { text } = await site.browser.get(path);
      expect(text).toContain('Ce numéro ne reçoit plus de SMS de notre part.');
      expect(text).not.toContain('<form');
    });

    it('stops whoever has the old number now, by their own refusal', async () => {
      const { personId, phone, newer, path } = await corrected();
      const holder = await aPerson(site.web.dataSource, {
        organizationIds: [site.service.organizationId],
        phone,
      });
      await site.browser.submit(await site.browser.form(path, path), {});
      expect(await changesOf(personId, newer)).toEqual([]);
      expect(await changesOf(holder, phone)).toEqual(['refused']);
      expect((await site.browser.get(path)).text).toContain('ce numéro ne reçoit plus de SMS de notre part');
    });
  });

  describe('of an e-mail', () => {
    async function written() {
      const person = await summoned();
      const email = `somebody.${site.count}@example.test`;
      const emailId = await contactId(site.web.dataSource, email);
      await rows('UPDATE person SET email_id = $2 WHERE id = $1', person.personId, emailId);
      await rows('UPDATE stop_link SET recipient_id = $2 WHERE person_id = $1', person.personId, emailId);
      return { ...person, email };
    }

    it('offers to stop the e-mails, says so, and lets the texts go on', async () => {
      const { personId, phone, email, path } = await written();
      const { text } = await site.browser.get(path);
      expect(text).toContain('Arrêter les e-mails');
      expect(text).not.toContain('Arrêter les SMS');
      expect(text).not.toMatch(JUSTICE);
      const form = await site.browser.form(path, path);
      await Promise.all([site.browser.submit(form, {}), site.browser.submit(form, {})]);
      expect(await changesOf(personId, phone)).toEqual([]);
      expect(await changesOf(personId, email)).toEqual(['blocked']);
      const after = (await site.browser.get(path)).text;
      expect(after).toContain('Les e-mails sont arrêtés');
      expect(after).toContain('Ce n’est pas moi');
    });

    it('stops the address that was written to, not the one the person has since', async () => {
      const { personId, email, path } = await written();
      const newer = `else.${site.count}@example.test`;
      const newerId = await contactId(site.web.dataSource, newer);
      await rows('UPDATE person SET email_id = $2 WHERE id = $1', personId, newerId);
      await site.browser.submit(await site.browser.form(path, path), {});
      expect(await changesOf(personId, newer)).toEqual([]);
      expect(await changesOf(personId, email)).toEqual(['blocked']);
      expect((await site.browser.get(path)).text).toContain('cette adresse ne reçoit plus d’e-mail');
    });

    it('blocks the address on "it is not me", once, after a stop too', async () => {
      const { personId, phone, email, path } = await written();
      await site.browser.submit(await site.browser.form(path, path), {});
      const action = `${path}/wrong-person`;
      expect((await site.browser.get(action)).text).toContain('cette adresse ne recevra plus aucun e-mail');
      const form = await site.browser.form(action, action);
      await site.browser.submit(form, {});
      await site.browser.submit(form, {});
      expect((await changesOf(personId, email)).sort()).toEqual(['blocked', 'task wrong-person']);
      expect(await changesOf(personId, phone)).toEqual(['task wrong-person']);
      for (const address of [path, action])
        expect((await site.browser.get(address)).text).toContain('Cette adresse ne reçoit plus d’e-mail');
    });
  });
});
