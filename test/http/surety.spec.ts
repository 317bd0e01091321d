import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { anOrganization, aSignedInAgent } from '../support/builders.js';
import { planDueNow } from '../support/due-messages.js';
import { HOSTILE_TEXTS } from '../support/hostile-corpus.js';

const COUNT = 12;
const PARTS = [
  'Reçus',
  'Remis, sans accusé',
  'Non reçus',
  'En vérification',
  'Périmés',
  'Sans moyen d’envoi',
  'En attente',
];

let web: TestApp;
let serviceId: string;

beforeAll(async () => {
  web = await startTestApp();
  await planDueNow(web.dataSource, COUNT);
  const [rows]: [{ id: string }[], number] = await web.dataSource.query(
    `UPDATE organization SET name = '=SPIP; des « essais »' RETURNING id`,
  );
  serviceId = rows[0]?.id ?? '';
  await web.dataSource.query(
    `WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
     UPDATE message m SET state = (ARRAY['delivered', 'delivered', 'accepted', 'undelivered', 'failed', 'uncertain', 'expired',
              'suppressed', 'planned', 'queued', 'withdrawn', 'delivered'])[rank],
            accepted_at = CASE WHEN rank IN (1, 2, 3, 4) THEN first_due_at + interval '3 seconds'
                               WHEN rank = 12 THEN first_due_at + interval '5 minutes' END
       FROM ranked WHERE ranked.id = m.id`,
  );
});
afterAll(() => web.close());

async function signedIn(
  role: 'admin' | 'dpip' | 'local-admin' | 'cpip',
  organizationId = serviceId,
): Promise<Browser> {
  const agent = await aSignedInAgent(web.dataSource, { organizationId, role });
  return new Browser(web.baseUrl, agent.cookie);
}

/** The figure under a word of the page, without its spaces. */
function figure(page: string, word: string): number {
  const found = new RegExp(`>${word}</[^>]+>(?:</dt>)?<dd>([\\d\\u202f]+)`).exec(page);
  return Number((found?.[1] ?? 'none').replaceAll('\u202f', ''));
}

