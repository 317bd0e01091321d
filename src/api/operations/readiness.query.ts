import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { type HoldReason, holdOf } from '../../notifications/surety/sending-hold.js';
import { KnownKeys } from '../../platform/known-keys.js';
import { JobQueue } from '../../platform/queue.js';
import { Transaction } from '../../platform/transaction.js';

export interface Readiness {
  /** `degraded`: this process works, but something an operator should know is wrong elsewhere. */
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly checks: {
    readonly database: 'up' | 'down';
    readonly queue: 'up' | 'down';
    /** `missing`: contacts are sealed by a key that this process does not hold; it must be started with it. */
    readonly keys: 'held' | 'missing' | 'unknown';
    readonly environment: 'same' | 'mismatch' | 'unknown';
    readonly relay: 'running' | 'stale' | 'never-ran' | 'unknown';
    /** Why nothing leaves, `none` when messages leave. */
    readonly hold: HoldReason | 'none' | 'unknown';
  };
  /** Seconds since the relay last ran, or null. */
  readonly lastRelayRunSeconds: number | null;
  /** What is switched off, by name. */
  readonly off: readonly ('sms' | 'email')[];
}

interface DatabaseFacts {
  readonly environment: string | null;
  readonly relaySeconds: number | null;
  readonly hold: HoldReason | 'none';
  readonly holdsKeys: boolean;
}

const FACTS = `
  SELECT (SELECT name FROM environment) AS environment,
    (SELECT extract(epoch FROM app_now() - last_run_at)::float8 FROM task_run WHERE task = 'relay') AS "relaySeconds"`;
const RELAY_IS_STALE_AFTER_SECONDS = 60;
const QUEUE_ANSWERS_WITHIN_MS = 3000;

/** Can this process do its work now? */
@Injectable()
export class ReadinessQuery {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly queue: JobQueue,
    private readonly knownKeys: KnownKeys,
  ) {}

  async ask(): Promise<Readiness> {
    const facts = await this.databaseFacts();
    const checks = {
      database: facts === null ? 'down' : 'up',
      queue: (await this.isQueueUp()) ? 'up' : 'down',
      keys: keysOf(facts),
      environment: this.environment(facts),
      relay: relay(facts),
      hold: facts?.hold ?? 'unknown',
    } as const;
    return {
      status: this.status(checks),
      checks,
      lastRelayRunSeconds: facts?.relaySeconds ?? null,
      off: this.off(),
    };
  }

  /** A silent relay makes a worker unfit; a web process says so and keeps serving. Held: it works, and says so. */
  private status({
    database,
    queue,
    keys,
    environment,
    relay: run,
    hold,
  }: Readiness['checks']): Readiness['status'] {
    if (database === 'down' || queue === 'down' || keys === 'missing' || environment === 'mismatch')
      return 'not-ready';
    if (run === 'running') return hold === 'none' ? 'ready' : 'degraded';
    return this.env.APP_ROLE === 'web' ? 'degraded' : 'not-ready';
  }

  private environment(facts: DatabaseFacts | null): Readiness['checks']['environment'] {
    if (facts?.environment == null) return 'unknown';
    return facts.environment === this.env.APP_ENV ? 'same' : 'mismatch';
  }

  private off(): Readiness['off'] {
    return [
      ...(this.env.SMS_PROVIDERS.length === 0 ? (['sms'] as const) : []),
      ...(this.env.SMTP_URL === undefined ? (['email'] as const) : []),
    ];
  }

  private async databaseFacts(): Promise<DatabaseFacts | null> {
    try {
      return await this.transaction.run(async (tx) => {
        const rows: Omit<DatabaseFacts, 'hold' | 'holdsKeys'>[] = await tx.query(FACTS);
        const hold = await holdOf(tx, this.env.APP_ENV);
        const holdsKeys = await this.knownKeys.areHeld(tx);
        return rows[0] === undefined ? null : { ...rows[0], hold: hold?.reason ?? 'none', holdsKeys };
      });
    } catch {
      return null;
    }
  }

  private async isQueueUp(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), QUEUE_ANSWERS_WITHIN_MS);
    });
    const answer = this.queue.ping().then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function keysOf(facts: DatabaseFacts | null): Readiness['checks']['keys'] {
  if (facts === null) return 'unknown';
  return facts.holdsKeys ? 'held' : 'missing';
}

function relay(facts: DatabaseFacts | null): Readiness['checks']['relay'] {
  if (facts === null) return 'unknown';
  if (facts.relaySeconds === null) return 'never-ran';
  return facts.relaySeconds <= RELAY_IS_STALE_AFTER_SECONDS ? 'running' : 'stale';
}
