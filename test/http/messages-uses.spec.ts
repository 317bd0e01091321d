import { isClosedDay, isWeekend } from '../../src/organizations/domain/calendar.js';
import { formsOf } from '../support/browser-lite.js';
import { aPerson, anAgenda, anApiKey, aPlace } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { MessagesOffice, plain } from '../support/messages-office.js';

const office = new MessagesOffice();
beforeAll(() => office.open());
afterAll(() => office.close());
const { address, editor, rows } = office;

const GENERAL = { type: '' };
const TEXT = 'SPIP : RDV {rdv.quand}, {lieu.contact}';

/** A summons of each type, handed to the operator. */
async function summoned(register: string, typeCodes: readonly string[]): Promise<void> {
  const { dataSource, baseUrl, organizationId } = office;
  const api = new ApiClient(baseUrl, await anApiKey(dataSource, { organizationId }));
  const agendaId = await anAgenda(dataSource, { placeId: await aPlace(dataSource, { organizationId }) });
  const days = (await rows(
    `SELECT to_char(app_now() + n * interval '1 day', 'YYYY-MM-DD') AS day FROM generate_series(20, 30) AS n`,
  )) as { day: string }[];
  const date = days.find(({ day }) => !isClosedDay('metropole', day) && !isWeekend(day))?.day;
  for (const typeCode of typeCodes) {
    const personId = await aPerson(dataSource, { organizationIds: [organizationId] });
    await rows('UPDATE person SET register = $2 WHERE id = $1', [personId, register]);
    const at = { agendaId, date, time: '10:00' };
    expect((await api.post('/convocations', { personId, typeCode, notify: true, ...at })).status).toBe(201);
  }
  await rows(`UPDATE message SET state = 'accepted', accepted_at = app_now() WHERE kind = 'summons'`);
}

describe('a text for all other types', () => {
  it('says that no type uses it where each has its own, and costs nothing', async () => {
    await summoned('standard', ['suivi-spip']);
    const key = { ...GENERAL, kind: 'summons' };
    const typed = await office.local.submit(
      { ...(await editor(office.local, key)), action: '/messages/text/preview' },
      { text: TEXT },
    );
    expect(plain(typed)).toContain('Aucun type ne se servirait de ce texte');
    expect(plain(typed)).not.toMatch(/par an|Aucun message de ce type/);
    const saved = await office.local.submit(await editor(office.local, key), { text: TEXT });
    const page = plain(await office.local.get(saved.headers.get('location') ?? ''));
    expect(page).toContain('Texte enregistré. Aucun type ne s’en sert');
    expect(page).toContain('Aucun type ne s’en sert aujourd’hui');
    expect(page).toContain('passe avant');
    expect(page).not.toMatch(/Ce texte part aujourd’hui|Il sert dès le prochain envoi|Part aujourd’hui/);
  });

  it('counts the messages of the types that use it, and names them', async () => {
    await summoned('discreet', ['suivi-spip', 'premiere-convocation-spip', 'placement-tig-tnr']);
    const page = await office.local.get(address({ ...GENERAL, kind: 'summons', register: 'discreet' }));
    expect(plain(page)).toContain('2 messages de ce type sur un an');
    const sentence = /<p>(Le texte par défaut part aujourd’hui pour [^<]*)<\/p>/.exec(page.text)?.[1];
    expect(sentence).toContain('Convocation de suivi SPIP');
    expect(sentence).not.toMatch(/TIG|téléphon|domicile/i);
  });

  it('in another language counts those that a review would give it', async () => {
    const page = await office.local.get(
      address({ ...GENERAL, kind: 'summons', register: 'discreet', language: 'en' }),
    );
    expect(plain(page)).toContain('Rien ne part dans cette langue aujourd’hui');
    expect(plain(page)).toContain('Aucun message de ce type sur un an');
    expect(plain(page)).not.toContain('Aucun type');
  });
});

describe('a French text that changed after its translation was reviewed', () => {
  const english = { language: 'en', kind: 'cancellation' };
  const STALE = 'Le texte français a changé depuis la relecture';

  async function review(key: Readonly<Record<string, string>>): Promise<void> {
    const { text } = await office.local.get(address(key));
    const form = formsOf(text).find(({ action }) => action === '/messages/text/review');
    if (form === undefined) throw new Error('nothing to review');
    const said = { text: 'Appointment cancelled: {rdv.quand}', confirmed: 'true' };
    expect((await office.local.submit(form, said)).status).toBe(303);
  }

  const page = async (key: Readonly<Record<string, string>>) => plain(await office.local.get(address(key)));

  it('is told on the page of the translation, with its version and day', async () => {
    await review({ ...english, type: '' });
    await review({ ...english, type: 'rdv-telephonique' });
    for (const type of ['', 'rdv-telephonique'])
      expect(await page({ ...english, type })).not.toContain(STALE);
    const french = { kind: 'cancellation', type: 'suivi-spip' };
    const saved = await office.local.submit(await editor(office.local, french), { text: TEXT });
    expect(saved.status).toBe(303);
    expect(await page({ ...english, type: 'rdv-telephonique' })).not.toContain(STALE);
    const general = await page({ ...english, type: '' });
    expect(general).toMatch(
      new RegExp(`${STALE} : Convocation de suivi SPIP \\(version 1, \\d+(er)? \\S+ \\d{4}\\)\\.`),
    );
    expect(await page({ ...english, type: 'suivi-spip' })).toContain(STALE);
  });

  it('is told with its own version, whatever other French text was saved since', async () => {
    const own = { kind: 'cancellation', type: 'rdv-telephonique' };
    for (const text of [TEXT, `${TEXT}.`])
      expect((await office.local.submit(await editor(office.local, own), { text })).status).toBe(303);
    const version = new RegExp(`${STALE} : [^:(]*\\(version 2, `);
    expect(await page({ ...english, type: 'rdv-telephonique' })).toMatch(version);
    const general = { kind: 'cancellation', type: '' };
    expect((await office.local.submit(await editor(office.local, general), { text: TEXT })).status).toBe(303);
    expect(await page({ ...english, type: 'rdv-telephonique' })).toMatch(version);
  });

  it('is told no more once it is again as it was', async () => {
    const french = { kind: 'cancellation', type: 'suivi-spip' };
    const reset = formsOf((await office.local.get(address(french))).text).find(
      ({ action }) => action === '/messages/text/reset',
    );
    if (reset === undefined) throw new Error('no reset');
    expect((await office.local.submit(reset, {})).status).toBe(303);
    expect(await page({ ...english, type: '' })).not.toContain(STALE);
  });
});