describe('the page « Sûreté des envois »', () => {
  it('adds up exactly', async () => {
    const { text } = await (await signedIn('admin')).get('/surety');
    const due = Number(/<dt>Dus<\/dt><dd>(\d+)/.exec(text)?.[1]);
    expect(due).toBe(COUNT - 1);
    expect(PARTS.reduce((sum, word) => sum + figure(text, word), 0)).toBe(due);
    expect(figure(text, 'Partis en retard')).toBe(1);
  });

  it('is for administrators and directors, each with the rows they may see', async () => {
    expect((await (await signedIn('cpip')).get('/surety')).status).toBe(403);
    for (const role of ['dpip', 'local-admin'] as const)
      expect((await (await signedIn(role)).get('/surety')).text).toContain('SPIP; des « essais »');
    const elsewhere = await signedIn('dpip', await anOrganization(web.dataSource));
    for (const path of ['/surety', '/surety/figures.csv']) {
      const { status, text } = await elsewhere.get(path);
      expect(status).toBe(200);
      expect(text).not.toContain('SPIP; des « essais »');
    }
  });

  it('tells what each service waits for, what may have gone twice, and what each operator confirmed', async () => {
    await web.dataSource.query(`
      WITH call AS (
        INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
            segments, result, awaits_receipt, started_at, real_started_at, answered_at)
        SELECT gen_random_uuid(), id, 1, 'sms', (ARRAY['twilio', 'link-mobility'])[rank], 'X', gen_random_uuid(),
               sha256(id::text::bytea), ''::bytea, 1, 'accepted', true, app_now(), now(), app_now()
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message) AS ranked WHERE rank < 3
        RETURNING id, operator)
      INSERT INTO receipt (attempt_id, operator_message_id, status, received_at)
      SELECT id, 'SM1', 'sent', app_now() - interval '3 minutes' FROM call WHERE operator = 'twilio'`);
    await web.dataSource.query(`INSERT INTO operator_state (operator) VALUES ('twilio'), ('link-mobility')`);
    const waiting = `WHERE state = 'planned'`;
    await web.dataSource.query(
      `UPDATE message SET first_due_at = first_due_at - interval '7 minutes', possible_duplicate = true ${waiting}`,
    );
    const { text } = await (await signedIn('admin')).get('/surety');
    const row = /<th scope="row">=SPIP[\s\S]*?<\/th>/.exec(text)?.[0] ?? '';
    expect(row).toContain('En attente depuis 7\u00a0min');
    expect(row).toContain('1\u00a0doublon possible');
    expect(text).toMatch(/Twilio[\s\S]*?dernier accusé il y a 3\u00a0min/);
    expect(text).toMatch(/LINK Mobility[\s\S]*?aucun accusé en 24\u00a0h/);
    await web.dataSource.query(
      `UPDATE message SET first_due_at = first_due_at + interval '7 minutes', possible_duplicate = false ${waiting}`,
    );
    await web.dataSource.query('DELETE FROM operator_state');
    await web.dataSource.query('DELETE FROM receipt');
    await web.dataSource.query('DELETE FROM delivery_attempt');
  });

  it('says nothing of anybody', async () => {
    const { text } = await (await signedIn('admin')).get('/surety?days=7');
    expect(text).not.toMatch(/\bAda\b|Essai 1|\+336|06\s10/);
  });

  it('exports the rows in a table that runs nothing', async () => {
    const answer = await (await signedIn('admin')).get('/surety/figures.csv?days=7');
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [head, row] = answer.text.replace('\ufeff', '').split('\r\n');
    expect(head).toMatch(/^Service;Dus;À l’heure/);
    expect(row).toMatch(/^"'=SPIP; des « essais »";11;4;1;3;1;2;1;1;1;2;1;0;/);
  });

  it('shows the ends that an operator contradicted, also of a call that was followed by another', async () => {
    const [told]: { id: string; convocation: string }[] = await web.dataSource
      .query(
        `UPDATE message SET attempts = 2 WHERE id = (SELECT min(id::text)::uuid FROM message WHERE state = 'delivered')
       RETURNING id, convocation_id AS convocation`,
      )
      .then(([rows]: [{ id: string; convocation: string }[], number]) => rows);
    const words = 'L’opérateur a dit ensuite le contraire';
    const agent = await signedIn('admin');
    expect((await agent.get('/surety')).text).not.toContain('Contredits');
    await web.dataSource.query(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash,
          body_hash, segments, result, conflicting_status, started_at, real_started_at)
       SELECT gen_random_uuid(), $1, n, 'sms', 'twilio', 'X', p.phone_id, ('call ' || n)::bytea, '', 1,
              CASE n WHEN 1 THEN 'undelivered' ELSE 'delivered' END, CASE n WHEN 1 THEN 'delivered' END, app_now(), now()
         FROM generate_series(1, 2) AS n, convocation c JOIN person p ON p.id = c.person_id WHERE c.id = $2`,
      [told?.id, told?.convocation],
    );
    expect((await agent.get('/surety')).text).toMatch(
      /Contredits[\s\S]*?contraire\u00a0: 1\. Le premier fait foi/,
    );
    expect((await agent.get(`/convocations/${told?.convocation ?? ''}`)).text).toContain(words);
    await web.dataSource.query(`UPDATE message SET state = 'planned', ladder_step = 1 WHERE id = $1`, [
      told?.id,
    ]);
    expect((await agent.get(`/convocations/${told?.convocation ?? ''}`)).text).toContain(words);
    await web.dataSource.query(`UPDATE message SET state = 'delivered', ladder_step = 0 WHERE id = $1`, [
      told?.id,
    ]);
  });

  it('takes any period asked for', async () => {
    const admin = await signedIn('admin');
    for (const days of ['', '0', '-1', '7', '1e9', 'x', '%00'])
      expect((await admin.get(`/surety?days=${days}`)).status).toBe(200);
  });
});

describe('holding and releasing on the page', () => {
  const holds = () =>
    web.dataSource.query('SELECT reason, detail, set_by, released_by FROM sending_hold ORDER BY id');

  it('is for central administrators', async () => {
    for (const role of ['dpip', 'local-admin'] as const) {
      const browser = await signedIn(role);
      expect((await browser.get('/surety/hold')).status).toBe(403);
      expect((await browser.get('/surety')).text).not.toContain('/surety/hold');
    }
  });

  it('asks why, holds, tells what would leave, and releases', async () => {
    const admin = await signedIn('admin');
    const ask = await admin.form('/surety/hold', '/surety/hold');
    expect((await admin.get('/surety/hold')).text).toContain('Les webhooks attendent aussi.');
    const refused = await admin.submit(ask, { reason: ' ' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('Dites pourquoi');
    expect(await holds()).toEqual([]);

    const again = await admin.form('/surety/hold', '/surety/hold');
    expect((await admin.submit(again, { reason: 'Texte à corriger' })).status).toBe(303);
    expect(await holds()).toEqual([
      {
        reason: 'command',
        detail: 'Texte à corriger',
        set_by: expect.stringMatching(/^agent:/),
        released_by: null,
      },
    ]);
    const held = await admin.get('/surety');
    expect(held.text).toContain('Les envois sont retenus');
    expect(held.text).toContain('Texte à corriger');

    const report = await admin.get('/surety/release');
    expect(report.text).toContain('2\u00a0messages partiraient');
    const [release] = formsOf(report.text).filter(({ action }) => action === '/surety/release');
    if (release === undefined) throw new Error('no form to release');
    expect((await admin.submit(release, { hold: '999' })).status).toBe(409);
    const twin = await admin.form('/surety/release', '/surety/release');
    expect((await admin.submit(twin, {})).status).toBe(303);
    expect(await holds()).toEqual([
      expect.objectContaining({ released_by: expect.stringMatching(/^agent:/) }),
    ]);
  });

  it('keeps whatever is written as the reason, and shows it as text', async () => {
    const admin = await signedIn('admin');
    for (const reason of HOSTILE_TEXTS.map((text) => text.slice(0, 200))) {
      const form = await admin.form('/surety/hold', '/surety/hold').catch(() => undefined);
      const answer = form === undefined ? undefined : await admin.submit(form, { reason });
      expect(answer?.status ?? 303).toBeLessThan(500);
      expect((await admin.get('/surety')).status).toBe(200);
      await web.dataSource.query(
        `UPDATE sending_hold SET released_at = app_now(), released_by = 'test' WHERE released_at IS NULL`,
      );
    }
  });

  it('shows the date of a restored backup on both pages', async () => {
    await web.dataSource.query(
      `INSERT INTO sending_hold (reason, set_by, detail) VALUES ('restored-backup', 'cli',
         'restored from the backup of 2026-06-07T22:30:00.000Z: compare with the operators, then release')`,
    );
    const admin = await signedIn('admin');
    for (const path of ['/surety', '/surety/release'])
      expect((await admin.get(path)).text).toContain('Base restaurée de la sauvegarde du lundi 8');
    await web.dataSource.query(`UPDATE sending_hold SET released_at = app_now(), released_by = 'test'`);
  });

  it('is told by /health/ready', async () => {
    await web.dataSource.query(
      `INSERT INTO sending_hold (reason, set_by) VALUES ('restored-backup', 'worker')`,
    );
    const answer = await fetch(`${web.baseUrl}/health/ready`);
    expect(await answer.json()).toMatchObject({ checks: { hold: 'restored-backup' } });
    expect(answer.status).toBe(200);
    await web.dataSource.query(`UPDATE sending_hold SET released_at = app_now(), released_by = 'test'`);
  });
});
