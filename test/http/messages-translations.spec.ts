import { type Form, formsOf } from '../support/browser-lite.js';
import { MessagesOffice, plain } from '../support/messages-office.js';

const office = new MessagesOffice();
beforeAll(() => office.open());
afterAll(() => office.close());
const { address, editor, rows } = office;

/** What stands in the field. */
const inField = ({ text }: { readonly text: string }) =>
  (/<textarea[^>]*>([^<]*)</.exec(text)?.[1] ?? '').replaceAll('&amp;', '&');

describe('a translation', () => {
  const arabic = { type: '', language: 'ar' };

  async function inForce(language: string): Promise<unknown> {
    const page = await office.local.get(address({ type: 'suivi-spip', language }));
    return page.text.includes('Une traduction relue part aujourd’hui');
  }

  it('is not sent before somebody who reads it says so, by name', async () => {
    expect(await inForce('ar')).toBe(false);
    const page = await office.local.get(address(arabic));
    expect(plain(page)).toContain('dir="rtl"');
    const review = formsOf(page.text).find(({ action }) => action === '/messages/text/review');
    if (review === undefined) throw new Error('nothing to review');
    const unsaid = await office.local.submit(review, { text: inField(page), confirmed: '' });
    expect(unsaid.status).toBe(400);
    expect(plain(unsaid)).toContain('Dites que vous lisez cette langue');
    expect(await inForce('ar')).toBe(false);
    const said = formsOf(unsaid.text).find(({ action }) => action === '/messages/text/review');
    const confirmed = { text: inField(unsaid), confirmed: 'true' };
    expect((await office.local.submit(said ?? review, confirmed)).status).toBe(303);
    expect(await inForce('ar')).toBe(true);
    expect((await office.local.get(address(arabic))).text).toContain('Relu par Camille Martin');
    const kept = await rows(
      `SELECT organization_id AS "organizationId" FROM template WHERE language = 'ar' AND reviewed_at IS NOT NULL`,
    );
    expect(kept).toEqual([{ organizationId: office.organizationId }]);
    expect(await reviewsTold()).toEqual([
      {
        agentId: office.reviewerId,
        organizationId: office.organizationId,
        detail: { kind: 'reminder', typeCode: null, language: 'ar', register: 'standard', version: 1 },
      },
    ]);
  });

  /** What the journal says of reviews, each with the version that is in force since. */
  const reviewsTold = () =>
    rows(
      `SELECT e.agent_id AS "agentId", e.organization_id AS "organizationId", e.detail
         FROM journal_entry e JOIN template t ON t.id = e.object_id AND t.version = (e.detail ->> 'version')::int
        WHERE e.action = 'template.reviewed' AND t.reviewed_by_agent_id = e.agent_id`,
    );

  it('of the general text leaves alone a type that waits for a text of its own', async () => {
    const page = await office.local.get(address({ type: 'convocation-stage', language: 'ar' }));
    expect(plain(page)).toContain('Rien ne part dans cette langue aujourd’hui');
    expect(plain(page)).toContain('Personne ne l’a encore relue');
  });

  async function reviewForm(more: Readonly<Record<string, string>>): Promise<Form> {
    const found = formsOf((await office.local.get(address(more))).text);
    const form = found.find(({ action }) => action === '/messages/text/review');
    if (form === undefined) throw new Error('nothing to review');
    return form;
  }

  const versionsIn = (language: string) =>
    rows(
      `SELECT version, text, reviewed_by_agent_id AS "reviewedBy" FROM template
        WHERE organization_id = $1 AND language = $2 ORDER BY version`,
      [office.organizationId, language],
    );

  it('corrected while it is read goes into force as corrected, or not at all', async () => {
    const english = { type: '', language: 'en' };
    const form = await reviewForm(english);
    const refused = await office.local.submit(form, { text: 'Come tomorrow', confirmed: 'true' });
    expect(refused.status).toBe(400);
    expect(plain(refused)).toContain('Come tomorrow</textarea>');
    expect(await versionsIn('en')).toEqual([]);
    const unsaid = await office.local.submit(await reviewForm(english), { text: 'Appointment {rdv.quand}' });
    expect(plain(unsaid)).toContain('Dites que vous lisez cette langue');
    expect(plain(unsaid)).toContain('Appointment {rdv.quand}</textarea>');
    const said = { text: 'Appointment {rdv.quand}', confirmed: 'true' };
    expect((await office.local.submit(await reviewForm(english), said)).status).toBe(303);
    expect(await versionsIn('en')).toEqual([
      { version: 1, text: 'Appointment {rdv.quand}', reviewedBy: office.reviewerId },
    ]);
  });

  it('is not validated over what a colleague wrote meanwhile', async () => {
    const key = { type: '', language: 'es' };
    const [form, colleague] = [await reviewForm(key), await editor(office.local, key)];
    expect((await office.local.submit(colleague, { text: 'Cita {rdv.quand}' })).status).toBe(303);
    const late = await office.local.submit(form, { text: 'Tiene cita {rdv.quand}', confirmed: 'true' });
    expect(late.status).toBe(409);
    expect(plain(late)).toContain('Tiene cita {rdv.quand}</textarea>');
    expect(await versionsIn('es')).toHaveLength(1);
  });

  it('given up says what leaves instead, and the default waits for its review again', async () => {
    const key = { type: '', language: 'tr' };
    const waiting = async () => {
      const sheet = await office.local.get(`/messages?organization=${office.organizationId}&language=tr`);
      return /(\d+) textes en turc/.exec(plain(sheet))?.[1];
    };
    const before = await waiting();
    const form = await reviewForm(key);
    expect((await office.local.submit(form, { text: 'Randevu {rdv.quand}', confirmed: 'true' })).status).toBe(
      303,
    );
    const page = await office.local.get(address(key));
    const reset = formsOf(page.text).find(({ action }) => action === '/messages/text/reset');
    if (reset === undefined) throw new Error('no reset');
    const done = await office.local.submit(reset, {});
    const after = await office.local.get(done.headers.get('location') ?? '');
    expect(plain(after)).toContain('le français part à la place');
    expect(plain(after)).not.toContain('Le texte par défaut sert de nouveau');
    expect(plain(after)).toContain('Personne ne l’a encore relue');
    expect(after.text).toMatch(/<textarea[^>]*>[^<]+{/);
    expect(plain(after)).toContain('En vigueur');
    expect(await waiting()).toBe(before);
  });

  it('is shown in its language, from its side', async () => {
    const form = await editor(office.local, arabic);
    const page = await office.local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'موعد غدا' },
    );
    expect(page.text).toMatch(/<p class="sms marked" lang="ar" dir="rtl">/);
    expect(page.text).toMatch(
      /<details><summary>Le texte<\/summary><blockquote class="sms" lang="ar" dir="rtl">/,
    );
    expect(page.text.slice(page.text.indexOf('id="preview"'))).toContain(
      '<blockquote class="sms" lang="ar" dir="rtl">',
    );
  });

  it('written anew waits again, and what was reviewed holds meanwhile', async () => {
    const form = await editor(office.local, arabic);
    expect((await office.local.submit(form, { text: 'موعدك {rdv.quand}' })).status).toBe(303);
    expect(await inForce('ar')).toBe(true);
    expect((await office.local.get(address(arabic))).text).toContain('Personne ne l’a encore relue');
  });
});
