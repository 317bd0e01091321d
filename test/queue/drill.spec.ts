import pg from 'pg';
import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { loadEnv } from '../../config/load-env.js';
import { isPassed, rehearse } from '../../src/cli/drill.command.js';
import { OperatorRouting } from '../../src/notifications/sending/operator-routing.js';
import { aPerson } from '../support/builders.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { hold, useHeldDatabases } from '../support/held-databases.js';

const AUTH_TOKEN = 'the-token-of-the-simulator';

describe('cli drill', () => {
  const databases = useHeldDatabases();
  let database: TestDatabase;
  let simulator: OperatorSimulator;

  beforeEach(async () => {
    // One connection: the drill may not hold two.
    database = await createTestDatabase({ poolSize: 1 });
    simulator = await startOperatorSimulator({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: AUTH_TOKEN,
      control: { receipts: false },
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await simulator.stop();
    await database.drop();
  });

  const env = (more: Record<string, string> = {}) =>
    loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: database.url,
      SECRET_KEYS: 'k'.repeat(32),
      SMS_PROVIDERS: 'twilio,link-mobility',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: simulator.url,
      LINK_MOBILITY_ACCOUNT: `AC${'0'.repeat(32)}`,
      LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
      LINK_MOBILITY_SENDER: 'MonSuiviJus',
      LINK_MOBILITY_API_BASE_URL: simulator.linkUrl,
      ...more,
    });

  it.each(['twilio', 'link-mobility'] as const)(
    'shows that texts leave by another operator while %s fails, then come back',
    async (operator) => {
      const done = await rehearse(env(), database.dataSource, { operator, texts: 3 });
      expect({ ...done, steps: [], passed: isPassed(done) }).toEqual({
        ...{ failing: operator, how: 'simulator', texts: 8, lost: 0, steps: [], passed: true },
        ...{ switched: true, opened: true, halfOpened: true, closed: true, returned: true },
      });
      // The operator's own log: every text once, none to anybody.
      const taken = simulator.messages();
      expect(new Set(taken.map(({ body }) => body)).size).toBe(8);
      expect(taken).toHaveLength(8);
      expect(taken.every(({ to }) => /^\+3363998\d{4}$/.test(to))).toBe(true);
      expect(await database.dataSource.query('SELECT * FROM operator_state')).toEqual([]);
      expect(await database.dataSource.query('SELECT FROM convocation')).toEqual([]);
    },
  );

  it('leaves real operators up: calls of the failing one go nowhere', async () => {
    const production = env({ APP_ENV: 'test', SEND_ALLOW_LIST: '+33612345601' });
    const real = { ...production, APP_ENV: 'production' as const };
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`UPDATE environment SET name = 'production'`);
    await owner.end();
    const done = await rehearse(real, database.dataSource, { to: '+33612345601', texts: 1 });
    expect(done).toMatchObject({ how: 'stand-in', switched: true, closed: true, lost: 0 });
    expect(new Set(simulator.messages().map(({ to }) => to))).toEqual(new Set(['+33612345601']));
  });

  it('holds no database that moved after it: its texts are known, though no call is written down', async () => {
    const operator = { url: simulator.url, authToken: AUTH_TOKEN };
    const home = await databases.make();
    await databases.work(home, operator);
    await rehearse(env(), home.dataSource, { texts: 1 });
    expect(simulator.messages().filter(({ body }) => body.startsWith('Essai technique'))).toHaveLength(6);
    const moved = await databases.copy(home);
    await databases.worker(moved, operator);
    expect(await hold(moved)).toBeNull();
  });

  it('says that it did not switch when the other operator fails too', async () => {
    const broken = env({ LINK_MOBILITY_PASSWORD: 'another' });
    const done = await rehearse(broken, database.dataSource, { texts: 1 });
    expect(isPassed(done)).toBe(false);
    expect(done.switched).toBe(false);
  });

  it('stops before the next text when sending is held meanwhile', async () => {
    const observe = OperatorRouting.prototype.observe;
    const spy = jest.spyOn(OperatorRouting.prototype, 'observe').mockImplementationOnce(async function (
      this: OperatorRouting,
      ...given
    ) {
      await heldByAnother(database.url);
      return observe.apply(this, given);
    });
    await expect(rehearse(env(), database.dataSource, { texts: 3 })).rejects.toThrow(
      'sending was held meanwhile: the drill ended after 1 call, and nothing leaves any more',
    );
    expect(spy).toHaveBeenCalledTimes(1);
    expect(simulator.messages()).toEqual([]);
    // The operator that was made to fail is up again.
    expect((await fetch(`${simulator.url}/control`)).ok).toBe(true);
    expect(await database.dataSource.query('SELECT * FROM operator_state')).toEqual([]);
  });

  it('refuses whatever could touch a person', async () => {
    const ask = (more: Record<string, string>, to?: string) =>
      rehearse(env(more), database.dataSource, { texts: 1, ...(to === undefined ? {} : { to }) });
    await expect(ask({}, '+33612345678')).rejects.toThrow('SEND_ALLOW_LIST');
    await expect(ask({ SMS_PROVIDERS: 'twilio' })).rejects.toThrow('nothing to switch to');
    const listed = { SEND_ALLOW_LIST: '+33612345678' };
    await aPerson(database.dataSource, { phone: '+33612345678', organizationIds: [] });
    await expect(ask(listed, '+33612345678')).rejects.toThrow('belongs to a person');
    await database.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'cli')`);
    await expect(ask({})).rejects.toThrow('held');
    await expect(
      rehearse({ ...env(), APP_ENV: 'production' }, database.dataSource, { texts: 1 }),
    ).rejects.toThrow('--to NUMBER is needed');
    expect(simulator.messages()).toEqual([]);
  });
});

/** Committed by somebody else, beside whatever is under way. */
async function heldByAnother(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'cli')`);
  await client.end();
}
