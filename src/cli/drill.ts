import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Env, SmsOperator } from '../../config/env.js';
import type { CallOutcome } from '../notifications/domain/attempt-results.js';
import { CIRCUIT_RULES, type CircuitState } from '../notifications/domain/circuit-breaker.js';
import { drillText } from '../notifications/domain/drill-text.js';
import { OperatorRouting } from '../notifications/sending/operator-routing.js';
import type { Permit } from '../notifications/sending/share-permits.js';
import { Gateways } from '../notifications/providers/gateways.js';
import { holdOf } from '../notifications/surety/sending-hold.js';
import { newToken } from '../shared/tokens.js';
import { type Outage, outageOf } from './drill-outage.js';
import { CommandError, counted } from './output.js';

export interface DrillPlan {
  /** The operator that is made to fail. */
  readonly failing: SmsOperator;
  /** E.164, taken in turn. */
  readonly numbers: readonly string[];
  /** Texts sent while it fails. */
  readonly texts: number;
}

export interface DrillStep {
  /** Seconds since the drill began. */
  readonly at: number;
  readonly phase: 'outage' | 'probe' | 'return';
  readonly text: number;
  readonly operator: string;
  readonly result: CallOutcome['result'];
  readonly errorCode: string | null;
  /** Of the failing operator, after this call. */
  readonly circuit: CircuitState;
}

export interface DrillReport {
  readonly failing: string;
  readonly how: Outage['how'];
  /** Every text of the outage left by another operator. */
  readonly switched: boolean;
  readonly opened: boolean;
  readonly halfOpened: boolean;
  readonly closed: boolean;
  /** The last text left by the operator that had failed. */
  readonly returned: boolean;
  readonly texts: number;
  readonly lost: number;
  readonly steps: readonly DrillStep[];
}

/** Circuits of the drill, apart from those of the service. */
const NAMESPACE = 'drill:';
/** The rules of the service with shorter times: a drill is watched. */
const RULES = {
  ...CIRCUIT_RULES,
  firstDelaySeconds: 1,
  unreachableDelaySeconds: 1,
  longestDelaySeconds: 4,
  leastOpenSeconds: 3,
};
/** A text that has not left by then is lost, and the drill has failed. */
const LEAVES_WITHIN_MS = 8_000;
const LONGEST_WAIT_MS = 2_000;
const VALIDITY_SECONDS = 300;

/**
 * Makes one operator fail, and watches texts leave by another, the circuit open, probe and close again. What it writes
 * is for its own transaction only: the caller rolls it back, and a drill that is killed leaves nothing behind.
 */
export class Drill {
  private readonly steps: DrillStep[] = [];
  private readonly startedAt = performance.now();
  private readonly env: Env;
  private readonly routing: OperatorRouting;
  private readonly gateways: Gateways;
  private text = 0;
  private lost = 0;
  private isFailing = false;

  constructor(
    env: Readonly<Env>,
    private readonly tx: EntityManager,
    private readonly plan: DrillPlan,
  ) {
    const others = env.SMS_PROVIDERS.filter((operator) => operator !== plan.failing);
    this.env = { ...env, SMS_PROVIDERS: [plan.failing, ...others] };
    this.routing = OperatorRouting.apart(this.env, { rules: RULES, namespace: NAMESPACE });
    this.gateways = new Gateways(this.env);
  }

  async run(): Promise<DrillReport> {
    const outage = await outageOf(this.env, this.plan.failing, this.gateways);
    try {
      return this.report(outage, await this.play(outage));
    } finally {
      await this.gateways.onApplicationShutdown();
    }
  }

  /** @returns by which operator each text left, in order; null for one that did not */
  private async play(outage: Outage): Promise<readonly (string | null)[]> {
    const left: (string | null)[] = [];
    await outage.begin();
    this.isFailing = true;
    try {
      for (let text = 0; text < this.plan.texts; text++) left.push(await this.leave('outage', outage));
      if (this.lost > 0) return left;
      await delay(RULES.unreachableDelaySeconds * 1000 + 100);
      left.push(await this.leave('probe', outage));
    } finally {
      this.isFailing = false;
      await outage.end();
    }
    await delay(RULES.leastOpenSeconds * 1000);
    for (let text = 0; text <= RULES.probes; text++) left.push(await this.leave('return', outage));
    return left;
  }

