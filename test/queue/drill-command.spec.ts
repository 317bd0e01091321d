import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const CLI = join(__dirname, '../../dist/src/cli/main.js');
const AUTH_TOKEN = 'the-token-of-the-simulator';
const ACCOUNT = `AC${'0'.repeat(32)}`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command `cli drill`, as a process', () => {
  let database: TestDatabase;
  let simulator: OperatorSimulator;

  beforeAll(async () => {
    database = await createTestDatabase();
    simulator = await startOperatorSimulator({
      accountSid: ACCOUNT,
      authToken: AUTH_TOKEN,
      control: { receipts: false },
    });
  });
  afterAll(async () => {
    await simulator.stop();
    await database.drop();
  });

  function drill(words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const env = {
      PATH: process.env['PATH'],
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: database.url,
      SECRET_KEYS: 'k'.repeat(32),
      SMS_PROVIDERS: 'twilio,link-mobility',
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: simulator.url,
      LINK_MOBILITY_ACCOUNT: ACCOUNT,
      LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
      LINK_MOBILITY_SENDER: 'MonSuiviJus',
      LINK_MOBILITY_API_BASE_URL: simulator.linkUrl,
      ...more,
    };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [CLI, 'drill', ...words], { env }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  it('prints each text and the verdict, and ends in 0', async () => {
    const { code, stdout, stderr } = await drill(['--texts', '1']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/link-mobility +accepted/);
    expect(stdout).toContain('twilio was made to fail: its simulator refused calls. 6 texts, 0 lost.');
    expect(stdout.match(/✓/g)).toHaveLength(4);
    expect(stdout).not.toContain('✗');
  });

  it('prints one line of JSON for a program', async () => {
    const { code, stdout } = await drill(['--operator', 'link-mobility', '--texts', '1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ passed: true, failing: 'link-mobility', texts: 6, lost: 0 });
  });

  it('ends in 1 when the texts did not leave by the other operator', async () => {
    const { code, stdout } = await drill(['--texts', '1'], { LINK_MOBILITY_PASSWORD: 'another' });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ the texts left by another operator');
  });

  it.each([
    [['--texts', '0'], 'a whole number from 1 to 99'],
    [['--operator', 'smtp'], 'one of twilio, link-mobility'],
    [['--to', '+33612345678'], '--to is not on SEND_ALLOW_LIST'],
  ])('says what is wrong with %j in a sentence, without a stack', async (words, sentence) => {
    const { code, stdout, stderr } = await drill(words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
