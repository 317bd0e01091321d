import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Form, formsOf } from '../support/browser-lite.js';
import { aPerson, aPlace, anAgenda, anOrganization, aSignedInAgent } from '../support/builders.js';

const SHEET = { type: 'suivi-spip', kind: 'reminder', register: 'standard', language: 'fr' };
const OWN = 'SPIP : RDV {rdv.quand}, {lieu.nom}. Appelez {lieu.contact}';

let test: TestApp;
let organizationId: string;
let other: string;
let local: Browser;
let central: Browser;
let reviewerId: string;

beforeAll(async () => {
  test = await startTestApp();
  const { dataSource } = test;
  organizationId = await anOrganization(dataSource, { name: 'SPIP 92 Nanterre' });
  other = await anOrganization(dataSource, { name: 'SPIP 75 Paris' });
  await anAgenda(dataSource, {
    placeId: await aPlace(dataSource, { organizationId, name: 'SPIP 92 Nanterre' }),
  });
  await aPlace(dataSource, {
    organizationId,
    name: 'Antenne de Boulogne, maison des services du territoire',
  });
  await aPerson(dataSource, { organizationIds: [organizationId], firstName: 'Awa', lastName: 'Kermadec' });
  const signedIn = await aSignedInAgent(dataSource, { organizationId, role: 'local-admin' });
  reviewerId = signedIn.agentId;
  local = new Browser(test.baseUrl, signedIn.cookie);
  central = new Browser(
    test.baseUrl,
    (await aSignedInAgent(dataSource, { organizationId, role: 'admin' })).cookie,
  );
});

afterAll(() => test.close());

const address = (more: Readonly<Record<string, string>> = {}) =>
  `/messages/text?${new URLSearchParams({ organization: organizationId, ...SHEET, ...more }).toString()}`;

async function editor(browser: Browser, more: Readonly<Record<string, string>> = {}): Promise<Form> {
  return browser.form(address(more), '/messages/text');
}

async function rows(sql: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  return test.dataSource.query(sql, [...parameters]);
}

const ownVersions = () =>
  rows(
    `SELECT version, text, reviewed_by_agent_id AS "reviewedBy" FROM template
      WHERE organization_id = $1 AND kind = 'reminder' AND type_code = 'suivi-spip' AND language = 'fr'
        AND register = 'standard' ORDER BY version`,
    [organizationId],
  );

/** The text of the blockquote in the panel. */
const preview = (html: string) => {
  const panel = html.slice(html.indexOf('id="preview"'));
  return /<blockquote[^>]*>([^<]*)</.exec(panel)?.[1]?.replaceAll('&amp;', '&') ?? '';
};

/** What stands in the field. */
const inField = ({ text }: { readonly text: string }) =>
  (/<textarea[^>]*>([^<]*)</.exec(text)?.[1] ?? '').replaceAll('&amp;', '&');

/** No-break spaces read as plain ones. */
const plain = ({ text }: { readonly text: string }) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('the table of texts', () => {
  it('shows each type and kind with its parts', async () => {
    const page = await local.get('/messages');
    expect(page.status).toBe(200);
    expect(plain(page)).toContain('Messages, SPIP 92 Nanterre');
    expect(plain(page)).toContain('Convocation de suivi SPIP');
    expect(page.text.match(/SMS factur/g)?.length).toBeGreaterThanOrEqual(80);
  });

  it('says what waits for a review', async () => {
    const page = await local.get('/messages?language=ar');
    expect(plain(page)).toContain('À relire');
    expect(plain(page)).toContain('En français');
  });

  it('is for administrators, each for their services', async () => {
    const { cookie } = await aSignedInAgent(test.dataSource, { organizationId, role: 'cpip' });
    expect((await new Browser(test.baseUrl, cookie).get('/messages')).status).toBe(403);
    for (const organization of [other, 'national', 'nobody'])
      expect((await local.get(`/messages?organization=${organization}`)).status).toBe(404);
    expect((await central.get(`/messages?organization=${other}`)).status).toBe(200);
    expect((await central.get('/messages')).text).toContain('Textes par défaut');
  });
});

