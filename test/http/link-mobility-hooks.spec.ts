import { createHash, randomUUID } from 'node:crypto';
import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { loadEnv } from '../../config/load-env.js';
import { LinkMobilityGateway } from '../../src/notifications/providers/link-mobility.gateway.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService } from '../support/builders.js';
import { eventually } from '../support/engine.js';
import { contactId } from '../support/contacts.js';

const OLD = 'the-address-that-goes-away';
const NEW = 'the-address-that-comes-now';
const LINK = {
  SMS_PROVIDERS: 'link-mobility',
  LINK_MOBILITY_ACCOUNT: 'account',
  LINK_MOBILITY_PASSWORD: 'password',
  LINK_MOBILITY_SENDER: 'MonSuiviJus',
  LINK_MOBILITY_API_BASE_URL: 'http://127.0.0.1:1',
  LINK_MOBILITY_CALLBACK_TOKEN: `${NEW},${OLD}`,
};

describe('the delivery reports of LINK Mobility', () => {
  let app: TestApp;
  let convocationId: string;

  beforeAll(async () => {
    app = await startTestApp({ env: LINK });
    const { organizationId, placeId, agendaId } = await aService(app.dataSource);
    const personId = await aPerson(app.dataSource, { organizationIds: [organizationId] });
    const rows: { id: string }[] = await app.dataSource.query(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id)
       VALUES ($1, 'suivi-spip', $2, $3, $4, '2026-12-08', '09:00', 'Europe/Paris', '2026-12-08T08:00:00Z', $4)
       RETURNING id`,
      [personId, agendaId, placeId, organizationId],
    );
    convocationId = rows[0]?.id ?? '';
  });
  afterAll(() => app.close());

  let occurrence = 0;
  /** A text at the operator, or on its way there when it has no id yet. */
  const aText = async (
    recipient: string,
    operatorMessageId: string | null,
    result = 'accepted',
    segments = 1,
  ) => {
    const rows: { id: string }[] = await app.dataSource.query(
      `INSERT INTO message (convocation_id, kind, occurrence, promise_version, state, due_at, first_due_at,
         useful_until, attempts)
       VALUES ($1, 'reminder', $2, 1, $3, app_now(), app_now(), '2026-12-08T07:00:00Z', 1) RETURNING id`,
      [convocationId, (occurrence += 1), result === 'open' ? 'sending' : result],
    );
    const hash = createHash('sha256').update(randomUUID()).digest();
    await app.dataSource.query(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash,
         body_hash, segments, result, operator_message_id, started_at, real_started_at)
       VALUES (gen_random_uuid(), $1, 1, 'sms', 'link-mobility', 'MonSuiviJus', $2, $3, $3, $6, $4, $5, app_now(),
         now())`,
      [rows[0]?.id, await contactId(app.dataSource, recipient), hash, result, operatorMessageId, segments],
    );
    return rows[0]?.id ?? '';
  };
  const stateOf = async (id: string) => {
    const rows: { state: string }[] = await app.dataSource.query('SELECT state FROM message WHERE id = $1', [
      id,
    ]);
    return rows[0]?.state;
  };
  const post = async (fields: Record<string, string>, token = NEW) => {
    const answer = await fetch(`${app.baseUrl}/hooks/link-mobility/status/${token}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    });
    return { status: answer.status, text: await answer.text(), cookie: answer.headers.get('set-cookie') };
  };
  const aReport = (id: string, to: string, status = '0', reason?: string) => ({
    MessageId: id,
    DestinationAddress: to.slice(1),
    StatusCode: status,
    TimeStamp: '20261121230000',
    Operator: 'x',
    ...(reason === undefined ? {} : { ReasonCode: reason }),
  });

  it('refuses an address that does not end in the secret, and changes nothing', async () => {
    const id = await aText('+33611000001', '1001');
    for (const token of ['x', `${NEW}x`, NEW.slice(0, -1), 'a'.repeat(500)]) {
      const refused = await post(aReport('1001', '+33611000001'), token);
      expect(refused).toMatchObject({ status: 403, cookie: null });
      expect(refused.text).not.toContain('DeliveryResponse');
    }
    expect(await stateOf(id)).toBe('accepted');
  });

  it('takes a report at either address while the secret rotates, as often as it comes', async () => {
    const id = await aText('+33611000002', '1002');
    for (const token of [OLD, NEW, NEW])
      expect(await post(aReport('1002', '+33611000002'), token)).toMatchObject({
        status: 200,
        text: '<DeliveryResponse ack="true"/>',
      });
    expect(await stateOf(id)).toBe('delivered');
  });

  it('says why a text did not arrive, and keeps an end that contradicts the first', async () => {
    const id = await aText('+33611000003', '1003');
    await post(aReport('1003', '+33611000003', '2', '110'));
    await post(aReport('1003', '+33611000003', '0'));
    expect(await stateOf(id)).toBe('undelivered');
    const rows: unknown[] = await app.dataSource.query(
      'SELECT error_code, conflicting_status FROM delivery_attempt WHERE message_id = $1',
      [id],
    );
    expect(rows).toEqual([{ error_code: 'report-110', conflicting_status: 'delivered' }]);
  });

  it('adopts a text whose answer was lost, and none that it may not be about', async () => {
    const doubtful = await aText('+33611000004', null, 'uncertain');
    expect((await post(aReport('1004', '+33611000004'))).text).toContain('true');
    expect(await stateOf(doubtful)).toBe('delivered');
    const another = await aText('+33611000004', null, 'uncertain');
    await post(aReport('1005', '+33611000004'));
    expect(await stateOf(another)).toBe('uncertain');
  });

  describe('about a text in several parts', () => {
    const attemptOf = async (id: string) => {
      const rows: unknown[] = await app.dataSource.query(
        `SELECT result, operator_message_id AS ids, error_code AS code, conflicting_status AS conflict
           FROM delivery_attempt WHERE message_id = $1`,
        [id],
      );
      return rows[0];
    };

    it('calls it delivered when every part is, in any order and however often it is said', async () => {
      const id = await aText('+33611000011', '2001,2002,2003', 'accepted', 3);
      for (const part of ['2003', '2001', '2003', '2001']) {
        expect((await post(aReport(part, '+33611000011'))).text).toContain('true');
        expect(await stateOf(id)).toBe('accepted');
      }
      await post(aReport('2002', '+33611000011'));
      expect(await stateOf(id)).toBe('delivered');
    });

    it('ends it at the first part that failed, and is not contradicted by the others', async () => {
      const id = await aText('+33611000012', '2011,2012', 'accepted', 2);
      await post(aReport('2012', '+33611000012', '2', '113'));
      expect(await stateOf(id)).toBe('undelivered');
      await post(aReport('2011', '+33611000012'));
      expect(await attemptOf(id)).toMatchObject({
        result: 'undelivered',
        code: 'report-113',
        conflict: null,
      });
      await post(aReport('2012', '+33611000012'));
      expect(await attemptOf(id)).toMatchObject({ result: 'undelivered', conflict: 'delivered' });
    });

    it('keeps an end of one part that contradicts its first, also before the text has ended', async () => {
      const id = await aText('+33611000013', '2021,2022', 'accepted', 2);
      await post(aReport('2021', '+33611000013'));
      await post(aReport('2021', '+33611000013', '2', '113'));
      expect(await attemptOf(id)).toMatchObject({ result: 'accepted', conflict: 'undelivered' });
      await post(aReport('2022', '+33611000013'));
      expect(await attemptOf(id)).toMatchObject({ result: 'delivered', conflict: 'undelivered' });
    });

    it('adopts one whose answer was lost, part by part', async () => {
      const id = await aText('+33611000014', null, 'uncertain', 2);
      await post(aReport('2031', '+33611000014'));
      expect(await attemptOf(id)).toMatchObject({ result: 'accepted', ids: '2031' });
      await post(aReport('2032', '+33611000014'));
      expect(await attemptOf(id)).toMatchObject({ result: 'delivered', ids: '2031,2032' });
    });

    it('gives no text a part that may be of another', async () => {
      const id = await aText('+33611000016', '2051,2052', 'accepted', 2);
      await post(aReport('2053', '+33611000016', '2', '113'));
      expect(await attemptOf(id)).toMatchObject({ result: 'accepted', ids: '2051,2052' });
    });

    it('is acknowledged before the answer that names the parts, and changes nothing yet', async () => {
      const id = await aText('+33611000015', null, 'open', 2);
      expect((await post(aReport('2041', '+33611000015'))).text).toContain('true');
      expect(await attemptOf(id)).toMatchObject({ result: 'open', ids: null });
    });

    it('is asked for again while the answers of two texts to the number are still to come', async () => {
      await aText('+33611000017', null, 'open', 2);
      await aText('+33611000017', null, 'open', 2);
      expect((await post(aReport('2061', '+33611000017'))).text).toContain('false');
    });
  });

  it('acknowledges what it cannot read or does not know', async () => {
    for (const fields of [{}, { MessageId: 'x'.repeat(65), StatusCode: '0' }, aReport('9', '+33699999999')])
      expect(await post(fields as Record<string, string>)).toMatchObject({ status: 200 });
    const id = await aText('+33611000005', '1006');
    await post(aReport('1006', '+33611000005', '7'));
    expect(await stateOf(id)).toBe('accepted');
  });

  it('gets from the simulator what it posts, also before our own answer was written', async () => {
    const simulator: OperatorSimulator = await startOperatorSimulator({
      accountSid: 'AC0',
      authToken: 'x',
      receiptStepMs: 5,
      link: {
        account: 'account',
        password: 'password',
        callbackUrl: `${app.baseUrl}/hooks/link-mobility/status/${NEW}`,
      },
    });
    const { APP_ENV, PUBLIC_BASE_URL, DATABASE_URL } = app.env;
    const common = { APP_ENV, PUBLIC_BASE_URL, DATABASE_URL, SECRET_KEYS: 'k'.repeat(32) };
    const gateway = new LinkMobilityGateway(
      loadEnv({ ...common, ...LINK, LINK_MOBILITY_API_BASE_URL: simulator.linkUrl }),
    );
    try {
      // …96 reports before it answers the call.
      for (const recipient of ['+33611000097', '+33611000096']) {
        const early = await aText(recipient, null, 'open');
        const message = {
          attemptId: randomUUID(),
          recipient,
          body: 'texte',
          callbackUrl: '',
          validitySeconds: 60,
        };
        const outcome = await gateway.send(message);
        expect(outcome.result).toBe('accepted');
        if (recipient.endsWith('97')) continue;
        await eventually(async () => (await stateOf(early)) === 'delivered');
      }
    } finally {
      await gateway.close();
      await simulator.stop();
    }
  });
});

describe('without a secret', () => {
  it('believes no report', async () => {
    const app = await startTestApp({ env: { ...LINK, LINK_MOBILITY_CALLBACK_TOKEN: '' } });
    for (const token of ['', 'x'])
      expect(
        (await fetch(`${app.baseUrl}/hooks/link-mobility/status/${token}`, { method: 'POST' })).status,
      ).toBeGreaterThanOrEqual(403);
    await app.close();
  });
});
