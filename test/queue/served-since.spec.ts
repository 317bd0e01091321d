import pg from 'pg';
import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { releaseAfterReport } from '../../src/cli/release.command.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { applyStatus, lockMessageOf } from '../../src/notifications/sending/record-receipt.js';
import { HoldSending } from '../../src/notifications/surety/hold-sending.js';
import { OperatorLists } from '../../src/notifications/surety/operator-lists.js';
import { type HoldReason, holdOf } from '../../src/notifications/surety/sending-hold.js';
import { copyOf, createTestDatabase, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { releaseByCommand } from '../support/release-command.js';

const COUNT = 4;
/** Of those, left after the backup was taken, before the disaster. */
const SERVED = 3;
const AUTH_TOKEN = 'the-token-of-the-simulator';
const ACCOUNT = `AC${'0'.repeat(32)}`;

const engines: Engine[] = [];
const databases: TestDatabase[] = [];
let simulator: OperatorSimulator;
beforeEach(async () => {
  simulator = await startOperatorSimulator({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    control: { receipts: false },
  });
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  for (const database of databases.splice(0)) await database.drop();
  await simulator.stop();
});

const twilio = (url = simulator.url, authToken = AUTH_TOKEN) => ({
  SMS_PROVIDERS: 'twilio',
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_AUTH_TOKEN: authToken,
  TWILIO_SENDER: 'MonSuiviJus',
  TWILIO_API_BASE_URL: url,
});
const both = () => ({
  ...twilio(),
  SMS_PROVIDERS: 'twilio,link-mobility',
  LINK_MOBILITY_ACCOUNT: ACCOUNT,
  LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
  LINK_MOBILITY_SENDER: 'MonSuiviJus',
  LINK_MOBILITY_API_BASE_URL: simulator.linkUrl,
});
const linkAlone = () => ({ ...both(), SMS_PROVIDERS: 'link-mobility' });

async function aDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  await planDueNow(database.dataSource, COUNT);
  return database;
}

async function start(database: TestDatabase, env: Record<string, string> = twilio()): Promise<Engine> {
  const operator = { url: simulator.url, authToken: AUTH_TOKEN };
  const engine = await startEngine(database, operator, { SEND_WINDOW: '00:00-23:59', ...env });
  engines.push(engine);
  return engine;
}

async function work(database: TestDatabase, env?: Record<string, string>): Promise<void> {
  const engine = await start(database, env);
  await engine.drain();
  engines.splice(engines.indexOf(engine), 1);
  await engine.stop();
}

const hold = (database: TestDatabase, reason: Exclude<HoldReason, 'environment-mismatch'>, detail = 'test') =>
  database.dataSource.transaction((tx) => new HoldSending().execute(tx, { reason, detail }, 'cli'));

async function idOf(database: TestDatabase): Promise<string> {
  return (await holdOf(database.dataSource.manager, 'test'))?.id ?? '';
}