describe('the editor', () => {
  it('shows the text on the longest place of the service, and without a script too', async () => {
    const form = await editor(local);
    expect((await local.get(address())).text).toContain(
      'Antenne de Boulogne, maison des services du territoire',
    );
    const answer = await local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'Le {rdv.date} : {lieu.nom}' },
    );
    expect(answer.status).toBe(200);
    expect(preview(answer.text)).toMatch(/^Le \S+ \d+ \S+ \d{4} : Antenne de Boulogne/);
    expect(plain(answer)).toContain('1 SMS facturé');
  });

  it('says what the link costs that the first text of a convocation carries', async () => {
    const form = await editor(local);
    const text = `RDV {rdv.quand}, ${'venez '.repeat(12)}`.trim();
    const answer = await local.submit({ ...form, action: '/messages/text/preview' }, { text });
    expect(plain(answer)).toMatch(/>1 SMS facturé</);
    expect(plain(answer)).toContain('2 SMS facturés avec le lien qui arrête les SMS');
    const summons = await local.get(address({ kind: 'summons' }));
    expect(plain(summons)).toContain(', avec le lien qui arrête les SMS.');
    expect(plain(summons)).not.toContain('premier texte de chaque rendez-vous');
    expect(plain(await local.get('/messages'))).toContain('2 avec le lien');
  });

  it('counts on the table too the short place whose name takes the dear alphabet', async () => {
    const where = 'maison du territoire et des associations';
    for (const name of [`A ${where}`, `B ${where}`, `C ${where}`, 'TJ Fê'])
      await aPlace(test.dataSource, { organizationId: other, name });
    const parts = (page: { readonly text: string }) => /(\d) SMS factur/.exec(plain(page))?.[1];
    const key = { organization: other, type: 'sortie-audience-sap', kind: 'summons' };
    const sheet = await central.get(`/messages?organization=${other}`);
    expect(parts(sheet)).toBe(parts(await central.get(address(key))));
  });

  it('says where a discreet text does not leave, because the address names justice', async () => {
    const discreet = { register: 'discreet', kind: 'summons' };
    expect(plain(await local.get(address(discreet)))).not.toContain('ce texte n’y part pas');
    const placeId = await aPlace(test.dataSource, { organizationId, name: 'Antenne du centre' });
    const [place] = await rows('SELECT address FROM place WHERE id = $1', [placeId]);
    const movedTo = (to: unknown) => rows('UPDATE place SET address = $2 WHERE id = $1', [placeId, to]);
    await movedTo('3 place du Palais de Justice, 92000 Nanterre');
    const page = await local.get(address(discreet));
    expect(plain(page)).toContain(
      'L’adresse du lieu « Antenne du centre » dit « Justice » : ce texte n’y part pas',
    );
    expect(preview(page.text)).not.toMatch(/justice/i);
    await movedTo(place?.address);
  });

  it('names the character that doubles the price, and replaces it at the press of a button', async () => {
    const form = await editor(local);
    const text = `Bientôt un RDV {rdv.quand}, ${'venez '.repeat(8)}`.trim();
    const dear = await local.submit({ ...form, action: '/messages/text/preview' }, { text });
    expect(plain(dear)).toContain('Le caractère « ô » fait passer ce texte de 1 à 2 SMS facturés');
    const cheap = await local.submit(
      { ...form, action: '/messages/text/preview' },
      { text, cheaper: 'ô'.codePointAt(0)?.toString(16) ?? '' },
    );
    expect(preview(cheap.text)).toMatch(/^Bientot un RDV/);
    expect(plain(cheap)).toContain('1 SMS facturé');
  });

  it('shows what is wrong at the word, and mends it at the press of a button', async () => {
    const form = await editor(local);
    const shown = await local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'RDV demain à Nanterre' },
    );
    expect(plain(shown)).toContain('<mark>demain</mark>');
    expect(plain(shown)).toContain('ce mot devient faux si le texte part en retard');
    const mended = await local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'RDV demain à Nanterre', fix: '0' },
    );
    expect(plain(mended)).toContain('RDV {rdv.quand} à Nanterre</textarea>');
  });

  it.each([
    ['RDV demain', 'ce mot devient faux'],
    ['RDV {nom}', 'cette variable n’existe pas'],
    ['RDV {rdv.quand', 'cette accolade est seule'],
    ['Pour Kermadec Awa : {rdv.quand}', 'un texte ne nomme jamais une personne'],
    ['', 'le texte est vide'],
    ['a'.repeat(1600), 'Ce texte ne peut pas être envoyé tel quel'],
  ])('does not save (%#)', async (text, sentence) => {
    const answer = await local.submit(await editor(local), { text });
    expect(answer.status).toBe(400);
    expect(plain(answer).toLowerCase()).toContain(sentence.toLowerCase());
    expect(await ownVersions()).toEqual([]);
  });

  it('keeps every version, and leads back to the default', async () => {
    const saved = await local.submit(await editor(local), { text: OWN });
    expect(saved.status).toBe(303);
    expect(await ownVersions()).toEqual([{ version: 1, text: OWN, reviewedBy: reviewerId }]);
    const again = await editor(local);
    expect((await local.submit(again, { text: `${OWN} !` })).status).toBe(303);
    // The form was opened before: somebody's change would be overwritten.
    const late = await local.submit(
      { ...again, fields: { ...again.fields, formToken: 'v'.repeat(22) } },
      { text: 'SPIP : {rdv.quand}' },
    );
    expect(late.status).toBe(409);
    const page = await local.get(address());
    expect(plain(page)).toContain('Revenir au texte par défaut');
    const reset = formsOf(page.text).find(({ action }) => action === '/messages/text/reset');
    if (reset === undefined) throw new Error('no reset');
    expect((await local.submit(reset, {})).status).toBe(303);
    expect((await ownVersions()).map(({ version, text }) => [version, text])).toEqual([
      [1, OWN],
      [2, `${OWN} !`],
      [3, null],
    ]);
    expect((await local.get(address())).text).toContain('Le texte par défaut part aujourd’hui');
  });

  it('keeps the version one began from through the preview: nobody is overwritten unseen', async () => {
    const key = { kind: 'cancellation' };
    const [mine, theirs] = [await editor(local, key), await editor(local, key)];
    expect((await local.submit(theirs, { text: 'SPIP : {rdv.quand}' })).status).toBe(303);
    const text = 'SPIP : annulé {rdv.quand}';
    const seen = await local.submit({ ...mine, action: '/messages/text/preview' }, { text });
    const form = formsOf(seen.text).find(({ action }) => action === '/messages/text');
    if (form === undefined) throw new Error('no form');
    expect((await local.submit(form, { text })).status).toBe(409);
  });

  it('says truly what leaves where no general text is', async () => {
    const page = await local.get(address({ type: '' }));
    expect(plain(page)).not.toContain('le texte français part à la place');
    expect(plain(page)).toContain('chaque type a le sien');
  });

  it('gives the focus to what is to be corrected, and marks the field', async () => {
    const answer = await local.submit(await editor(local), { text: 'RDV demain' });
    expect(answer.text).toMatch(/error-summary"[^>]* autofocus/);
    expect(answer.text).toMatch(/<textarea[^>]* aria-invalid="true"/);
  });

  it('lets a central administrator write the default, and nobody else', async () => {
    const key = { organization: 'national', type: 'action-collective' };
    expect((await local.get(address(key))).status).toBe(404);
    expect((await central.submit(await editor(central, key), { text: OWN })).status).toBe(303);
    const [row] = await rows(
      `SELECT max(version) AS version FROM template WHERE organization_id IS NULL AND kind = 'reminder'
          AND type_code = 'action-collective' AND language = 'fr' AND register = 'standard'`,
    );
    expect(row).toEqual({ version: 3 });
  });
});

