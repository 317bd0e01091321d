import type { Instant } from '../../shared/time.js';
import { type CallOutcome, retryDelaySeconds } from './attempt-results.js';
import { relaySignal } from './mail-outcome.js';
import { type Treatment, treatmentOf } from './operator-errors.js';

/**
 * `closed`: texts leave. `open`: none does, until it is time to probe. `half-open`: a few leave, and what comes of
 * them decides.
 */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** What one call says about its operator: it works, it fails, or nothing reaches it at all. */
export type CallSignal = 'good' | 'failed' | 'unreachable';

/** When an operator counts as down, and how it is tried again. */
export interface CircuitRules {
  /** Seconds over which failures are counted. */
  readonly windowSeconds: number;
  /** It opens from this many failures, if they are this share of the calls, … */
  readonly leastFailures: number;
  readonly failureShare: number;
  /** … or when this many calls in a row did not even reach the operator. */
  readonly unreachableInARow: number;
  /** Seconds before the first probe: longer than a call may hang, unless nothing reached the operator. */
  readonly firstDelaySeconds: number;
  readonly unreachableDelaySeconds: number;
  /** Each opening of the same trouble doubles the delay, up to this. */
  readonly longestDelaySeconds: number;
  /** Calls of which the outcome is awaited at once while half-open; as many good ones close it. */
  readonly probes: number;
  /** Traffic never moves twice within this time. */
  readonly leastOpenSeconds: number;
  /** Closed for this long, the trouble is over: the next one starts with the first delay again. */
  readonly calmSeconds: number;
  /** A probe without outcome after this time is forgotten: its worker died. */
  readonly probeTimeoutSeconds: number;
}

/** In force, unless a drill brings its own. */
export const CIRCUIT_RULES: CircuitRules = {
  windowSeconds: 60,
  leastFailures: 8,
  failureShare: 2 / 3,
  unreachableInARow: 3,
  firstDelaySeconds: 45,
  unreachableDelaySeconds: 15,
  longestDelaySeconds: 300,
  probes: 3,
  leastOpenSeconds: 60,
  calmSeconds: 600,
  probeTimeoutSeconds: 60,
};

/** Shared by every worker; the instants are those of the application's clock. */
export interface Circuit {
  readonly circuit: CircuitState;
  /** Since when it is in this state. */
  readonly since: Instant;
  /** When it left `closed`; null while closed. */
  readonly openedAt: Instant | null;
  readonly windowStartedAt: Instant;
  /** Closed: calls of the window. Half-open: probes let through. */
  readonly calls: number;
  readonly failures: number;
  /** Half-open: probes that went well. */
  readonly successes: number;
  /** Calls in a row that did not reach the operator. */
  readonly unreachable: number;
  readonly probeAt: Instant | null;
  /** Openings of the same trouble: each doubles the delay. */
  readonly openings: number;
}

/** Whether a call may be made now, and the circuit after having asked. */
export interface Passage {
  readonly circuit: Circuit;
  readonly passes: boolean;
  /** When to ask again; meaningful when it does not pass. */
  readonly retryAt: Instant;
}

/** Seconds between two looks while the outcome of the probes is awaited. */
const LOOK_AGAIN_SECONDS = 5;

/** Of an operator that was never called. */
export function newCircuit(now: Instant): Circuit {
  return {
    circuit: 'closed',
    since: now,
    openedAt: null,
    windowStartedAt: now,
    ...{ calls: 0, failures: 0, successes: 0, unreachable: 0 },
    probeAt: null,
    openings: 0,
  };
}

/** What one outcome says of the operator itself, whatever it says of the number. */
export function signalOf(operator: string, outcome: CallOutcome): CallSignal {
  switch (outcome.result) {
    case 'accepted':
    case 'refused':
      return 'good';
    case 'uncertain':
      return 'failed';
    case 'not-sent':
      return operator === 'smtp'
        ? relaySignal(outcome.errorCode)
        : notSent(treatmentOf(operator, outcome.errorCode));
  }
}

/** An operator that does not serve one number answers, and serves the others. */
function notSent(treatment: Treatment): CallSignal {
  if (treatment === 'no-route') return 'good';
  return treatment === 'slow-down' ? 'failed' : 'unreachable';
}

/**
 * Seconds before what surely did not leave is tried again: soon where nothing reached the operator, however often it
 * was tried, since the circuit paces and another operator may take it.
 * @param number of the attempt, 1 for the first
 */
export function againInSeconds(operator: string, outcome: CallOutcome, number: number): number {
  return retryDelaySeconds(signalOf(operator, outcome) === 'unreachable' ? 1 : number);
}

/** What a circuit becomes with the outcomes of these calls, in the order in which they came back. */
export function observed(
  circuit: Circuit,
  signals: readonly CallSignal[],
  now: Instant,
  rules: CircuitRules = CIRCUIT_RULES,
): Circuit {
  return signals.reduce((state, signal) => observedOne(state, signal, now, rules), circuit);
}

