import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Instant } from '../../shared/time.js';
import {
  type CallSignal,
  CIRCUIT_RULES,
  type CircuitRules,
  observed,
  signalOf,
} from '../domain/circuit-breaker.js';
import type { Channel } from '../domain/notification.states.js';
import type { Lane } from '../domain/pacing.js';
import { callsOf, isNews, noteErrors, type ObservedCall } from './observed-calls.js';
import { type LockedStates, lockStates, type OperatorState, writeStates } from './operator-states.js';
import { learn, OPERATOR_ROWS, type OperatorRow, type OperatorView, viewOf } from './operator-view.js';
import { type PastRoutes, readPastRoutes } from './past-routes.query.js';
import { freePermit, type Permit, sharePermits } from './share-permits.js';

/** A message that asks by which operator to leave. */
export interface WantedRoute {
  readonly messageId: string;
  /** Absent: a text. A mail has one way, the relay. */
  readonly channel?: Channel;
  /** Territory of the number; null when unknown. */
  readonly territory: string | null;
  /** Bulk (1) gives way to what is due for its own sake (0, the default). */
  readonly lane?: Lane;
  /** Earliest first. */
  readonly dueAt?: Date;
  /** Attempts so far: one that was tried before makes no probe while another operator takes it. */
  readonly attempts?: number;
  /** Contact of the number it goes to. */
  readonly phoneId?: string | null;
}

/** Others in a drill than in service. */
export interface RoutingSettings {
  readonly rules: CircuitRules;
  /** Set before the names of the operators in the shared state: a drill keeps its circuits apart. */
  readonly namespace: string;
}

const LIVE: RoutingSettings = { rules: CIRCUIT_RULES, namespace: '' };
/** Good calls of this process that nobody was told of; beyond, they would only dilute. */
const MOST_GOODS = 5_000;

/** The name under which mails leave. */
const RELAY = 'smtp';

interface Goods {
  count: number;
  readonly since: number;
}

/**
 * Which operator takes which text, and when: routes by territory, circuits and pace, shared by every worker.
 *
 * While all circuits are closed, every call good and no pace set, a batch costs no statement of its own. Only what
 * surely did not leave goes to another operator: what was in doubt at one is never repeated by another. An operator that does not serve a number is not asked again for that text.
 */
@Injectable()
export class OperatorRouting {
  private settings = LIVE;
  private view: OperatorView | undefined;
  private readonly goods = new Map<string, Goods>();

  constructor(private readonly env: Env) {}

  /** The same routing on circuits of its own, for a drill. */
  static apart(env: Env, settings: RoutingSettings): OperatorRouting {
    const routing = new OperatorRouting(env);
    routing.settings = settings;
    return routing;
  }

  /**
   * One permit for each text wanted.
   * @param seen `OPERATOR_ROWS`, where they were read with the texts
   */
  async permits(
    tx: EntityManager,
    wanted: readonly WantedRoute[],
    seen?: readonly OperatorRow[] | null,
  ): Promise<ReadonlyMap<string, Permit>> {
    if (wanted.length === 0) return new Map();
    const rows = seen ?? (await tx.query<OperatorRow[]>(OPERATOR_ROWS));
    const view = viewOf(rows, this.settings.namespace);
    this.view = view;
    const past = await readPastRoutes(
      tx,
      wanted.filter(({ channel, attempts }) => channel !== 'email' && attempts !== undefined && attempts > 0),
    );
    const asked = wanted.map((route) => ({ ...route, order: this.orderFor(route, view, past) }));
    if (asked.every(({ order: [first] }) => first === undefined || this.isFree(first, view)))
      return new Map(asked.map(({ messageId, order: [first] }) => [messageId, freePermit(first)]));
    const locked = await this.lock(tx, [...new Set(asked.flatMap(({ order }) => order))]);
    const permits = sharePermits(asked, locked, { rules: this.settings.rules, paceOf: this.paceOf });
    await this.write(tx, locked.states);
    learn(view, locked.states);
    return permits;
  }

