import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { TwilioGateway } from '../../src/notifications/providers/twilio.gateway.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser-lite.js';
import { aSignedInAgent } from '../support/builders.js';
import { openedContacts } from '../support/contacts.js';
import { planDueNow } from '../support/due-messages.js';

const COUNT = 3;
const ACCOUNT = `AC${'0'.repeat(32)}`;
const AUTH_TOKEN = 'the-token-of-the-simulator';

let simulator: OperatorSimulator;
let web: TestApp;
let admin: Browser;

beforeAll(async () => {
  simulator = await startOperatorSimulator({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    control: { receipts: false },
  });
  web = await startTestApp({
    env: {
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: simulator.url,
    },
  });
  await planDueNow(web.dataSource, COUNT);
  const [organization]: { id: string }[] = await web.dataSource.query('SELECT id FROM organization');
  const agent = await aSignedInAgent(web.dataSource, {
    organizationId: organization?.id ?? '',
    role: 'admin',
  });
  admin = new Browser(web.baseUrl, agent.cookie);
});
afterAll(async () => {
  await web.close();
  await simulator.stop();
});

/** A text of the service that this database lost, to the number of somebody who waits for one. */
async function serveOne(): Promise<void> {
  const rows: { phoneId: string }[] = await web.dataSource.query(
    'SELECT phone_id AS "phoneId" FROM person ORDER BY id LIMIT 1',
  );
  const gateway = new TwilioGateway(web.env);
  await gateway.send({
    attemptId: '1',
    recipient: (await openedContacts(web.dataSource)).get(rows[0]?.phoneId ?? '') ?? '',
    body: 'Rappel',
    callbackUrl: 'http://127.0.0.1:9/hook',
    validitySeconds: 60,
  });
  await gateway.close();
}

describe('releasing a restored backup on the page', () => {
  it('asks what becomes of messages to numbers served since, and does it', async () => {
    await serveOne();
    await web.dataSource.query(
      `INSERT INTO sending_hold (reason, set_by) VALUES ('restored-backup', 'worker')`,
    );
    const page = await admin.get('/surety/release');
    expect(page.text).toContain('1\u00a0message en attente va à un numéro qu’un opérateur a servi depuis');
    expect(page.text).toContain('Twilio\u00a0: liste lue jusqu’au ');
    expect(page.text).not.toMatch(/\+336\d|06\s\d\d/);

    const undecided = await admin.submit(await admin.form('/surety/release', '/surety/release'), {});
    expect(undecided.status).toBe(400);
    expect(undecided.text).toContain('dites ce qu’ils deviennent');
    expect(await web.dataSource.query('SELECT FROM sending_hold WHERE released_at IS NULL')).toHaveLength(1);

    const form = await admin.form('/surety/release', '/surety/release');
    expect((await admin.submit(form, { served: 'withhold' })).status).toBe(303);
    expect(
      await web.dataSource.query(
        'SELECT state, reason, count(*)::int AS n FROM message GROUP BY 1, 2 ORDER BY 1',
      ),
    ).toEqual([
      { state: 'expired', reason: 'served-before-restore', n: 1 },
      { state: 'planned', reason: null, n: COUNT - 1 },
    ]);
  });

  it('asks nothing of a hold under which no number was served', async () => {
    await web.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'cli')`);
    expect((await admin.get('/surety/release')).text).toContain('Aucun message en attente ne va');
    const form = await admin.form('/surety/release', '/surety/release');
    expect((await admin.submit(form, {})).status).toBe(303);
  });
});
