import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, formsOf } from '../support/browser-lite.js';
import { aSignedInAgent, anOrganization } from '../support/builders.js';
import { BrowserWorld } from '../support/browser-world.js';
import { phoneOf } from '../support/contacts.js';

let test: TestApp;
let world: BrowserWorld;
let agent: Browser;

beforeAll(async () => {
  test = await startTestApp();
  world = await new BrowserWorld(test).build();
  agent = new Browser(test.baseUrl, `sid=${await world.session('cpip')}`);
});

afterAll(() => test.close());

async function task(id: string): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown>[] = await test.dataSource.query(
    'SELECT * FROM agent_task WHERE id = $1',
    [id],
  );
  return rows[0] ?? {};
}

let hour = 8;
async function summoned(lastName: string) {
  const personId = await world.person('Awa', lastName);
  const convocationId = await world.booked(
    personId,
    '2026-06-17',
    `${String((hour += 1)).padStart(2, '0')}:00`,
  );
  return { personId, convocationId };
}

async function asked(lastName: string, reason = 'not-confirmed') {
  const { personId, convocationId } = await summoned(lastName);
  const id = await world.asked(personId, convocationId, 'reach-otherwise', reason);
  return { id, personId, convocationId };
}

describe('what messages leave to the agents', () => {
  it('is counted at home, listed with what happened, and shown on the convocation and the card', async () => {
    const { id, personId, convocationId } = await asked('Kermadec');
    expect((await agent.get('/')).text).toMatch(/<b>1<\/b> <span>À joindre autrement/);
    const list = (await agent.get('/tasks')).text;
    expect(list).toContain('Awa Kermadec');
    expect(list).toContain('rien ne dit qu’il est arrivé');
    expect(list).toContain('Avant mercredi 17');
    const convocation = (await agent.get(`/convocations/${convocationId}`)).text;
    expect(convocation).toContain(`id="task-${id}"`);
    expect(convocation).toContain('À joindre autrement');
    expect((await agent.get(`/persons/${personId}`)).text).toContain(`/tasks#task-${id}`);
    expect((await agent.get('/days/2026-06-17')).text).toContain(`/convocations/${convocationId}#tasks`);
    expect(list).not.toMatch(/href="[^"t][^"]*\+?33612345678/);
  });

  it.each([
    ['reached', 'personne jointe'],
    ['could-not-reach', 'personne injoignable'],
  ])('closes with what came of it: %s', async (outcome, words) => {
    const { id, convocationId } = await asked(`Brindille ${outcome}`);
    const form = await agent.form('/tasks', `/tasks/${id}/close`);
    const answer = await agent.submit(form, { outcome, note: 'rappelée ce matin' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/tasks?done=closed']);
    expect(await task(id)).toMatchObject({
      outcome,
      closed_at: expect.anything(),
      closed_by_agent_id: expect.anything(),
    });
    const page = (await agent.get(`/convocations/${convocationId}`)).text;
    expect(page).toContain(words);
    expect(page).toContain('rappelée ce matin');
    expect(page).not.toContain(`id="task-${id}"`);
    // A colleague had the same page open.
    const late = await agent.submit(
      { ...form, fields: { ...form.fields, formToken: 'another-token-000000' } },
      { outcome: 'could-not-reach', note: 'vue à l’accueil' },
    );
    expect(late.status).toBe(409);
    expect(late.text).toContain('Cette tâche a changé entre-temps');
    expect(late.text).not.toContain('déjà convoquée');
    expect(late.text).toMatch(new RegExp(`Par .+aujourd’hui à .+${words}.+rappelée ce matin`, 's'));
    expect(late.text).toContain('vue à l’accueil');
  });

  it('tells nobody by the phone of a stranger, and announces no text that cannot leave to it', async () => {
    const personId = await world.person('Awa', 'Pavoine', '+33612345699');
    const convocationId = await world.booked(personId, '2026-06-17', '08:20');
    await test.dataSource.query(
      `WITH told AS (UPDATE message SET state = 'delivered', attempts = 1, accepted_at = app_now(), settled_at = app_now()
                      WHERE convocation_id = $1 AND kind = 'summons' RETURNING id)
       INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
         segments, result, started_at, real_started_at)
       SELECT gen_random_uuid(), told.id, 1, 'sms', 'twilio', 'X', phone_id, sha256(told.id::text::bytea), '', 1, 'delivered',
              app_now(), now() FROM told, person WHERE person.id = $2`,
      [convocationId, personId],
    );
    const address = `/convocations/${convocationId}`;
    expect((await agent.get(address)).text).toContain('Personne jointe');
    const stranger = new Browser(test.baseUrl);
    const said = await world.stopLink(convocationId);
    await stranger.submit(await stranger.form(`${said}/wrong-person`, `${said}/wrong-person`), {});
    const asking = await agent.get(address);
    expect(asking.text).not.toContain('>Personne jointe<');
    expect((await agent.get('/days/2026-06-17')).text).toContain('Reçu par quelqu’un d’autre');
    const close = formsOf(asking.text).find(({ action }) => action.endsWith('/close'));
    const answer = await agent.submit(await agent.form(address, close?.action ?? ''), {
      outcome: 'could-not-reach',
    });
    const page = (await agent.get(answer.headers.get('location') ?? '')).text;
    expect(page).toContain('Tâche close. Aucun message ne peut partir.');
    expect(page).not.toContain('Prochain texte');
    expect(page).toContain('Injoignable');
    expect(page).not.toContain('Personne jointe');
  });

  it('refuses an outcome it does not know', async () => {
    const { id } = await asked('Quintal');
    const form = await agent.form('/tasks', `/tasks/${id}/close`);
    expect((await agent.submit(form, { outcome: 'no-longer-needed' })).status).toBe(400);
    expect(await task(id)).toMatchObject({ outcome: null });
  });

  it('sends the text that failed again, once, and keeps the task until it arrives', async () => {
    const { personId, convocationId } = await summoned('Vasseur');
    await test.dataSource.query(
      `UPDATE message SET state = 'failed', reason = 'operator-refused', settled_at = app_now(), followed_up_at = app_now()
        WHERE convocation_id = $1 AND kind = 'summons'`,
      [convocationId],
    );
    const id = await world.asked(personId, convocationId, 'reach-otherwise', 'wrong-number');
    await test.dataSource.query(
      `UPDATE agent_task SET message_id = (SELECT id FROM message WHERE convocation_id = $2 AND kind = 'summons') WHERE id = $1`,
      [id, convocationId],
    );
    const form = await agent.form(`/convocations/${convocationId}`, `/tasks/${id}/resend`);
    const answer = await agent.submit(form, {});
    expect(answer.headers.get('location')).toBe(`/convocations/${convocationId}?done=task-resent`);
    const messages: object[] = await test.dataSource.query(
      `SELECT kind, state, wanted_channel FROM message WHERE convocation_id = $1 AND kind = 'summons'`,
      [convocationId],
    );
    expect(messages).toEqual([{ kind: 'summons', state: 'planned', wanted_channel: 'sms' }]);
    expect(await task(id)).toMatchObject({ closed_at: null });
    const page = (await agent.get(`/convocations/${convocationId}`)).text;
    expect(page).toContain('Un nouveau texte est en route');
    expect(formsOf(page).map(({ action }) => action)).not.toContain(`/tasks/${id}/resend`);
  });

  /** Nothing of the promise left, and nothing waits. */
  async function neverSent() {
    const task = await asked('Ourcade', 'nothing-sent');
    await test.dataSource.query(
      `UPDATE message SET state = 'expired', settled_at = app_now() WHERE convocation_id = $1`,
      [task.convocationId],
    );
    return task;
  }

  it('plans one more reminder for what was never sent', async () => {
    const { id, convocationId } = await neverSent();
    const form = await agent.form('/tasks', `/tasks/${id}/resend`);
    expect((await agent.submit(form, {})).status).toBe(303);
    const messages: object[] = await test.dataSource.query(
      `SELECT m.kind, m.occurrence, m.state FROM message m JOIN agent_task t ON t.message_id = m.id WHERE t.id = $1`,
      [id],
    );
    expect(messages).toEqual([{ kind: 'reminder', occurrence: 0, state: 'planned' }]);
    expect((await agent.get(`/convocations/${convocationId}`)).text).toContain(
      'Un nouveau texte est en route',
    );
  });

  it('plans none beside another text to the person', async () => {
    const { id, convocationId } = await neverSent();
    const form = await agent.form('/tasks', `/tasks/${id}/resend`);
    await test.dataSource.query(
      `UPDATE message SET state = 'delivered', accepted_at = app_now() - interval '2 hours' WHERE convocation_id = $1`,
      [convocationId],
    );
    const page = (await agent.get(`/convocations/${convocationId}`)).text;
    expect(page).toContain('à moins de trois heures');
    expect(formsOf(page).map(({ action }) => action)).not.toContain(`/tasks/${id}/resend`);
    expect((await agent.submit(form, {})).status).toBe(409);
  });

  it('trusts a number that an agent checked', async () => {
    const personId = await world.person('Lina', 'Farouelle');
    await test.dataSource.query(
      `UPDATE person SET phone_failures = 3, phone_flagged_at = app_now(), phone_flag_reason = 'three-failures' WHERE id = $1`,
      [personId],
    );
    const id = await world.asked(personId, null, 'correct-number', 'three-failures');
    expect((await agent.get('/tasks')).text).toContain(`/persons/${personId}/edit#phone`);
    await agent.submit(await agent.form('/tasks', `/tasks/${id}/close`), { outcome: 'corrected' });
    const rows: object[] = await test.dataSource.query(
      'SELECT phone_failures, phone_flagged_at FROM person WHERE id = $1',
      [personId],
    );
    expect(rows).toEqual([{ phone_failures: 0, phone_flagged_at: null }]);
  });

  it('trusts an address that an agent checked, and forgets the flag of one that was corrected', async () => {
    const personId = await world.person('Milo', 'Tarvesin');
    const flag = `UPDATE person SET email_flagged_at = app_now(), email_flag_reason = 'wrong-address' WHERE id = $1`;
    const flags = (): Promise<object[]> =>
      test.dataSource.query('SELECT email_flagged_at, email_flag_reason FROM person WHERE id = $1', [
        personId,
      ]);
    await test.dataSource.query(flag, [personId]);
    const id = await world.asked(personId, null, 'correct-address', 'wrong-address');
    const tasks = (await agent.get('/tasks')).text;
    expect(tasks).toContain('E-mail à corriger');
    expect(tasks).toContain(`/persons/${personId}/edit#email`);
    expect((await agent.get(`/persons/${personId}`)).text).toContain('Cette adresse e-mail n’existe pas');
    await agent.submit(await agent.form('/tasks', `/tasks/${id}/close`), { outcome: 'corrected' });
    const trusted = [{ email_flagged_at: null, email_flag_reason: null }];
    expect(await flags()).toEqual(trusted);
    await test.dataSource.query(flag, [personId]);
    const form = await agent.form(`/persons/${personId}/edit`, `/persons/${personId}/edit`);
    await agent.submit(form, { email: 'milo.corrige@example.org' });
    expect(await flags()).toEqual(trusted);
  });

  it('is nobody’s business in another service', async () => {
    const { id } = await asked('Delestaing');
    const elsewhere = await anOrganization(test.dataSource, { name: 'SPIP de Lyon' });
    const stranger = await aSignedInAgent(test.dataSource, { organizationId: elsewhere });
    const browser = new Browser(test.baseUrl, stranger.cookie);
    expect((await browser.get('/tasks')).text).not.toContain('Delestaing');
    const form = await agent.form('/tasks', `/tasks/${id}/close`);
    const forged = { ...form, fields: { ...form.fields, _csrf: stranger.csrfToken } };
    expect((await browser.submit(forged, { outcome: 'reached' })).status).toBe(404);
    expect(await task(id)).toMatchObject({ closed_at: null });
  });
});

describe('a corrected number', () => {
  it('starts from nothing: no failure, no flag, no proof of reach', async () => {
    const personId = await world.person('Salomé', 'Cordelier');
    await test.dataSource.query(
      `UPDATE person SET phone_failures = 2, phone_flagged_at = app_now(), phone_flag_reason = 'wrong-number',
         phone_reached_at = app_now() WHERE id = $1`,
      [personId],
    );
    const card = (await agent.get(`/persons/${personId}`)).text;
    expect(card).toContain('Numéro à corriger');
    expect(card).toContain('Joint le 8');
    const form = await agent.form(`/persons/${personId}/edit`, `/persons/${personId}/edit`);
    await agent.submit(form, { phone: '06 98 76 54 32' });
    const rows: object[] = await test.dataSource.query(
      'SELECT phone_failures, phone_flagged_at, phone_flag_reason, phone_reached_at FROM person WHERE id = $1',
      [personId],
    );
    expect(await phoneOf(test.dataSource, personId)).toBe('+33698765432');
    expect(rows).toEqual([
      {
        phone_failures: 0,
        phone_flagged_at: null,
        phone_flag_reason: null,
        phone_reached_at: null,
      },
    ]);
  });
});
