import { Temporal } from 'temporal-polyfill';
import { DomainError } from '../../shared/domain-error.js';
import type { Instant } from '../../shared/time.js';
import {
  CONVOCATION_EVENTS,
  type ConvocationEvent,
  type ConvocationState,
  SEATED_STATES,
  target,
} from './convocation.states.js';

/** The table of states has no such arrow. */
export class IllegalTransition extends DomainError {
  readonly code = 'illegal-transition';
  constructor(from: ConvocationState, event: ConvocationEvent) {
    super(`a convocation that is ${from} takes no ${event}`);
  }
}

/** Nobody knows yet who comes. */
export class TooEarly extends DomainError {
  readonly code = 'too-early';
  constructor() {
    super('the promised hour has not come');
  }
}

/** The promised hour has come: an outcome is recorded, nothing is moved or cancelled. */
export class TooLate extends DomainError {
  readonly code = 'too-late';
  constructor() {
    super('the promised hour is past');
  }
}

/** No seat is left. */
export class SlotFull extends DomainError {
  readonly code = 'slot-full';
  override readonly field = 'slotId';
  constructor(slotId: string) {
    super(`slot ${slotId} has no seat left`);
  }
}

/** Nobody else is booked in it. */
export class SlotClosed extends DomainError {
  readonly code = 'slot-closed';
  override readonly field = 'slotId';
  constructor(slotId: string) {
    super(`slot ${slotId} is closed`);
  }
}

/** The person is booked already in this agenda at this very hour. */
export class AlreadyBooked extends DomainError {
  readonly code = 'conflict';
  override readonly about = 'already-booked';
  constructor() {
    super('this person is booked already in this agenda at this hour');
  }
}

type Moment = { readonly state: ConvocationState; readonly startsAt: Instant };

/**
 * Where an event leads: the arrow of the table, and the hour beside it.
 * @throws IllegalTransition, TooEarly, TooLate
 */
export function stateAfter(convocation: Moment, event: ConvocationEvent, now: Instant): ConvocationState {
  const to = target(convocation.state, event);
  if (to === undefined) throw new IllegalTransition(convocation.state, event);
  const hasStruck = Temporal.Instant.compare(now, convocation.startsAt) >= 0;
  if ((event === 'attend' || event === 'miss') && !hasStruck) throw new TooEarly();
  if ((event === 'cancel' || event === 'reschedule') && hasStruck) throw new TooLate();
  return to;
}

/** Events that say who came; only the service of the place records them. */
export const OUTCOME_EVENTS: readonly ConvocationEvent[] = ['attend', 'miss', 'excuse', 'reopen'];

/** What may be done now by someone who sees the convocation. */
export function allowedEvents(
  convocation: Moment,
  now: Instant,
  recordsOutcomes: boolean,
): ConvocationEvent[] {
  return CONVOCATION_EVENTS.filter((event) => {
    if (OUTCOME_EVENTS.includes(event) && !recordsOutcomes) return false;
    try {
      stateAfter(convocation, event, now);
      return true;
    } catch {
      return false;
    }
  });
}

/** -1 frees a seat, +1 takes one, 0 keeps things as they are. */
export function seatChange(from: ConvocationState, to: ConvocationState): -1 | 0 | 1 {
  const before = SEATED_STATES.includes(from);
  const after = SEATED_STATES.includes(to);
  if (before === after) return 0;
  return after ? 1 : -1;
}

/** What was promised on paper; another date, hour or place is another promise. */
export interface Promised {
  readonly date: string;
  readonly time: string;
  readonly placeId: string;
}

export function isSamePromise(one: Promised, other: Promised): boolean {
  return one.date === other.date && one.time === other.time && one.placeId === other.placeId;
}

/** Roles that see a person themselves: a type that is assigned goes to the one who books it. */
const SEEING_ROLES: readonly string[] = ['cpip', 'psychologist', 'overseer', 'local-admin'];

export function isAssignedToBooker(type: { readonly isAssigned: boolean }, role: string): boolean {
  return type.isAssigned && SEEING_ROLES.includes(role);
}
