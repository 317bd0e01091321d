import type { Instant } from '../../shared/time.js';
import type { CallOutcome } from '../domain/attempt-results.js';
import { signalOf } from '../domain/circuit-breaker.js';
import { alertsOperators } from '../domain/operator-errors.js';
import type { OperatorState } from './operator-states.js';

/** An outcome, for the circuit of its operator. */
export interface ObservedCall {
  readonly operator: string;
  readonly outcome: CallOutcome;
  /** Somebody of ours must look, whatever is known of the code. */
  readonly asksForUs?: boolean;
}

/** The circuit must know it, or somebody of ours. */
export function isNews(call: ObservedCall): boolean {
  return signalOf(call.operator, call.outcome) !== 'good' || mustLook(call);
}

function mustLook({ operator, outcome, asksForUs }: ObservedCall): boolean {
  return (
    asksForUs === true || (outcome.result !== 'accepted' && alertsOperators(operator, outcome.errorCode))
  );
}

/** Keeps the newest error of an operator, and the newest that somebody must look at. @param realNow whoever watches the service lives in real time */
export function noteErrors(state: OperatorState, calls: readonly ObservedCall[], realNow: Instant): void {
  for (const call of calls) {
    const { outcome } = call;
    if (outcome.result === 'accepted') continue;
    state.lastErrorCode = outcome.errorCode;
    if (!mustLook(call)) continue;
    state.lastAlert = outcome.errorCode;
    state.lastAlertAt = realNow;
  }
}

/** Those of one operator. */
export function callsOf(calls: readonly ObservedCall[], operator: string): readonly ObservedCall[] {
  return calls.filter((seen) => seen.operator === operator);
}
