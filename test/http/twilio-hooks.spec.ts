import { createHash, createHmac, randomUUID } from 'node:crypto';
import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService } from '../support/builders.js';

const OLD = 'an-auth-token-that-goes-away';
const NEW = 'an-auth-token-that-comes-now';
const TOKEN = 'tokenOfOneAttempt00000';

describe("the operator's callbacks", () => {
  let app: TestApp;
  let messageId: string;

  beforeAll(async () => {
    app = await startTestApp({
      env: {
        SMS_PROVIDERS: 'twilio',
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: `${NEW},${OLD}`,
        TWILIO_SENDER: 'MonSuiviJus',
        TWILIO_API_BASE_URL: 'http://127.0.0.1:1',
      },
    });
    messageId = await aMessageOnItsWay(app);
  });
  afterAll(() => app.close());

  const post = (path: string, fields: Record<string, string>, signature: string | null) =>
    fetch(app.baseUrl + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: signature === null ? {} : { 'x-twilio-signature': signature },
    });
  const sign = (key: string, path: string, fields: Record<string, string>) => {
    const sorted = Object.keys(fields)
      .sort()
      .map((name) => `${name}${fields[name] ?? ''}`);
    return createHmac('sha1', key)
      .update(`${app.env.PUBLIC_BASE_URL}${path}${sorted.join('')}`)
      .digest('base64');
  };
  const state = async () => {
    const rows: { state: string }[] = await app.dataSource.query('SELECT state FROM message WHERE id = $1', [
      messageId,
    ]);
    return rows[0]?.state;
  };
  const path = `/hooks/twilio/status/${TOKEN}`;
  const aReceipt = (status: string) => ({ MessageSid: 'SM1', MessageStatus: status, To: '+33612345678' });

  it.each([
    ['no signature', null],
    ['a signature made with another key', createHmac('sha1', 'x').update('y').digest('base64')],
    ['an empty signature', ''],
  ])('refuses %s and changes nothing', async (_name, signature) => {
    const answer = await post(path, aReceipt('delivered'), signature);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await state()).toBe('sending');
  });

  it('refuses fields changed after signing, and a signature made for another address', async () => {
    const signature = sign(NEW, path, aReceipt('sent'));
    expect((await post(path, aReceipt('delivered'), signature)).status).toBe(403);
    expect((await post(`${path}x`, aReceipt('sent'), signature)).status).toBe(403);
    expect(await state()).toBe('sending');
  });

  it('refuses what it cannot read: nothing of it is signed', async () => {
    const large = { ...aReceipt('delivered'), Body: 'x'.repeat(17_000) };
    for (const address of [path, '/hooks/twilio/inbound'])
      expect((await post(address, large, sign(NEW, address, large))).status).toBe(403);
    const unreadable = '/hooks/twilio/status/%ff';
    for (const signature of [null, sign(NEW, unreadable, aReceipt('sent'))])
      expect((await post(unreadable, aReceipt('sent'), signature)).status).toBe(403);
    const foreign = await fetch(app.baseUrl + path, {
      method: 'POST',
      body: 'MessageSid=SM1&MessageStatus=sent',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=klingon' },
    });
    expect(foreign.status).toBe(403);
    expect(await state()).toBe('sending');
  });

  it('acknowledges a genuine callback whose attempt is unknown', async () => {
    const unknown = '/hooks/twilio/status/nobodyKnowsThisToken00';
    const answer = await post(unknown, aReceipt('delivered'), sign(NEW, unknown, aReceipt('delivered')));
    expect(answer.status).toBe(204);
    expect(await (await fetch(`${app.baseUrl}/metrics`)).text()).toMatch(/reason="unknown-token"\} 1/);
  });

  it('takes genuine callbacks, signed with either token while it rotates, in any order', async () => {
    expect((await post(path, aReceipt('sent'), sign(OLD, path, aReceipt('sent')))).status).toBe(204);
    expect(await state()).toBe('accepted');
    expect((await post(path, aReceipt('delivered'), sign(NEW, path, aReceipt('delivered')))).status).toBe(
      204,
    );
    expect((await post(path, aReceipt('queued'), sign(NEW, path, aReceipt('queued')))).status).toBe(204);
    expect(await state()).toBe('delivered');
  });
});

/** One message whose attempt is committed and whose call is open. */
async function aMessageOnItsWay({ dataSource }: TestApp): Promise<string> {
  const { organizationId, placeId, agendaId } = await aService(dataSource);
  const personId = await aPerson(dataSource, { organizationIds: [organizationId] });
  const [convocation] = await rowsOf(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
       time_zone, starts_at, created_by_organization_id)
     VALUES ($1, 'suivi-spip', $2, $3, $4, '2026-12-08', '09:00', 'Europe/Paris', '2026-12-08T08:00:00Z', $4) RETURNING id`,
    [personId, agendaId, placeId, organizationId],
  );
  const [message] = await rowsOf(
    `INSERT INTO message (convocation_id, kind, promise_version, state, due_at, first_due_at, useful_until, attempts)
     VALUES ($1, 'summons', 1, 'sending', app_now(), app_now(), '2026-12-08T07:00:00Z', 1) RETURNING id`,
    [convocation?.id],
  );
  const hash = createHash('sha256').update(TOKEN).digest();
  await dataSource.query(
    `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
       segments, started_at, real_started_at)
     VALUES ($1, $2, 1, 'sms', 'twilio', 'MonSuiviJus', gen_random_uuid(), $3, $3, 1, app_now(), now())`,
    [randomUUID(), message?.id, hash],
  );
  return message?.id ?? '';

  function rowsOf(sql: string, values: unknown[]): Promise<{ id: string }[]> {
    return dataSource.query(sql, values);
  }
}
