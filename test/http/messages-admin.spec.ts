import { Browser, formsOf } from '../support/browser-lite.js';
import { anAgent, aSignedInAgent } from '../support/builders.js';
import { MessagesOffice, plain } from '../support/messages-office.js';

const OWN = 'SPIP : RDV {rdv.quand}, {lieu.nom}. Appelez {lieu.contact}';

const office = new MessagesOffice();
beforeAll(() => office.open());
afterAll(() => office.close());
const { address, editor, rows } = office;

const ownVersions = () =>
  rows(
    `SELECT version, text, reviewed_by_agent_id AS "reviewedBy" FROM template
      WHERE organization_id = $1 AND kind = 'reminder' AND type_code = 'suivi-spip' AND language = 'fr'
        AND register = 'standard' ORDER BY version`,
    [office.organizationId],
  );

describe('the table of texts', () => {
  it('shows each type and kind with its parts', async () => {
    const page = await office.local.get('/messages');
    expect(page.status).toBe(200);
    expect(plain(page)).toContain('Messages, SPIP 92 Nanterre');
    expect(plain(page)).toContain('Convocation de suivi SPIP');
    expect(page.text.match(/SMS factur/g)?.length).toBeGreaterThanOrEqual(80);
  });

  it('says what waits for a review', async () => {
    const page = await office.local.get('/messages?language=ar');
    expect(plain(page)).toContain('À relire');
    expect(plain(page)).toContain('En français');
  });

  it('is for administrators, each for their services', async () => {
    const { cookie } = await aSignedInAgent(office.dataSource, {
      organizationId: office.organizationId,
      role: 'cpip',
    });
    expect((await new Browser(office.baseUrl, cookie).get('/messages')).status).toBe(403);
    for (const organization of [office.other, 'national', 'nobody'])
      expect((await office.local.get(`/messages?organization=${organization}`)).status).toBe(404);
    expect((await office.central.get(`/messages?organization=${office.other}`)).status).toBe(200);
    expect((await office.central.get('/messages')).text).toContain('Textes par défaut');
  });
});

describe('the editor', () => {
  it.each([
    ['RDV demain', 'ce mot devient faux'],
    ['RDV {nom}', 'cette variable n’existe pas'],
    ['RDV {rdv.quand', 'cette accolade est seule'],
    ['Pour Kermadec Awa : {rdv.quand}', 'un texte ne nomme jamais une personne'],
    ['', 'le texte est vide'],
    ['a'.repeat(1600), 'Ce texte ne peut pas être envoyé tel quel'],
  ])('does not save (%#)', async (text, sentence) => {
    const answer = await office.local.submit(await editor(office.local), { text });
    expect(answer.status).toBe(400);
    expect(plain(answer).toLowerCase()).toContain(sentence.toLowerCase());
    expect(await ownVersions()).toEqual([]);
  });

  it('knows the names of agents too, however their accents are typed', async () => {
    const agentId = await anAgent(office.dataSource, { organizationId: office.organizationId });
    await rows(`UPDATE agent SET first_name = 'Inès', last_name = 'Trévidic' WHERE id = $1`, [agentId]);
    for (const name of ['Inès Trévidic', 'TREVIDIC Ines']) {
      const text = `Avec ${name} : {rdv.quand}`;
      const answer = await office.local.submit(await editor(office.local), { text });
      expect(answer.status).toBe(400);
      expect(plain(answer)).toContain('un texte ne nomme jamais une personne');
    }
  });

  it('keeps every version, and leads back to the default', async () => {
    const saved = await office.local.submit(await editor(office.local), { text: OWN });
    expect(saved.status).toBe(303);
    expect(await ownVersions()).toEqual([{ version: 1, text: OWN, reviewedBy: office.reviewerId }]);
    const again = await editor(office.local);
    expect((await office.local.submit(again, { text: `${OWN} !` })).status).toBe(303);
    // The form was opened before: somebody's change would be overwritten.
    const late = await office.local.submit(
      { ...again, fields: { ...again.fields, formToken: 'v'.repeat(22) } },
      { text: 'SPIP : {rdv.quand}' },
    );
    expect(late.status).toBe(409);
    const page = await office.local.get(address());
    expect(plain(page)).toContain('Revenir au texte par défaut');
    const reset = formsOf(page.text).find(({ action }) => action === '/messages/text/reset');
    if (reset === undefined) throw new Error('no reset');
    expect((await office.local.submit(reset, {})).status).toBe(303);
    expect((await ownVersions()).map(({ version, text }) => [version, text])).toEqual([
      [1, OWN],
      [2, `${OWN} !`],
      [3, null],
    ]);
    expect((await office.local.get(address())).text).toContain('Le texte par défaut part aujourd’hui');
  });

  it('keeps the version one began from through the preview: nobody is overwritten unseen', async () => {
    const key = { kind: 'cancellation' };
    const [mine, theirs] = [await editor(office.local, key), await editor(office.local, key)];
    expect((await office.local.submit(theirs, { text: 'SPIP : {rdv.quand}' })).status).toBe(303);
    const text = 'SPIP : annulé {rdv.quand}';
    const seen = await office.local.submit({ ...mine, action: '/messages/text/preview' }, { text });
    const form = formsOf(seen.text).find(({ action }) => action === '/messages/text');
    if (form === undefined) throw new Error('no form');
    const refused = await office.local.submit(form, { text });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Un autre texte part aujourd’hui');
    expect(refused.text).toMatch(/Le texte qui part<\/summary><blockquote class="sms">SPIP : \{rdv.quand\}</);
    expect((await office.local.get(address(key))).text).toContain('Ce texte part aujourd’hui');
  });

  it('says truly what leaves where no general text is', async () => {
    const page = await office.local.get(address({ type: '' }));
    expect(plain(page)).not.toContain('le texte français part à la place');
    expect(plain(page)).toContain('chaque type a le sien');
  });

  it('gives the focus to what is to be corrected, and marks the field', async () => {
    const answer = await office.local.submit(await editor(office.local), { text: 'RDV demain' });
    expect(answer.text).toMatch(/error-summary"[^>]* autofocus/);
    expect(answer.text).toMatch(/<textarea[^>]* aria-invalid="true"/);
  });

  it('lets a central administrator write the default, and nobody else', async () => {
    const key = { organization: 'national', type: 'action-collective' };
    expect((await office.local.get(address(key))).status).toBe(404);
    expect((await office.central.submit(await editor(office.central, key), { text: OWN })).status).toBe(303);
    const [row] = await rows(
      `SELECT max(version) AS version FROM template WHERE organization_id IS NULL AND kind = 'reminder'
          AND type_code = 'action-collective' AND language = 'fr' AND register = 'standard'`,
    );
    expect(row).toEqual({ version: 3 });
  });
});

it('a person’s language is chosen by its own name, and kept', async () => {
  const form = await office.local.form('/persons/new', '/persons/new');
  const page = await office.local.get('/persons/new');
  for (const name of ['العربية', 'Türkçe', 'română']) expect(page.text).toContain(name);
  const answer = await office.local.submit(form, {
    ...{ lastName: 'Ferreira', firstName: 'Inês', language: 'fr-simple', then: 'card' },
  });
  expect(answer.status).toBe(303);
  const [row] = await rows(`SELECT language FROM person WHERE last_name = 'Ferreira'`);
  expect(row).toEqual({ language: 'fr-simple' });
});