  private async leave(phase: DrillStep['phase'], outage: Outage): Promise<string | null> {
    this.text += 1;
    const deadline = performance.now() + LEAVES_WITHIN_MS;
    for (let attempts = 0; performance.now() < deadline; attempts++) {
      const { permit, now } = await this.ask(attempts);
      if (permit.do === 'fail') break;
      if (permit.do === 'wait') {
        const wait = permit.until.epochMilliseconds - now;
        await delay(Math.min(LONGEST_WAIT_MS, Math.max(50, wait)));
        continue;
      }
      if (permit.turn !== undefined) await delay(Math.max(0, permit.turn.notBefore - performance.now()));
      await this.refuseIfHeld();
      const outcome = await this.call(permit.operator, outage);
      await this.note(phase, permit.operator, outcome);
      if (outcome.result === 'accepted') return permit.operator;
      if (outcome.result !== 'not-sent') break;
    }
    this.lost += 1;
    return null;
  }

  private async ask(attempts: number): Promise<{ readonly permit: Permit; readonly now: number }> {
    const messageId = randomUUID();
    const permits = await this.routing.permits(this.tx, [{ messageId, territory: null, attempts }]);
    // Of this moment: `app_now()` stands still within a transaction.
    const rows: { now: Date }[] = await this.tx.query(
      'SELECT app_now() + (clock_timestamp() - now()) AS now',
    );
    const permit = permits.get(messageId);
    if (permit === undefined || rows[0] === undefined) throw new Error('no permit');
    return { permit, now: rows[0].now.getTime() };
  }

  /** A hold is committed while the drill runs: each statement of its transaction (READ COMMITTED) sees it. */
  private async refuseIfHeld(): Promise<void> {
    if ((await holdOf(this.tx, this.env.APP_ENV)) === null) return;
    throw new CommandError(
      `sending was held meanwhile: the drill ended after ${counted(this.steps.length, 'call')}, and nothing leaves any more`,
    );
  }

  private call(operator: string, outage: Outage): Promise<CallOutcome> {
    const isDown = this.isFailing && operator === this.plan.failing;
    const gateway = isDown ? outage.gateway : this.gateways.byOperator(operator);
    const recipient = this.plan.numbers[(this.text - 1) % this.plan.numbers.length] ?? '';
    return gateway.send({
      attemptId: randomUUID(),
      recipient,
      body: drillText(this.text),
      callbackUrl: `${this.env.PUBLIC_BASE_URL}${gateway.callbackPath(newToken())}`,
      validitySeconds: VALIDITY_SECONDS,
    });
  }

  private async note(phase: DrillStep['phase'], operator: string, outcome: CallOutcome): Promise<void> {
    await this.routing.observe(this.tx, [{ operator, outcome }]);
    const circuit = await circuitOf(this.tx, this.plan.failing);
    this.steps.push({
      at: Math.round((performance.now() - this.startedAt) / 100) / 10,
      ...{ phase, text: this.text, operator, circuit },
      result: outcome.result,
      errorCode: outcome.result === 'accepted' ? null : outcome.errorCode,
    });
  }

  private report(outage: Outage, left: readonly (string | null)[]): DrillReport {
    const { failing } = this.plan;
    const away = left.slice(0, this.plan.texts + 1);
    return {
      ...{ failing, how: outage.how, texts: this.text, lost: this.lost, steps: this.steps },
      switched: away.every((operator) => operator !== null && operator !== failing),
      opened: this.steps.some(({ circuit }) => circuit === 'open'),
      halfOpened: this.steps.some(({ circuit }) => circuit === 'half-open'),
      closed: this.steps.at(-1)?.circuit === 'closed',
      returned: left.at(-1) === failing,
    };
  }
}

/** A circuit that was never written is closed. */
async function circuitOf(tx: EntityManager, operator: string): Promise<CircuitState> {
  const rows: { circuit: CircuitState }[] = await tx.query(
    'SELECT circuit FROM operator_state WHERE operator = $1',
    [NAMESPACE + operator],
  );
  return rows[0]?.circuit ?? 'closed';
}