async function asOwner(database: TestDatabase, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** Three of four messages have left since it was taken. */
async function restoredBackup(env?: Record<string, string>): Promise<TestDatabase> {
  const database = await aDatabase();
  const backup = await copyOf(database);
  databases.push(backup);
  await database.dataSource.query(
    `UPDATE message SET due_at = due_at + interval '1 hour' WHERE id = (SELECT min(id::text)::uuid FROM message)`,
  );
  await work(database, env);
  expect(simulator.messages()).toHaveLength(SERVED);
  await hold(backup, 'restored-backup');
  return backup;
}

const release = async (database: TestDatabase, env: Record<string, string>, ...more: string[]) =>
  releaseByCommand(database, ['--yes', await idOf(database), ...more], env);

/** What the lists tell, as the command reads them. */
async function told(database: TestDatabase, env: Record<string, string>, bounds = {}) {
  const engine = await start(database, env);
  const lists = new OperatorLists(engine.module.get(Gateways));
  Object.assign(lists.bounds, bounds);
  const taken = await lists.takenInGap((work) => database.dataSource.transaction(work));
  const { report, isUndecided } = await database.dataSource.transaction((tx) =>
    releaseAfterReport(tx, 'test', null, { lists: taken, choice: null }),
  );
  return { ...report, isUndecided };
}

const perNumber = () => {
  const numbers = simulator.messages().map(({ to }) => to);
  return [...new Set(numbers)].map((number) => numbers.filter((one) => one === number).length).sort();
};

describe('a restored backup whose numbers were served since', () => {
  it('is not released before somebody says what becomes of them', async () => {
    const backup = await restoredBackup();
    const read = await releaseByCommand(backup, [], twilio());
    expect(read).toMatchObject({ exitCode: 0 });
    expect(read.said).toContain(`text this database does not know: ${SERVED}.`);
    expect(read.said).toContain(`reminder: ${COUNT} would leave (0 late, ${SERVED} to numbers served since)`);
    expect(read.said).toContain('--served withhold');
    expect(read.said).not.toMatch(/\+?336\d/);
    expect(await release(backup, twilio())).toMatchObject({ exitCode: 1, said: read.said });
    expect(await idOf(backup)).not.toBe('');
    expect(simulator.messages()).toHaveLength(SERVED);
  });

  it('keeps them back when told so, tells agents, and lets the others leave', async () => {
    const backup = await restoredBackup();
    const done = await release(backup, twilio(), '--served', 'withhold');
    expect(done).toMatchObject({ exitCode: 0 });
    expect(done.said).toContain(`Released; ${SERVED} withheld`);
    const engine = await start(backup);
    await engine.drain();
    await engine.run('follow-up');
    expect(perNumber()).toEqual([1, 1, 1, 1]);
    expect(
      await backup.dataSource.query(
        `SELECT m.state, m.reason, t.kind, t.reason AS task FROM message m LEFT JOIN agent_task t ON t.message_id = m.id
          WHERE m.state = 'expired'`,
      ),
    ).toEqual(
      Array.from({ length: SERVED }, () => ({
        state: 'expired',
        reason: 'served-before-restore',
        kind: 'reach-otherwise',
        task: 'served-before-restore',
      })),
    );
  });

  it('sends them all the same when told so, flagged, also once they are delivered', async () => {
    const backup = await restoredBackup();
    expect(await release(backup, twilio(), '--served', 'send')).toMatchObject({ exitCode: 0 });
    await work(backup);
    expect(perNumber()).toEqual([1, 2, 2, 2]);
    const calls: { id: string; message: string }[] = await backup.dataSource.query(
      'SELECT id, message_id AS message FROM delivery_attempt',
    );
    for (const { id, message } of calls)
      await backup.dataSource.transaction(async (tx) => {
        const attempt = await lockMessageOf(tx, message, id);
        if (attempt === undefined) throw new Error('no such call');
        await applyStatus(tx, attempt, { operatorMessageId: id, status: 'delivered', errorCode: null });
      });
    expect(
      await backup.dataSource.query(
        'SELECT state, possible_duplicate AS flagged, count(*)::int AS n FROM message GROUP BY 1, 2 ORDER BY 2',
      ),
    ).toEqual([
      { state: 'delivered', flagged: false, n: COUNT - SERVED },
      { state: 'delivered', flagged: true, n: SERVED },
    ]);
  });

  it('is told of by each of two operators', async () => {
    const backup = await restoredBackup();
    const report = await told(backup, both());
    expect(report).toMatchObject({
      served: SERVED,
      isUndecided: true,
      operators: [
        { operator: 'twilio', outcome: 'whole', unknown: 0 },
        { operator: 'link-mobility', outcome: 'no-list', unknown: COUNT - SERVED },
      ],
    });
  });

  it('is told as unknown by an operator that keeps no list, and released all the same', async () => {
    const backup = await restoredBackup(linkAlone());
    const read = await releaseByCommand(backup, [], linkAlone());
    expect(read.said).toContain(`link-mobility: keeps no list: for ${COUNT} other messages it is unknown`);
    expect(await release(backup, linkAlone())).toMatchObject({ exitCode: 0 });
  });

  it('says that a list was cut short', async () => {
    const backup = await restoredBackup();
    expect(await told(backup, twilio(), { pages: 1, pageSize: 2 })).toMatchObject({
      served: 2,
      operators: [{ operator: 'twilio', outcome: 'cut', unknown: COUNT - 2 }],
    });
    expect(await told(backup, twilio(), { pages: 4, pageSize: 1 })).toMatchObject({
      served: SERVED,
      operators: [{ outcome: 'whole', unknown: 0 }],
    });
  });

  it('is compared from its backup on, when our own command restored it before it knew a call', async () => {
    const backup = await restoredBackup();
    await asOwner(
      backup,
      `UPDATE environment SET installed_at = clock_timestamp() + interval '1 hour'; DELETE FROM sending_hold`,
    );
    await hold(
      backup,
      'restored-backup',
      `restored from the backup of ${new Date(Date.now() - 3_600_000).toISOString()}: compare`,
    );
    expect(await told(backup, twilio())).toMatchObject({ served: SERVED });
  });
});

describe('an operator that does not give its list before a release', () => {
  it('leaves a restored backup held until somebody decides, and no other hold', async () => {
    const operator = new PlainOperator();
    await operator.start();
    operator.listAnswers = false;
    const env = twilio(operator.url, operator.authToken);
    const [backup, healthy] = [await aDatabase(), await aDatabase()];
    await hold(backup, 'restored-backup');
    await hold(healthy, 'command');
    const refused = await release(backup, env);
    expect(refused.exitCode).toBe(1);
    expect(refused.said).toContain(`twilio: did not answer: for ${COUNT} other messages it is unknown`);
    expect(await release(backup, env, '--served', 'send')).toMatchObject({ exitCode: 0 });
    expect(await release(healthy, env)).toMatchObject({ exitCode: 0 });
    await operator.stop();
  });
});

describe('numbers that count as served', () => {
  /** Everything left, is due again for the same numbers, and sending is held. */
  async function sentAndDueAgain(): Promise<TestDatabase> {
    const database = await aDatabase();
    await work(database);
    await database.dataSource.query(
      `INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until)
       SELECT convocation_id, 'reminder', 2, 1, app_now(), app_now(), useful_until FROM message`,
    );
    await hold(database, 'command');
    return database;
  }

  it.each([
    ['none whose text a call explains by its id', 'SELECT', 0],
    [
      'none with a call at that time of which nobody knows',
      `SET operator_message_id = NULL, result = 'open'`,
      0,
    ],
    [
      'those of a call that surely did not send',
      `SET operator_message_id = NULL, result = 'not-sent'`,
      COUNT,
    ],
    [
      'none served before the last known call',
      `SET operator_message_id = NULL, result = 'not-sent', real_started_at = real_started_at + interval '1 hour'`,
      0,
    ],
  ])('%s', async (_title, change, served) => {
    const database = await sentAndDueAgain();
    if (change !== 'SELECT') await database.dataSource.query(`UPDATE delivery_attempt ${change}`);
    expect(await told(database, twilio())).toMatchObject({ leaving: COUNT, served });
  });
});
