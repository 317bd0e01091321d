import { TwilioGateway } from '../../src/notifications/providers/twilio.gateway.js';
import { startTestApp, type TestApp } from './app.js';
import { aSignedInAgent, type SignedIn } from './builders.js';
import { openedContacts } from './contacts.js';
import { planDueNow } from './due-messages.js';
import { PlainOperator } from './plain-operator.js';

/** The application with messages due now and an operator of its own, and what an administrator may hold and release. */
export class HeldService {
  readonly operator = new PlainOperator();
  private started: { readonly web: TestApp; readonly admin: SignedIn } | undefined;

  get web(): TestApp {
    return this.parts.web;
  }
  get admin(): SignedIn {
    return this.parts.admin;
  }

  async start(count: number): Promise<void> {
    await this.operator.start();
    const web = await startTestApp({
      env: {
        SMS_PROVIDERS: 'twilio',
        TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
        TWILIO_AUTH_TOKEN: this.operator.authToken,
        TWILIO_SENDER: 'MonSuiviJus',
        TWILIO_API_BASE_URL: this.operator.url,
      },
    });
    await planDueNow(web.dataSource, count);
    const [organization]: { id: string }[] = await web.dataSource.query('SELECT id FROM organization');
    const organizationId = organization?.id ?? '';
    this.started = { web, admin: await aSignedInAgent(web.dataSource, { organizationId, role: 'admin' }) };
  }

  async stop(): Promise<void> {
    await this.started?.web.close();
    await this.operator.stop();
  }

  async hold(reason: 'command' | 'restored-backup'): Promise<void> {
    await this.web.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ($1, 'worker')`, [
      reason,
    ]);
  }

  /** A text of the service that this database lost, to the number of the nth who waits for one. */
  async serve(nth: number): Promise<void> {
    const rows: { phoneId: string }[] = await this.web.dataSource.query(
      'SELECT phone_id AS "phoneId" FROM person ORDER BY id OFFSET $1 - 1 LIMIT 1',
      [nth],
    );
    const gateway = new TwilioGateway(this.web.env);
    await gateway.send({
      attemptId: '1',
      recipient: (await openedContacts(this.web.dataSource)).get(rows[0]?.phoneId ?? '') ?? '',
      body: 'Rappel',
      callbackUrl: 'http://127.0.0.1:9/hook',
      validitySeconds: 60,
    });
    await gateway.close();
  }

  private get parts() {
    if (this.started === undefined) throw new Error('the service is there inside of a test only');
    return this.started;
  }
}