describe('a translation', () => {
  const arabic = { type: '', language: 'ar' };

  async function inForce(language: string): Promise<unknown> {
    const page = await local.get(address({ type: 'suivi-spip', language }));
    return page.text.includes('Une traduction relue part aujourd’hui');
  }

  it('is not sent before somebody who reads it says so, by name', async () => {
    expect(await inForce('ar')).toBe(false);
    const page = await local.get(address(arabic));
    expect(plain(page)).toContain('dir="rtl"');
    const review = formsOf(page.text).find(({ action }) => action === '/messages/text/review');
    if (review === undefined) throw new Error('nothing to review');
    const unsaid = await local.submit(review, { text: inField(page), confirmed: '' });
    expect(unsaid.status).toBe(400);
    expect(plain(unsaid)).toContain('Dites que vous lisez cette langue');
    expect(await inForce('ar')).toBe(false);
    const said = formsOf(unsaid.text).find(({ action }) => action === '/messages/text/review');
    const confirmed = { text: inField(unsaid), confirmed: 'true' };
    expect((await local.submit(said ?? review, confirmed)).status).toBe(303);
    expect(await inForce('ar')).toBe(true);
    expect((await local.get(address(arabic))).text).toContain('Relu par Camille Martin');
    const kept = await rows(
      `SELECT organization_id AS "organizationId" FROM template WHERE language = 'ar' AND reviewed_at IS NOT NULL`,
    );
    expect(kept).toEqual([{ organizationId }]);
  });

  it('of the general text leaves alone a type that waits for a text of its own', async () => {
    const page = await local.get(address({ type: 'convocation-stage', language: 'ar' }));
    expect(plain(page)).toContain('Rien ne part dans cette langue aujourd’hui');
    expect(plain(page)).toContain('Personne ne l’a encore relue');
  });

  async function reviewForm(more: Readonly<Record<string, string>>): Promise<Form> {
    const found = formsOf((await local.get(address(more))).text);
    const form = found.find(({ action }) => action === '/messages/text/review');
    if (form === undefined) throw new Error('nothing to review');
    return form;
  }

  const versionsIn = (language: string) =>
    rows(
      `SELECT version, text, reviewed_by_agent_id AS "reviewedBy" FROM template
        WHERE organization_id = $1 AND language = $2 ORDER BY version`,
      [organizationId, language],
    );

  it('corrected while it is read goes into force as corrected, or not at all', async () => {
    const english = { type: '', language: 'en' };
    const form = await reviewForm(english);
    const refused = await local.submit(form, { text: 'Come tomorrow', confirmed: 'true' });
    expect(refused.status).toBe(400);
    expect(plain(refused)).toContain('Come tomorrow</textarea>');
    expect(await versionsIn('en')).toEqual([]);
    const unsaid = await local.submit(await reviewForm(english), { text: 'Appointment {rdv.quand}' });
    expect(plain(unsaid)).toContain('Dites que vous lisez cette langue');
    expect(plain(unsaid)).toContain('Appointment {rdv.quand}</textarea>');
    const said = { text: 'Appointment {rdv.quand}', confirmed: 'true' };
    expect((await local.submit(await reviewForm(english), said)).status).toBe(303);
    expect(await versionsIn('en')).toEqual([
      { version: 1, text: 'Appointment {rdv.quand}', reviewedBy: reviewerId },
    ]);
  });

  it('is not validated over what a colleague wrote meanwhile', async () => {
    const key = { type: '', language: 'es' };
    const [form, colleague] = [await reviewForm(key), await editor(local, key)];
    expect((await local.submit(colleague, { text: 'Cita {rdv.quand}' })).status).toBe(303);
    const late = await local.submit(form, { text: 'Tiene cita {rdv.quand}', confirmed: 'true' });
    expect(late.status).toBe(409);
    expect(plain(late)).toContain('Tiene cita {rdv.quand}</textarea>');
    expect(await versionsIn('es')).toHaveLength(1);
  });

  it('given up says what leaves instead, and the default waits for its review again', async () => {
    const key = { type: '', language: 'tr' };
    const waiting = async () => {
      const sheet = await local.get(`/messages?organization=${organizationId}&language=tr`);
      return /(\d+) textes en turc/.exec(plain(sheet))?.[1];
    };
    const before = await waiting();
    const form = await reviewForm(key);
    expect((await local.submit(form, { text: 'Randevu {rdv.quand}', confirmed: 'true' })).status).toBe(303);
    const page = await local.get(address(key));
    const reset = formsOf(page.text).find(({ action }) => action === '/messages/text/reset');
    if (reset === undefined) throw new Error('no reset');
    const done = await local.submit(reset, {});
    const after = await local.get(done.headers.get('location') ?? '');
    expect(plain(after)).toContain('le français part à la place');
    expect(plain(after)).not.toContain('Le texte par défaut sert de nouveau');
    expect(plain(after)).toContain('Personne ne l’a encore relue');
    expect(after.text).toMatch(/<textarea[^>]*>[^<]+{/);
    expect(plain(after)).toContain('En vigueur');
    expect(await waiting()).toBe(before);
  });

  it('is shown in its language, from its side', async () => {
    const form = await editor(local, arabic);
    const page = await local.submit({ ...form, action: '/messages/text/preview' }, { text: 'موعد غدا' });
    expect(page.text).toMatch(/<p class="sms marked" lang="ar" dir="rtl">/);
    expect(page.text).toMatch(
      /<details><summary>Le texte<\/summary><blockquote class="sms" lang="ar" dir="rtl">/,
    );
    expect(page.text.slice(page.text.indexOf('id="preview"'))).toContain(
      '<blockquote class="sms" lang="ar" dir="rtl">',
    );
  });

  it('written anew waits again, and what was reviewed holds meanwhile', async () => {
    const form = await editor(local, arabic);
    expect((await local.submit(form, { text: 'موعدك {rdv.quand}' })).status).toBe(303);
    expect(await inForce('ar')).toBe(true);
    expect((await local.get(address(arabic))).text).toContain('Personne ne l’a encore relue');
  });
});

it('a person’s language is chosen by its own name, and kept', async () => {
  const form = await local.form('/persons/new', '/persons/new');
  const page = await local.get('/persons/new');
  for (const name of ['العربية', 'Türkçe', 'română']) expect(page.text).toContain(name);
  const answer = await local.submit(form, {
    ...{ lastName: 'Ferreira', firstName: 'Inês', language: 'fr-simple', then: 'card' },
  });
  expect(answer.status).toBe(303);
  const [row] = await rows(`SELECT language FROM person WHERE last_name = 'Ferreira'`);
  expect(row).toEqual({ language: 'fr-simple' });
});
