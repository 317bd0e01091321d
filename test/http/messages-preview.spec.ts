import { aPlace } from '../support/builders.js';
import { MessagesOffice, plain } from '../support/messages-office.js';

const office = new MessagesOffice();
beforeAll(() => office.open());
afterAll(() => office.close());
const { address, editor, rows } = office;

/** The text of the blockquote in the panel. */
const preview = (html: string) => {
  const panel = html.slice(html.indexOf('id="preview"'));
  return /<blockquote[^>]*>([^<]*)</.exec(panel)?.[1]?.replaceAll('&amp;', '&') ?? '';
};

describe('the preview of a text', () => {
  it('shows the text on the longest place of the service, and without a script too', async () => {
    const form = await editor(office.local);
    expect((await office.local.get(address())).text).toContain(
      'Antenne de Boulogne, maison des services du territoire',
    );
    const answer = await office.local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'Le {rdv.date} : {lieu.nom}' },
    );
    expect(answer.status).toBe(200);
    expect(preview(answer.text)).toMatch(/^Le \S+ \d+ \S+ \d{4} : Antenne de Boulogne/);
    expect(plain(answer)).toContain('1 SMS facturé');
  });

  it('accuses nobody before anything is typed, and judges once it is asked to', async () => {
    const unwritten = { type: '', kind: 'reminder' };
    const opened = plain(await office.local.get(address(unwritten)));
    expect(opened).toContain('Le texte paraîtra ici');
    expect(opened).not.toMatch(/vide\.|ne dit pas quand|ne peut pas être envoyé|class="state bad"/);
    const form = await editor(office.local, unwritten);
    const asked = await office.local.submit({ ...form, action: '/messages/text/preview' }, { text: '' });
    expect(plain(asked)).toContain('Le texte est vide.');
    const saved = await office.local.submit(form, { text: '' });
    expect(saved.status).toBe(400);
    expect(plain(saved)).toContain('Le texte est vide.');
  });

  it('says what the link costs that the first text of a convocation carries', async () => {
    const form = await editor(office.local);
    const text = `RDV {rdv.quand}, ${'venez '.repeat(12)}`.trim();
    const answer = await office.local.submit({ ...form, action: '/messages/text/preview' }, { text });
    expect(plain(answer)).toMatch(/>1 SMS facturé</);
    expect(plain(answer)).toContain('2 SMS facturés avec le lien qui arrête les SMS');
    const summons = await office.local.get(address({ kind: 'summons' }));
    expect(plain(summons)).toContain(', avec le lien qui arrête les SMS.');
    expect(plain(summons)).not.toContain('premier texte de chaque rendez-vous');
    expect(plain(await office.local.get('/messages'))).toContain('2 avec le lien');
  });

  it.each([
    ['reminder', 'fr', / après-demain /],
    ['summons', 'fr', / après-demain /],
    ['reminder', 'en', / tomorrow /],
    ['after-absence', 'fr', /^RDV (?!.*demain)/],
  ])('counts the longest words for the day that a %s may say in %s', async (kind, language, words) => {
    const form = await editor(office.local, { kind, language });
    const answer = await office.local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'RDV {rdv.quand}' },
    );
    expect(preview(answer.text)).toMatch(words);
  });

  it('counts on the table too the short place whose name takes the dear alphabet', async () => {
    const where = 'maison du territoire et des associations';
    for (const name of [`A ${where}`, `B ${where}`, `C ${where}`, 'TJ Fê'])
      await aPlace(office.dataSource, { organizationId: office.other, name });
    const parts = (page: { readonly text: string }) => /(\d) SMS factur/.exec(plain(page))?.[1];
    const key = { organization: office.other, type: 'sortie-audience-sap', kind: 'summons' };
    const sheet = await office.central.get(`/messages?organization=${office.other}`);
    expect(parts(sheet)).toBe(parts(await office.central.get(address(key))));
  });

  it('says where a discreet text does not leave, because the address names justice', async () => {
    const discreet = { register: 'discreet', kind: 'summons' };
    expect(plain(await office.local.get(address(discreet)))).not.toContain('ce texte n’y part pas');
    const placeId = await aPlace(office.dataSource, {
      organizationId: office.organizationId,
      name: 'Antenne du centre',
    });
    const [place] = await rows('SELECT address FROM place WHERE id = $1', [placeId]);
    const movedTo = (to: unknown) => rows('UPDATE place SET address = $2 WHERE id = $1', [placeId, to]);
    await movedTo('3 place du Palais de Justice, 92000 Nanterre');
    const page = await office.local.get(address(discreet));
    expect(plain(page)).toContain(
      'L’adresse du lieu « Antenne du centre » dit « Justice » : ce texte n’y part pas',
    );
    expect(preview(page.text)).not.toMatch(/justice/i);
    await movedTo(place?.address);
  });

  it('names the character that doubles the price, and replaces it at the press of a button', async () => {
    const form = await editor(office.local);
    const text = `Bientôt un RDV {rdv.quand}, ${'venez '.repeat(8)}`.trim();
    const dear = await office.local.submit({ ...form, action: '/messages/text/preview' }, { text });
    expect(plain(dear)).toContain('Le caractère « ô » fait passer ce texte de 1 à 2 SMS facturés');
    const cheap = await office.local.submit(
      { ...form, action: '/messages/text/preview' },
      { text, cheaper: 'ô'.codePointAt(0)?.toString(16) ?? '' },
    );
    expect(preview(cheap.text)).toMatch(/^Bientot un RDV/);
    expect(plain(cheap)).toContain('1 SMS facturé');
  });

  it('shows what is wrong at the word, and mends it at the press of a button', async () => {
    const form = await editor(office.local);
    const shown = await office.local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'RDV demain à Nanterre' },
    );
    expect(plain(shown)).toContain('<mark>demain</mark>');
    expect(plain(shown)).toContain('ce mot devient faux si le texte part en retard');
    const mended = await office.local.submit(
      { ...form, action: '/messages/text/preview' },
      { text: 'RDV demain à Nanterre', fix: '0' },
    );
    expect(plain(mended)).toContain('RDV {rdv.quand} à Nanterre</textarea>');
  });
});
