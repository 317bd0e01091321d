import { ConsoleLogger, Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { EntityManager } from 'typeorm';
import { loadEnv } from '../../../config/load-env.js';
import type { TaskId } from '../../../config/schedule.js';
import { JournalModule } from '../../../src/access/journal/journal.module.js';
import { ConvocationsModule } from '../../../src/convocations/convocations.module.js';
import { MessagePlanner } from '../../../src/convocations/message-planner.port.js';
import { NotificationsModule } from '../../../src/notifications/notifications.module.js';
import { PlanMessages } from '../../../src/notifications/plans/plan-messages.js';
import { ReplanMovedNumber } from '../../../src/notifications/plans/replan-moved-number.js';
import { Gateways } from '../../../src/notifications/providers/gateways.js';
import { Dispatcher } from '../../../src/notifications/sending/dispatcher.js';
import { RecordReceipt } from '../../../src/notifications/sending/record-receipt.js';
import { SendingWorker } from '../../../src/notifications/sending/sending-worker.js';
import { DatabaseWitness } from '../../../src/notifications/surety/database-witness.js';
import { NumberMoves } from '../../../src/persons/number-moves.port.js';
import { PersonsModule } from '../../../src/persons/persons.module.js';
import { PlatformModule } from '../../../src/platform/platform.module.js';
import { JobQueue, type SendJob } from '../../../src/platform/queue.js';
import { ScheduledTasks } from '../../../src/platform/scheduled-tasks.js';
import { Transaction } from '../../../src/platform/transaction.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../database.js';
import { Phones } from './phones.js';
import { Wiper } from './wiper.js';

@Global()
@Module({
  imports: [NotificationsModule],
  providers: [
    { provide: MessagePlanner, useExisting: PlanMessages },
    { provide: NumberMoves, useExisting: ReplanMovedNumber },
  ],
  exports: [MessagePlanner, NumberMoves],
})
class PortsModule {}

/** An alarm clock that keeps what rings until it is asked. */
class Bell {
  rung: SendJob[] = [];
  readonly ring = (jobs: readonly SendJob[]): Promise<void> => {
    this.rung.push(...jobs);
    return Promise.resolve();
  };
  readonly listen = (): Promise<void> => Promise.resolve();
  readonly stopListening = (): Promise<void> => Promise.resolve();
}

/** The instants at which something may happen by itself, after $1. */
const NEXT = `
  SELECT min(at) AS at FROM (
    SELECT due_at AS at FROM message WHERE state = 'planned'
    UNION ALL SELECT useful_until FROM message WHERE state IN ('planned', 'queued', 'uncertain')
    UNION ALL SELECT next_lookup_at FROM delivery_attempt WHERE result = 'uncertain'
    UNION ALL SELECT started_at + interval '61 s' FROM delivery_attempt WHERE result = 'open'
    UNION ALL SELECT accepted_at + interval '30 min 1 s' FROM message WHERE state = 'accepted'
    UNION ALL SELECT starts_at - h * interval '1 hour' FROM convocation, unnest(ARRAY[0, 4, 24]) AS h WHERE state = 'booked'
  ) AS events WHERE at > $1::timestamptz + interval '1 s'`;
/** What there is to do: tasks that would find nothing are left out. */
const WAITS = `
  SELECT EXISTS (SELECT FROM delivery_attempt WHERE result IN ('uncertain', 'open')) AS doubts,
         EXISTS (SELECT FROM replan) AS replans,
         EXISTS (SELECT FROM message WHERE state = 'planned' AND due_at <= app_now()) AS due,
         EXISTS (SELECT FROM message WHERE state = 'planned' AND due_at <= app_now() AND useful_until > app_now()
                   AND NOT EXISTS (SELECT FROM sending_hold WHERE released_at IS NULL))
      OR EXISTS (SELECT FROM message WHERE state IN ('undelivered', 'failed', 'suppressed', 'expired')
                   AND followed_up_at IS NULL) AS waits`;
interface Waiting {
  readonly waits: boolean;
  readonly doubts: boolean;
  readonly replans: boolean;
  readonly due: boolean;
}
const TASKS: readonly TaskId[] = ['sweep', 'follow-up', 'check-reach'];
const HOUR = 3_600_000;
/** Nothing is due for longer than this without somebody looking. */
const LONGEST_STEP = 72 * HOUR;

/** The whole sending half of the product on a real database, with its clock in our hands and phones for an operator. */
export class Engine {
  readonly phones = new Phones();
  /** Told after all that was due at an instant is done. */
  onTick: () => Promise<void> = () => Promise.resolve();
  private now = 0;
  private readonly bell = new Bell();
  private module!: TestingModule;
  private wiper!: Wiper;

  private constructor(readonly database: TestDatabase) {}

  static async open(): Promise<Engine> {
    const engine = new Engine(await createTestDatabase());
    await engine.start();
    return engine;
  }

  get milliseconds(): number {
    return this.now;
  }

  get<T>(type: new (...parts: never[]) => T): T {
    return this.module.get<T>(type);
  }

  query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query(sql, [...values]);
  }

  /** Everything that histories wrote is gone, and the clock is set. */
  async reset(instant: string): Promise<void> {
    await this.wiper.wipe();
    Object.assign(this.module.get(DatabaseWitness), { own: null });
    this.bell.rung = [];
    this.now = Date.parse(instant);
    await this.setClock();
  }

  /** One use case, in its transaction. */
  async act<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    this.now += 1_000;
    await this.setClock();
    return new Transaction(this.database.dataSource).run(work);
  }

  /** Lets so much time pass, doing at its hour everything that is due. */
  async wait(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    await this.tick();
    while (this.now < until) {
      this.now = Math.min(until, await this.next());
      await this.tick();
    }
  }

  /** What the schedule does at this instant. */
  async tick(): Promise<void> {
    this.now += 1_000;
    for (let again = true, round = 0; again && round < 4; round++) {
      await this.setClock();
      await this.report();
      const [before] = await this.query<Waiting>(WAITS);
      if (before?.replans === true) await this.run('replan-messages');
      if (before?.due === true || before?.replans === true) await this.send();
      if (before?.doubts === true || before?.due === true) await this.run('resolve');
      for (const task of TASKS) await this.run(task);
      const [after] = await this.query<Waiting>(WAITS);
      again = after?.waits === true;
      if (again) this.now += 10_000;
    }
    await this.onTick();
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.drop();
  }

  private run(task: TaskId): Promise<void> {
    return this.module.get(ScheduledTasks).run(task);
  }

  private async next(): Promise<number> {
    const rows = await this.query<{ at: Date | null }>(NEXT, [new Date(this.now).toISOString()]);
    const told = this.phones.reports.map(({ at }) => at);
    return Math.min(
      rows[0]?.at?.getTime() ?? Infinity,
      this.now + LONGEST_STEP,
      ...told.map((at) => Math.max(at, this.now)),
    );
  }

  private async setClock(): Promise<void> {
    this.phones.now = this.now;
    await moveClock(this.database.dataSource, new Date(this.now).toISOString());
  }

  private async send(): Promise<void> {
    await this.run('relay');
    const jobs = this.bell.rung.splice(0);
    if (jobs.length === 0) return;
    const dispatcher = this.module.get(Dispatcher);
    await dispatcher.dispatch(jobs);
    await dispatcher.idle();
  }

  private async report(): Promise<void> {
    for (const { of, status, errorCode } of this.phones.dueReports()) {
      const receipt = { operatorMessageId: of.id, status, errorCode };
      await this.act((tx) => this.module.get(RecordReceipt).execute(tx, of.token, receipt));
      if (status === 'delivered' || status === 'undelivered') of.end ??= { status, at: this.now };
    }
  }

  private async start(): Promise<void> {
    const env = loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: this.database.url,
      SECRET_KEYS: 'k'.repeat(32),
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'a-token',
      TWILIO_SENDER: 'MonSuiviJus',
      TWILIO_API_BASE_URL: 'http://127.0.0.1:9',
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'Mon Suivi Justice <no-reply@msj.example>',
      LOG_LEVEL: 'silent',
    });
    this.module = await Test.createTestingModule({
      imports: [
        PlatformModule.forRoot(env, { entities: [] }),
        JournalModule,
        PersonsModule,
        ConvocationsModule,
        NotificationsModule,
        PortsModule,
      ],
    })
      .overrideProvider(Gateways)
      .useValue(this.phones)
      .overrideProvider(JobQueue)
      .useValue(this.bell)
      .setLogger(new ConsoleLogger({ logLevels: ['fatal'] }))
      .compile();
    await this.module.init();
    await this.module.get(SendingWorker).start();
    this.wiper = await Wiper.of(this.database);
  }
}
