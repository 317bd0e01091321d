import type { Role } from '../../src/access/domain/roles.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { codeAt } from '../../src/agents/second-factor/totp.js';
import { startTestApp, type TestApp } from './app.js';
import { Browser } from './browser-lite.js';
import { anAgent, anOrganization } from './builders.js';
import { moveClock } from './database.js';

export const PASSWORD = 'cheval agrafe pile correcte';
export const OTHER = 'lanterne ruisseau timbre cuivre';
export const AUTHENTICATOR = '/account/security/authenticator';
const MORNING = '2026-06-09T08:00:00Z';

export const isIn = async (browser: Browser) => (await browser.get('/account/sessions')).status === 200;

/** One service whose agents sign in with `PASSWORD`, and what they do with their accounts. */
export class Accounts {
  web!: TestApp;
  organizationId = '';
  private passwordHash = '';
  private serial = 0;

  async open(): Promise<void> {
    this.web = await startTestApp({
      env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test' },
    });
    this.organizationId = await anOrganization(this.web.dataSource, { name: 'Antenne Gradignan' });
    this.passwordHash = await hashPassword(PASSWORD);
  }

  itIsMorning(): Promise<void> {
    return moveClock(this.web.dataSource, MORNING);
  }

  close(): Promise<void> {
    return this.web.close();
  }

  readonly anAccount = async (role: Role = 'cpip', organizationId = this.organizationId) => {
    const { passwordHash } = this;
    const email = `camille.${(this.serial += 1)}@example.test`;
    const agentId = await anAgent(this.web.dataSource, { organizationId, email, passwordHash, role });
    return { agentId, email };
  };

  readonly enter = async (email: string, password = PASSWORD, browser = new Browser(this.web.baseUrl)) => {
    const form = await browser.form('/sign-in', '/sign-in');
    return { browser, answer: await browser.submit(form, { email, password }) };
  };

  readonly signedIn = async (role: Role = 'cpip') => {
    const account = await this.anAccount(role);
    const { browser } = await this.enter(account.email);
    return { ...account, browser };
  };

  /** What the authenticator shows now, `steps` of 30 s from now. */
  readonly codeNow = async (secret: string, steps = 0): Promise<string> => {
    const rows = await this.web.dataSource.query('SELECT extract(epoch FROM app_now())::float8 AS now');
    return codeAt(secret, Number(rows[0]?.now) + 30 * steps);
  };

  readonly secretOn = async (browser: Browser): Promise<string> => {
    const { text } = await browser.get(AUTHENTICATOR);
    return (/<code>([A-Z2-7 ]+)<\/code>/.exec(text)?.[1] ?? '').replaceAll(' ', '');
  };

  /** Sets up an authenticator, ten minutes ago for the codes. */
  readonly enrolled = async (role: Role = 'cpip') => {
    const account = await this.signedIn(role);
    const secret = await this.secretOn(account.browser);
    const form = await account.browser.form(AUTHENTICATOR, AUTHENTICATOR);
    const answer = await account.browser.submit(form, { code: await this.codeNow(secret) });
    const recoveryCodes = [...answer.text.matchAll(/<code>([0-9A-Z-]{19})<\/code>/g)].map(
      ([, code = '']) => code,
    );
    await moveClock(this.web.dataSource, '2026-06-09T08:10:00Z');
    return { ...account, secret, answer, recoveryCodes };
  };

  /** Password, then this code. */
  readonly enterWith = async (email: string, code: string, browser = new Browser(this.web.baseUrl)) => {
    await this.enter(email, PASSWORD, browser);
    const form = await browser.form('/sign-in/second-factor', '/sign-in/second-factor');
    return { browser, answer: await browser.submit(form, { code }) };
  };
}
