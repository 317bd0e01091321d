import { DataSource, type Logger } from 'typeorm';
import { hashPassword } from '../../src/agents/passwords.js';
import { type Attempt, SignInThrottle } from '../../src/agents/sign-in-throttle.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { anAgent, anOrganization } from '../support/builders.js';
import { Browser } from '../support/browser-lite.js';
import type { Answer } from '../support/client.js';
import { moveClock } from '../support/database.js';

/** What each verification of a password is asked to compute: algorithm, memory, passes and lanes. */
const mockCosts: string[] = [];

jest.mock('@node-rs/argon2', () => {
  const real: typeof import('@node-rs/argon2') = jest.requireActual('@node-rs/argon2');
  return {
    ...real,
    verify: (stored: string, password: string) => {
      mockCosts.push(stored.split('$').slice(1, 4).join('$'));
      return real.verify(stored, password);
    },
  };
});

const PASSWORD = 'cheval agrafe pile correcte';
/** What differs between any two answers. */
const PASSING = new Set(['date', 'x-request-id']);

/** What one question costs and says: all that somebody outside could weigh, but the time itself. */
interface Seen {
  readonly costs: readonly string[];
  readonly statements: readonly string[];
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
}

const statements: string[] = [];
let web: TestApp;
let browser: Browser;
let email: string;
let serial = 0;

beforeAll(async () => {
  web = await startTestApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test' } });
  await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
  web.app.get(DataSource).logger = listener();
});
beforeEach(() => {
  browser = new Browser(web.baseUrl);
  email = `camille.${(serial += 1)}@example.test`;
});
afterAll(() => web.close());

function listener(): Logger {
  return {
    logQuery: (sql) => void statements.push(sql.replace(/\s+/g, ' ').trim()),
    logQueryError: () => undefined,
    logQuerySlow: () => undefined,
    logSchemaBuild: () => undefined,
    logMigration: () => undefined,
    log: () => undefined,
  };
}

async function watch(question: Promise<Answer>): Promise<Seen> {
  statements.length = 0;
  mockCosts.length = 0;
  const { status, headers, text } = await question;
  const lasting: (readonly [string, string])[] = [];
  headers.forEach((value, name) => PASSING.has(name) || lasting.push([name, value]));
  return { costs: [...mockCosts], statements: [...statements], status, headers: lasting, text };
}

/** The same question about the same address, while the account behind it is each of these in turn. */
async function inEachCase(ask: () => Promise<Answer>): Promise<readonly Seen[]> {
  const seen = [await watch(ask())];
  const organizationId = await anOrganization(web.dataSource);
  const passwordHash = await hashPassword(PASSWORD);
  const agentId = await anAgent(web.dataSource, { organizationId, email, passwordHash });
  const become = (change: string) =>
    web.dataSource.query(`UPDATE agent SET ${change} WHERE id = $1`, [agentId]);
  seen.push(await watch(ask()));
  await become('disabled_at = app_now()');
  seen.push(await watch(ask()));
  await become('disabled_at = NULL, password_hash = NULL');
  seen.push(await watch(ask()));
  return seen;
}

function expectAllAlike(seen: readonly Seen[]): void {
  const [unknown, ...others] = seen;
  expect(others).toHaveLength(3);
  for (const other of others) expect(other).toEqual(unknown);
}

async function fail(subject: Attempt['subject'], times: number): Promise<void> {
  const attempt = { subject, email, address: '203.0.113.7' } as const;
  for (let failure = 0; failure < times; failure += 1)
    await web.dataSource.transaction((tx) => web.app.get(SignInThrottle).recordFailure(tx, attempt));
}

describe('an address nobody has, one with a password, one that is disabled, one that never joined', () => {
  it('cost a failed sign-in the same work and answer it with the same bytes', async () => {
    const form = await browser.form('/sign-in', '/sign-in');
    const seen = await inEachCase(() => browser.submit(form, { email, password: 'wrong' }));
    expectAllAlike(seen);
    expect(seen[0]?.status).toBe(401);
    expect(seen[0]?.costs).toEqual(['argon2id$v=19$m=65536,t=3,p=1']);
    expect(seen[0]?.statements.length).toBeGreaterThan(5);
  });

  it('cost a forgotten password the same work and answer it with the same bytes', async () => {
    const form = await browser.form('/sign-in/forgotten', '/sign-in/forgotten');
    const seen = await inEachCase(() => browser.submit(form, { email }));
    expectAllAlike(seen);
    expect(seen[0]?.status).toBe(200);
    expect(seen[0]?.costs).toEqual([]);
    expect(seen[0]?.statements.some((sql) => sql.startsWith('INSERT INTO agent_mail'))).toBe(true);
  });
});

describe('an address that was tried too often', () => {
  it.each([
    ['password', '/sign-in', { password: PASSWORD }],
    ['reset', '/sign-in/forgotten', {}],
  ] as const)('has to wait whether anybody has it or not, and costs no processor: %s', async (...given) => {
    const [subject, page, fields] = given;
    await fail(subject, 14);
    const form = await browser.form(page, page);
    const seen = await inEachCase(() => browser.submit(form, { email, ...fields }));
    for (const { status, costs } of seen) expect([status, costs]).toEqual([429, []]);
    const asked = seen.map((one) => one.statements.join('\n'));
    expect(new Set(asked).size).toBe(1);
  });
});
