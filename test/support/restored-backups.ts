import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { releaseAfterReport } from '../../src/cli/release.command.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { HoldSending } from '../../src/notifications/surety/hold-sending.js';
import { OperatorLists } from '../../src/notifications/surety/operator-lists.js';
import type { ServedDecision } from '../../src/notifications/surety/release-sending.js';
import { type HoldReason, holdOf } from '../../src/notifications/surety/sending-hold.js';
import { copyOf, createTestDatabase, type TestDatabase } from './database.js';
import { planDueNow } from './due-messages.js';
import { type Engine, startEngine } from './engine.js';
import { releaseByCommand } from './release-command.js';

export const COUNT = 4;
/** Of those, left after the backup was taken, before the disaster. */
export const SERVED = 3;
const AUTH_TOKEN = 'the-token-of-the-simulator';
const ACCOUNT = `AC${'0'.repeat(32)}`;

type Settings = Record<string, string>;
type Reason = Exclude<HoldReason, 'environment-mismatch'>;

/** Databases with a few messages due now, and operators that took some of them; gone after each test. */
export class RestoredBackups {
  private readonly engines: Engine[] = [];
  private readonly databases: TestDatabase[] = [];
  private running: OperatorSimulator | undefined;

  constructor() {
    beforeEach(async () => {
      this.running = await startOperatorSimulator({
        accountSid: ACCOUNT,
        authToken: AUTH_TOKEN,
        control: { receipts: false },
      });
    });
    afterEach(async () => {
      for (const engine of this.engines.splice(0)) await engine.stop();
      for (const database of this.databases.splice(0)) await database.drop();
      await this.running?.stop();
    });
  }

  get simulator(): OperatorSimulator {
    if (this.running === undefined) throw new Error('the operators are there inside of a test only');
    return this.running;
  }

  twilio(url = this.simulator.url, authToken = AUTH_TOKEN): Settings {
    return {
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: url,
    };
  }

  both(): Settings {
    return {
      ...this.twilio(),
      SMS_PROVIDERS: 'twilio,link-mobility',
      LINK_MOBILITY_ACCOUNT: ACCOUNT,
      LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
      LINK_MOBILITY_SENDER: 'MonSuiviJus',
      LINK_MOBILITY_API_BASE_URL: this.simulator.linkUrl,
    };
  }

  async database(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    this.databases.push(database);
    await planDueNow(database.dataSource, COUNT);
    return database;
  }

  async start(database: TestDatabase, env: Settings = this.twilio()): Promise<Engine> {
    const operator = { url: this.simulator.url, authToken: AUTH_TOKEN };
    const engine = await startEngine(database, operator, { SEND_WINDOW: '00:00-23:59', ...env });
    this.engines.push(engine);
    return engine;
  }

  async work(database: TestDatabase, env?: Settings): Promise<void> {
    const engine = await this.start(database, env);
    await engine.drain();
    this.engines.splice(this.engines.indexOf(engine), 1);
    await engine.stop();
  }

  hold(database: TestDatabase, reason: Reason, detail = 'test'): Promise<boolean> {
    return database.dataSource.transaction((tx) => new HoldSending().execute(tx, { reason, detail }, 'cli'));
  }

  /** Three of four messages have left since it was taken. */
  async restored(env?: Settings): Promise<TestDatabase> {
    const database = await this.database();
    const backup = await copyOf(database);
    this.databases.push(backup);
    await database.dataSource.query(
      `UPDATE message SET due_at = due_at + interval '1 hour' WHERE id = (SELECT min(id::text)::uuid FROM message)`,
    );
    await this.work(database, env);
    expect(this.simulator.messages()).toHaveLength(SERVED);
    await this.hold(backup, 'restored-backup');
    return backup;
  }

  async release(database: TestDatabase, env: Settings, ...more: string[]) {
    return releaseByCommand(database, ['--yes', await idOf(database), ...more], env);
  }

  /** What the lists tell, as the command reads them; and what it does then, where something is decided. */
  async told(database: TestDatabase, env: Settings, bounds = {}, decision?: Omit<ServedDecision, 'lists'>) {
    const engine = await this.start(database, env);
    const lists = new OperatorLists(engine.module.get(Gateways));
    Object.assign(lists.bounds, bounds);
    const taken = await lists.takenInGap((work) => database.dataSource.transaction(work));
    const holdId = decision === undefined ? null : await idOf(database);
    const { report, ...done } = await database.dataSource.transaction((tx) =>
      releaseAfterReport(tx, 'test', holdId, { lists: taken, choice: null, ...decision }),
    );
    return { ...report, ...done };
  }
}

/** Of the hold in force; empty when none is. */
export async function idOf(database: TestDatabase): Promise<string> {
  return (await holdOf(database.dataSource.manager, 'test'))?.id ?? '';
}

/** What became of the messages of a database, with the tasks of agents: most first. */
export function fatesOf(database: TestDatabase): Promise<unknown[]> {
  return database.dataSource.query(
    `SELECT m.state, m.reason, m.possible_duplicate AS flagged, t.reason AS task, count(*)::int AS n
       FROM message m LEFT JOIN agent_task t ON t.message_id = m.id GROUP BY 1, 2, 3, 4 ORDER BY n DESC`,
  );
}
