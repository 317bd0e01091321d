import type { Instant } from '../../shared/time.js';
import { type CircuitRules, passage } from '../domain/circuit-breaker.js';
import { type Lane, refilled, takeTurn } from '../domain/pacing.js';
import type { LockedStates, OperatorState } from './operator-states.js';

/** When a text of an operator with a pace is to leave. */
export interface PacedTurn {
  /** By the real clock of the database. */
  readonly at: Instant;
  /** The same in monotonic milliseconds of this process. */
  readonly notBefore: number;
}

/** Whether a text may go to an operator now. */
export type Permit =
  | { readonly do: 'call'; readonly operator: string; readonly turn?: PacedTurn }
  | { readonly do: 'wait'; readonly until: Instant; readonly reason: 'circuit-open' | 'pace' }
  /** Every operator said that it does not serve this number. */
  | { readonly do: 'fail'; readonly reason: 'no-route' };

/** A text that asks for a permit. */
export interface AskedRoute {
  readonly messageId: string;
  readonly lane?: Lane;
  readonly dueAt?: Date;
  readonly attempts?: number;
  /** Operators that may take it, the best first; none: all said that they do not serve it. */
  readonly order: readonly string[];
}

/** What holds for every text. */
interface Sharing {
  readonly rules: CircuitRules;
  /** Messages a second; undefined: as many as there are. */
  readonly paceOf: (operator: string) => number | undefined;
}

const NO_ROUTE: Permit = { do: 'fail', reason: 'no-route' };
/** Milliseconds between two texts that come back when a circuit may be probed. */
const RETURN_STEP_MS = 10;

/**
 * Shares what circuits and paces let pass: what is due for its own sake before bulk, then the earliest.
 * @param locked changed in place: probes and turns are taken
 */
export function sharePermits(
  asked: readonly AskedRoute[],
  locked: LockedStates,
  sharing: Sharing,
): ReadonlyMap<string, Permit> {
  for (const [operator, state] of locked.states) {
    const pace = sharing.paceOf(operator);
    if (pace !== undefined) state.bucket = refilled(state.bucket, pace, locked.realNow);
  }
  const inOrder = [...asked].sort(
    (a, b) => (a.lane ?? 0) - (b.lane ?? 0) || (a.dueAt?.getTime() ?? 0) - (b.dueAt?.getTime() ?? 0),
  );
  return new Map(
    inOrder.map((text, index) => {
      const wasTried = text.attempts !== undefined && text.attempts > 0;
      const order = wasTried ? closedFirst(text.order, locked.states) : text.order;
      const permit = permitOf({ ...text, order }, locked, sharing, index * RETURN_STEP_MS);
      return [text.messageId, permit];
    }),
  );
}

/** Without a look at circuits and paces: the first operator takes it. */
export function freePermit(operator: string | undefined): Permit {
  return operator === undefined ? NO_ROUTE : { do: 'call', operator };
}

function permitOf(
  { order, lane = 0 }: AskedRoute,
  locked: LockedStates,
  sharing: Sharing,
  stepMs: number,
): Permit {
  if (order.length === 0) return NO_ROUTE;
  let retryAt = locked.now.add({ seconds: sharing.rules.longestDelaySeconds });
  for (const operator of order) {
    const state = locked.states.get(operator);
    if (state === undefined) continue;
    const { circuit, passes, retryAt: again } = passage(state.circuit, locked.now, sharing.rules);
    if (passes)
      return pacedPermit(
        { operator, lane, perSecond: sharing.paceOf(operator) },
        { ...state, circuit },
        state,
        locked,
      );
    state.circuit = circuit;
    if (again.epochMilliseconds < retryAt.epochMilliseconds) retryAt = again;
  }
  return { do: 'wait', until: retryAt.add({ milliseconds: stepMs }), reason: 'circuit-open' };
}

/** @param passed the state as it is once this text passes; a text that waits for its turn was no probe */
function pacedPermit(
  text: { readonly operator: string; readonly lane: Lane; readonly perSecond: number | undefined },
  passed: OperatorState,
  state: OperatorState,
  { now, realNow }: LockedStates,
): Permit {
  const { operator, lane, perSecond } = text;
  if (perSecond === undefined) {
    state.circuit = passed.circuit;
    return freePermit(operator);
  }
  const turn = takeTurn(state.bucket, lane, perSecond);
  state.bucket = turn.bucket;
  if (turn.waitsUntil !== null) {
    const milliseconds = turn.waitsUntil.epochMilliseconds - realNow.epochMilliseconds;
    return { do: 'wait', until: now.add({ milliseconds }), reason: 'pace' };
  }
  state.circuit = passed.circuit;
  const at = realNow.add({ milliseconds: Math.ceil(turn.leavesInMs) });
  return { do: 'call', operator, turn: { at, notBefore: performance.now() + turn.leavesInMs } };
}

function closedFirst(
  order: readonly string[],
  states: ReadonlyMap<string, OperatorState>,
): readonly string[] {
  const isClosed = (operator: string) => states.get(operator)?.circuit.circuit === 'closed';
  return [...order.filter(isClosed), ...order.filter((operator) => !isClosed(operator))];
}