  /** Draws from the results of calls what the circuits must know; no statement while all goes well. */
  async observe(tx: EntityManager, calls: readonly ObservedCall[]): Promise<void> {
    const known: readonly string[] = [...this.env.SMS_PROVIDERS, RELAY];
    const ours = calls.filter(({ operator }) => known.includes(operator));
    const operators = [...new Set(ours.map(({ operator }) => operator))];
    const telling = operators.filter((operator) => this.mustTell(operator, ours));
    for (const operator of operators)
      if (!telling.includes(operator)) this.remember(operator, callsOf(ours, operator).length);
    if (telling.length === 0) return;
    const { states, now, realNow } = await this.lock(tx, telling);
    for (const [operator, state] of states) this.apply(operator, state, callsOf(ours, operator), now);
    for (const [operator, state] of states) noteErrors(state, callsOf(ours, operator), realNow);
    await this.write(tx, states);
    if (this.view !== undefined) learn(this.view, states);
  }

  /** Operators to ask, the best first; none when all of them said that they do not serve this number. */
  private orderFor(
    { messageId, channel, territory }: WantedRoute,
    view: OperatorView,
    past: ReadonlyMap<string, PastRoutes>,
  ): readonly string[] {
    if (channel === 'email') return [RELAY];
    const usual = this.usualOrder(territory, view);
    const known = past.get(messageId);
    if (known === undefined) return usual;
    const { held, closed, failedLast } = known;
    const able = held !== null && usual.includes(held) ? [held] : usual;
    const open = able.filter((operator) => !closed.has(operator));
    const others = open.filter((operator) => operator !== failedLast);
    return [...others, ...open.filter((operator) => operator === failedLast)];
  }

  private usualOrder(territory: string | null, view: OperatorView): readonly string[] {
    const preferred = territory === null ? undefined : view.routes.get(territory);
    const others = this.env.SMS_PROVIDERS.filter((operator) => operator !== preferred);
    return others.length === this.env.SMS_PROVIDERS.length ? others : [preferred ?? '', ...others];
  }

  private isFree(operator: string, view: OperatorView): boolean {
    return !view.open.has(operator) && this.paceOf(operator) === undefined;
  }

  private readonly paceOf = (operator: string): number | undefined => {
    if (operator === 'twilio') return this.env.TWILIO_MESSAGES_PER_SECOND;
    return operator === RELAY ? undefined : this.env.LINK_MOBILITY_MESSAGES_PER_SECOND;
  };

  /** Something went wrong, here or lately elsewhere. */
  private mustTell(operator: string, calls: readonly ObservedCall[]): boolean {
    const isTroubled = this.view?.open.has(operator) === true || this.view?.troubled.has(operator) === true;
    return isTroubled || callsOf(calls, operator).some(isNews);
  }

  private remember(operator: string, count: number): void {
    const known = this.goods.get(operator);
    const age = known === undefined ? Infinity : performance.now() - known.since;
    if (known === undefined || age > this.settings.rules.windowSeconds * 1000)
      this.goods.set(operator, { count, since: performance.now() });
    else known.count = Math.min(MOST_GOODS, known.count + count);
  }

  private apply(operator: string, state: OperatorState, calls: readonly ObservedCall[], now: Instant): void {
    this.remember(operator, 0);
    const untold = this.goods.get(operator)?.count ?? 0;
    this.goods.delete(operator);
    const signals: CallSignal[] = [
      ...Array.from({ length: untold }, () => 'good' as const),
      ...calls.map(({ outcome }) => signalOf(operator, outcome)),
    ];
    state.circuit = observed(state.circuit, signals, now, this.settings.rules);
  }

  private async lock(tx: EntityManager, operators: readonly string[]): Promise<LockedStates> {
    const { namespace } = this.settings;
    const locked = await lockStates(
      tx,
      operators.map((operator) => namespace + operator),
    );
    return {
      ...locked,
      states: new Map([...locked.states].map(([name, state]) => [name.slice(namespace.length), state])),
    };
  }

  private async write(tx: EntityManager, states: ReadonlyMap<string, OperatorState>): Promise<void> {
    const { namespace } = this.settings;
    await writeStates(tx, new Map([...states].map(([name, state]) => [namespace + name, state])));
  }
}