/** May one more call go to this operator now? */
export function passage(circuit: Circuit, now: Instant, rules: CircuitRules = CIRCUIT_RULES): Passage {
  if (circuit.circuit === 'closed') return { circuit, passes: true, retryAt: now };
  if (circuit.circuit === 'half-open') return probing(circuit, now, rules);
  const wait = circuit.probeAt === null ? 0 : secondsUntil(circuit.probeAt, now);
  // Longer than any delay: the clock was moved back.
  if (wait > 0 && wait <= rules.longestDelaySeconds)
    return { circuit, passes: false, retryAt: after(now, wait) };
  const counts = { calls: 0, failures: 0, successes: 0, unreachable: 0 };
  return probing({ ...circuit, circuit: 'half-open', since: now, ...counts }, now, rules);
}

function probing(circuit: Circuit, now: Instant, rules: CircuitRules): Passage {
  const closed = closedIfDone(circuit, now, rules);
  if (closed.circuit === 'closed') return { circuit: closed, passes: true, retryAt: now };
  const known = circuit.successes + circuit.failures;
  const isStale = secondsSince(circuit.since, now) > rules.probeTimeoutSeconds;
  const current = isStale ? { ...circuit, calls: known, since: now } : circuit;
  if (current.calls - known < rules.probes)
    return { circuit: { ...current, calls: current.calls + 1 }, passes: true, retryAt: now };
  const open = circuit.openedAt === null ? Infinity : secondsSince(circuit.openedAt, now);
  const wait = Math.max(LOOK_AGAIN_SECONDS, rules.leastOpenSeconds - open);
  return { circuit: current, passes: false, retryAt: after(now, wait) };
}

function observedOne(circuit: Circuit, signal: CallSignal, now: Instant, rules: CircuitRules): Circuit {
  switch (circuit.circuit) {
    // The outcome of a call that left before: it says nothing new.
    case 'open':
      return circuit;
    case 'half-open':
      return probed(circuit, signal, now, rules);
    case 'closed':
      return counted(circuit, signal, now, rules);
  }
}

function counted(circuit: Circuit, signal: CallSignal, now: Instant, rules: CircuitRules): Circuit {
  const isNewWindow = secondsSince(circuit.windowStartedAt, now) > rules.windowSeconds;
  const start = isNewWindow ? { ...circuit, windowStartedAt: now, calls: 0, failures: 0 } : circuit;
  const next: Circuit = {
    ...start,
    calls: start.calls + 1,
    failures: start.failures + (signal === 'good' ? 0 : 1),
    unreachable: signal === 'unreachable' ? start.unreachable + 1 : 0,
  };
  const isCut = next.unreachable >= rules.unreachableInARow;
  const isFailing = next.failures >= rules.leastFailures && next.failures >= rules.failureShare * next.calls;
  if (!isCut && !isFailing) return next;
  const isSameTrouble = circuit.openings > 0 && secondsSince(circuit.since, now) <= rules.calmSeconds;
  const openings = isSameTrouble ? circuit.openings + 1 : 1;
  return opened({ ...next, openedAt: now, openings }, signal, now, rules);
}

function probed(circuit: Circuit, signal: CallSignal, now: Instant, rules: CircuitRules): Circuit {
  if (signal === 'good') return closedIfDone({ ...circuit, successes: circuit.successes + 1 }, now, rules);
  const failures = circuit.failures + 1;
  // One bad number among good probes does not condemn the operator.
  if (failures <= circuit.successes / 2) return { ...circuit, failures };
  return opened({ ...circuit, openings: circuit.openings + 1 }, signal, now, rules);
}

function opened(circuit: Circuit, signal: CallSignal, now: Instant, rules: CircuitRules): Circuit {
  const first = signal === 'unreachable' ? rules.unreachableDelaySeconds : rules.firstDelaySeconds;
  const delay = Math.min(rules.longestDelaySeconds, first * 2 ** (circuit.openings - 1));
  const counts = { calls: 0, failures: 0, successes: 0, unreachable: 0 };
  return { ...circuit, circuit: 'open', since: now, probeAt: after(now, delay), ...counts };
}

function closedIfDone(circuit: Circuit, now: Instant, rules: CircuitRules): Circuit {
  const open = circuit.openedAt === null ? Infinity : secondsSince(circuit.openedAt, now);
  if (circuit.successes < rules.probes || open < rules.leastOpenSeconds) return circuit;
  return { ...newCircuit(now), openings: circuit.openings };
}

/** Infinite when the instant lies in the future: the clock was moved back, and what it dated is long ago. */
function secondsSince(instant: Instant, now: Instant): number {
  const seconds = (now.epochMilliseconds - instant.epochMilliseconds) / 1000;
  return seconds < 0 ? Infinity : seconds;
}

function secondsUntil(instant: Instant, now: Instant): number {
  return (instant.epochMilliseconds - now.epochMilliseconds) / 1000;
}

function after(now: Instant, seconds: number): Instant {
  return now.add({ milliseconds: Math.ceil(seconds * 1000) });
}
