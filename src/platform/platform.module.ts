import { type DynamicModule, Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import type { Logger } from 'pino';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { Env } from '../../config/env.js';
import { Clock } from './clock.js';
import { databaseOptions } from './database.js';
import { Failpoints } from './failpoints.js';
import { Idempotency } from './idempotency.js';
import { KnownKeys } from './known-keys.js';
import { LOG, silentLog } from './log.js';
import { OutsideMemory } from './outside-memory.js';
import { JobQueue } from './queue.js';
import { refuseOpenWall } from './row-security/application-role.js';
import { ScheduledTasks } from './scheduled-tasks.js';
import { keepKeys, Sealing } from './sealing.js';
import { Secrets } from './secrets.js';
import { Transaction } from './transaction.js';

export interface PlatformOptions {
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  /** Absent: nothing is logged (tools, tests). */
  readonly log?: Logger;
}

/** Last to leave: workers and the HTTP server stop before this hook. */
@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** What every feature stands on: environment, database, clock, transaction, secrets, log. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(env: Readonly<Env>, { entities, log }: PlatformOptions): DynamicModule {
    const dataSource = {
      provide: DataSource,
      useFactory: () => openDataSource(env, entities),
    };
    const shared = [
      Clock,
      Transaction,
      Secrets,
      Sealing,
      Idempotency,
      Failpoints,
      KnownKeys,
      JobQueue,
      OutsideMemory,
      ScheduledTasks,
    ];
    return {
      module: PlatformModule,
      imports: [ScheduleModule.forRoot()],
      providers: [
        { provide: Env, useValue: env },
        { provide: LOG, useValue: log ?? silentLog() },
        dataSource,
        DatabaseCloser,
        ...shared,
      ],
      exports: [Env, LOG, DataSource, ...shared],
    };
  }
}

/** @throws Error where the application's role could see past row-level security, in production and staging */
async function openDataSource(
  env: Readonly<Env>,
  entities: PlatformOptions['entities'],
): Promise<DataSource> {
  const options = databaseOptions(
    env.DATABASE_URL,
    env.DATABASE_POOL_SIZE,
    `mon-suivi-justice-${env.APP_ROLE}`,
  );
  const dataSource = new DataSource({ ...options, entities: [...entities] } as typeof options);
  await keepKeys(dataSource, new Sealing(env)).initialize();
  await refuseOpenWall(dataSource, env.APP_ENV);
  return dataSource;
}
