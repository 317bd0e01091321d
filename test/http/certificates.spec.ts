import type { TestApp } from '../support/app.js';
import type { Browser } from '../support/browser-lite.js';
import { aPerson, anOrganization } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { JournaledService } from '../support/journaled-service.js';
import { textOfPdf } from '../support/pdf-text.js';

const journaled = new JournaledService();
const { told, person, booked } = journaled;
let web: TestApp;
let cpip: Browser;
let admin: Browser;

beforeAll(async () => {
  await journaled.open();
  ({ web, cpip, admin } = journaled);
});
afterAll(() => journaled.close());

describe('a certificate of what was sent', () => {
  let personId: string;
  let file: string;
  let paper: string;

  async function issue(): Promise<string> {
    const path = `/persons/${personId}/certificate`;
    const answer = await cpip.submit(await cpip.form(path, path), {});
    expect(answer.status).toBe(303);
    return answer.headers.get('location') ?? '';
  }

  const textOf = async (path: string) => {
    const response = await fetch(web.baseUrl + path, { headers: { cookie: cpip.cookieHeader() } });
    expect(response.headers.get('content-type')).toBe('application/pdf');
    return textOfPdf(Buffer.from(await response.arrayBuffer()));
  };

  async function check(code: string): Promise<string> {
    const answer = await admin.submit(await admin.form('/certificates/check', '/certificates/check'), {
      code,
    });
    return answer.text;
  }

  const codeOf = (text: string) => /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/.exec(text)?.[0] ?? '';

  beforeAll(async () => {
    personId = await person({ firstName: 'Sidonie', lastName: 'Valmy' });
    const convocationId = await booked(personId, '11:30');
    const [message] = await web.dataSource.query<{ id: string }[]>(
      `SELECT id FROM message WHERE convocation_id = $1 AND kind = 'summons'`,
      [convocationId],
    );
    const [attempt] = await web.dataSource.query<{ id: string }[]>(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
         segments, started_at, real_started_at, answered_at, operator_message_id, result)
       SELECT gen_random_uuid(), $1, 1, 'sms', 'twilio', 'MonSuiviJus', p.phone_id, sha256('token'), sha256('texte'), 1,
         app_now(), now(), app_now(), 'SMfa8c0de9', 'delivered'
       FROM person p WHERE p.id = $2 RETURNING id`,
      [message?.id, personId],
    );
    await web.dataSource.query(
      `INSERT INTO receipt (attempt_id, operator_message_id, status) VALUES ($1, 'SMfa8c0de9', 'delivered')`,
      [attempt?.id],
    );
    await moveClock(web.dataSource, '2026-06-09T08:05:00Z');
    const entries = await told(async () => {
      file = await issue();
    });
    expect(entries.at(-1)).toMatchObject({ action: 'certificate.issued', personId, detail: { calls: 1 } });
    paper = await textOf(file);
  });

  it('says who, what, when, by which operator, with which receipt, and what is not known', () => {
    const words = paper.replace(/\s+/g, ' ');
    for (const said of [
      'Attestation d’envoi de messages',
      'Sidonie Valmy',
      'SPIP de la Rivière',
      'SMfa8c0de9',
      'MonSuiviJus',
      'reçu par le téléphone, mardi 9 juin 2026',
      'version du modèle non connue',
      'Elle ne dit pas que la personne a lu',
    ])
      expect(words).toContain(said);
    expect(words).not.toContain('12345678');
    expect(words).toContain('78');
  });

  it('is confirmed by its code, in any typing, to an agent of any service', async () => {
    const code = codeOf(paper);
    for (const typed of [code, code.toLowerCase().replaceAll('-', ' ')]) {
      const page = await check(typed);
      expect(page).toContain('Attestation authentique');
      expect(page).toContain('SPIP de la Rivière');
      expect(page).not.toContain('Valmy');
    }
    expect(await check('0000-0000-0000-0000')).toContain('Aucune attestation');
    expect(await check('n’importe quoi')).toContain('seize lettres et chiffres');
  });

  it('stays true when the operator says more later, and is denied when the past was changed', async () => {
    const code = codeOf(paper);
    await web.dataSource.query(
      `INSERT INTO receipt (attempt_id, operator_message_id, status, received_at)
       SELECT id, 'SMfa8c0de9', 'read', app_now() FROM delivery_attempt WHERE operator_message_id = 'SMfa8c0de9'`,
    );
    await moveClock(web.dataSource, '2026-06-09T08:10:00Z');
    expect(await check(code)).toContain('Attestation authentique');
    expect(await textOf(file)).toBe(paper);
    await web.dataSource.query(
      `UPDATE receipt SET status = 'undelivered' WHERE operator_message_id = 'SMfa8c0de9' AND status = 'delivered'`,
    );
    expect(await check(code)).toContain('ses données ont changé');
    expect(await textOf(file)).toContain('ATTENTION');
  });

  it('names, for an appointment told by the text of another of that day, that text', async () => {
    const second = await booked(personId, '15:30');
    await web.dataSource.query(
      `UPDATE message told SET state = 'withdrawn', reason = 'told-same-day', told_by_message_id = a.message_id
         FROM delivery_attempt a
        WHERE a.operator_message_id = 'SMfa8c0de9' AND told.convocation_id = $1 AND told.kind = 'summons'`,
      [second],
    );
    const path = `/persons/${personId}/certificate?convocation=${second}`;
    expect((await cpip.get(path)).text).toMatch(/11\sh\s30/);
    const answer = await cpip.submit(await cpip.form(path, `/persons/${personId}/certificate`), {});
    const words = (await textOf(answer.headers.get('location') ?? '')).replace(/\s+/g, ' ');
    for (const said of ['15 h 30', 'SMfa8c0de9', 'commun à un autre rendez-vous du même jour'])
      expect(words).toContain(said);
    expect(paper).not.toContain('commun à');
  });

  it('is not to be had for a person of another service', async () => {
    const elsewhere = await aPerson(web.dataSource, {
      organizationIds: [await anOrganization(web.dataSource)],
    });
    expect((await cpip.get(`/persons/${elsewhere}/certificate`)).status).toBe(404);
    const convocationId = await booked(await person(), '14:10');
    expect((await cpip.get(`/persons/${personId}/certificate?convocation=${convocationId}`)).status).toBe(
      404,
    );
  });
});
