import twilio from 'twilio';
import { startTestApp, type TestApp } from '../support/app.js';
import { aPerson, aService } from '../support/builders.js';
import { HOSTILE_TEXTS, inParallel } from '../support/hostile-corpus.js';

const OLD = 'an-auth-token-that-goes-away';
const NEW = 'an-auth-token-that-comes-now';
const PATH = '/hooks/twilio/inbound';
const PHONE = '+33612000001';
const CANARY = 'pamplemousse lunaire';

describe('what persons answer by text', () => {
  const lines: string[] = [];
  let app: TestApp;
  let personId: string;

  beforeAll(async () => {
    app = await startTestApp({
      env: {
        LOG_LEVEL: 'trace',
        SMS_PROVIDERS: 'twilio',
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: `${NEW},${OLD}`,
        TWILIO_SENDER: 'MonSuiviJus',
        TWILIO_API_BASE_URL: 'http://127.0.0.1:1',
      },
      logStream: { write: (line) => void lines.push(line) },
    });
    const { organizationId } = await aService(app.dataSource);
    personId = await aPerson(app.dataSource, { organizationIds: [organizationId], phone: PHONE });
  });
  afterAll(() => app.close());

  const sign = (fields: Record<string, string>, key = NEW, path = PATH) =>
    twilio.getExpectedTwilioSignature(key, `${app.env.PUBLIC_BASE_URL}${path}`, fields);
  const post = async (fields: Record<string, string>, signature: string | null = sign(fields)) => {
    const body = new URLSearchParams(fields);
    const headers = signature === null ? undefined : { 'x-twilio-signature': signature };
    return (await fetch(app.baseUrl + PATH, { method: 'POST', body, ...(headers && { headers }) })).status;
  };
  const aReply = (sid: string, body: string, from = PHONE) => ({
    MessageSid: sid,
    From: from,
    To: '38000',
    Body: body,
  });
  const rows = <T>(sql: string, ...values: unknown[]): Promise<T[]> => app.dataSource.query(sql, values);
  const kept = async (sid?: string) =>
    (
      await rows<{ intent: string }>(
        'SELECT intent FROM inbound_message WHERE $1::text IS NULL OR operator_message_id = $1',
        sid ?? null,
      )
    ).map(({ intent }) => intent);
  const refusal = async () =>
    (await rows<{ at: Date | null }>('SELECT sms_refused_at AS at FROM person WHERE id = $1', personId))[0]
      ?.at;

  it('forged is refused and keeps nothing', async () => {
    const fields = aReply('SMforged', 'STOP');
    expect(await post(fields, null)).toBe(403);
    expect(await post(fields, '')).toBe(403);
    expect(await post(fields, sign(fields, 'another-token'))).toBe(403);
    expect(await post(fields, sign(fields, NEW, '/hooks/twilio/status/x'))).toBe(403);
    expect(await post({ ...fields, From: '+33612000002' }, sign(fields))).toBe(403);
    expect(await kept()).toEqual([]);
    expect(await refusal()).toBeNull();
  });

  it('is kept once, however often and however closely it is told', async () => {
    const fields = aReply('SMonce', 'Bonjour, STOP svp');
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(fields)));
    expect(new Set(answers)).toEqual(new Set([204]));
    expect(await post(fields, sign(fields, OLD))).toBe(204);
    expect(await kept('SMonce')).toEqual(['stop']);
    expect(await refusal()).toBeInstanceOf(Object);
    const stops = await rows(
      `SELECT FROM history_entry WHERE person_id = $1 AND event = 'messages.stopped'`,
      personId,
    );
    expect(stops).toHaveLength(1);
  });

  it('of a number nobody has is kept and counted', async () => {
    expect(await post(aReply('SMunknown', 'Qui êtes-vous ?', '+33612999999'))).toBe(204);
    expect(await kept('SMunknown')).toEqual(['free']);
    const metrics = await (await fetch(`${app.baseUrl}/metrics`)).text();
    expect(metrics).toMatch(/msj_replies_total\{intent="free",known="false"\} 1/);
    expect(metrics).toMatch(/msj_replies_total\{intent="stop",known="true"\} 1/);
  });

  it('without id, or of a sender that is no number, is acknowledged and not kept', async () => {
    const before = (await kept()).length;
    expect(await post({ From: PHONE, Body: 'NON' })).toBe(204);
    for (const from of ['MonSuiviJus', '38000', 'whatsapp:+33612000001', "+33'; DROP TABLE person;--"])
      expect(await post(aReply('SMx', 'NON', from))).toBe(204);
    expect(await kept()).toHaveLength(before);
  });

  it('whatever it says, nothing breaks', async () => {
    const answers: number[] = [];
    const texts = [
      ...HOSTILE_TEXTS.filter((text) => !/\p{Surrogate}/u.test(text)),
      'x'.repeat(12_000),
      CANARY,
    ];
    await inParallel(
      texts.map((text, at) => async () => void answers.push(await post(aReply(`SMhostile${at}`, text)))),
      6,
    );
    expect(new Set(answers)).toEqual(new Set([204]));
    const before = await kept();
    expect(before.length).toBeGreaterThanOrEqual(texts.length);
    expect(await post(aReply('SMlong', 'x'.repeat(40_000)))).toBe(403);
  });

  it('is in no log', () => {
    expect(lines.join('')).toContain(`"route":"${PATH}"`);
    expect(lines.join('')).not.toContain(CANARY);
    expect(lines.join('')).not.toContain('612000001');
  });
});
