import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { DomainError } from '../../shared/domain-error.js';
import { allowedEvents, isSamePromise, seatChange, stateAfter } from './convocation.rules.js';
import {
  CONVOCATION_EVENTS,
  CONVOCATION_STATES,
  type ConvocationEvent,
  type ConvocationState,
  SEATED_STATES,
  target,
} from './convocation.states.js';

const STARTS_AT = Temporal.Instant.from('2026-06-10T07:00:00Z');
const BEFORE = STARTS_AT.subtract({ seconds: 1 });
const AFTER = STARTS_AT;

function codeOf(state: ConvocationState, event: ConvocationEvent, now: Temporal.Instant): string {
  try {
    return stateAfter({ state, startsAt: STARTS_AT }, event, now);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

describe('states of a convocation', () => {
  it('can all be reached from a booked one', () => {
    const reached = new Set<ConvocationState>(['booked']);
    for (const state of reached)
      for (const event of CONVOCATION_EVENTS) {
        const to = target(state, event);
        if (to !== undefined) reached.add(to);
      }
    expect([...reached].sort()).toEqual([...CONVOCATION_STATES].sort());
  });

  it.each([
    ['attend', 'too-early', 'attended'],
    ['miss', 'too-early', 'missed'],
    ['excuse', 'excused', 'excused'],
    ['cancel', 'cancelled', 'too-late'],
    ['reschedule', 'booked', 'too-late'],
    ['reopen', 'illegal-transition', 'illegal-transition'],
  ] as const)('%s a booked one: %s before the hour, %s from the hour on', (event, before, after) => {
    expect(codeOf('booked', event, BEFORE)).toBe(before);
    expect(codeOf('booked', event, AFTER)).toBe(after);
  });

  it.each(['attended', 'missed', 'excused'] as const)('%s is only reopened', (state) => {
    for (const event of CONVOCATION_EVENTS)
      expect(codeOf(state, event, AFTER)).toBe(event === 'reopen' ? 'booked' : 'illegal-transition');
  });

  it('offers exactly what would be accepted, and outcomes only to those who record them', () => {
    for (const state of CONVOCATION_STATES)
      for (const now of [BEFORE, AFTER]) {
        const accepted = CONVOCATION_EVENTS.filter((event) =>
          CONVOCATION_STATES.some((to) => to === codeOf(state, event, now)),
        );
        expect(allowedEvents({ state, startsAt: STARTS_AT }, now, true)).toEqual(accepted);
        expect(allowedEvents({ state, startsAt: STARTS_AT }, now, false)).toEqual(
          accepted.filter((event) => event === 'cancel' || event === 'reschedule'),
        );
      }
  });
});

describe('seats', () => {
  it('follow the states of their convocations through any sequence of events', () => {
    const step = fc.record({
      who: fc.nat(9),
      event: fc.constantFrom<ConvocationEvent>(...CONVOCATION_EVENTS),
      late: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const states = Array.from({ length: 10 }, (): ConvocationState => 'booked');
        let taken = states.length;
        for (const { who, event, late } of steps) {
          const from = states[who] ?? 'booked';
          const to =
            CONVOCATION_STATES.find((state) => state === codeOf(from, event, late ? AFTER : BEFORE)) ?? from;
          taken += seatChange(from, to);
          states[who] = to;
          expect(taken).toBe(states.filter((state) => SEATED_STATES.includes(state)).length);
        }
      }),
    );
  });
});

it('calls another promise another date, hour or place, and nothing else', () => {
  const promise = { date: '2026-06-10', time: '09:00', placeId: 'a' };
  expect(isSamePromise(promise, { ...promise })).toBe(true);
  for (const other of [{ date: '2026-06-11' }, { time: '09:01' }, { placeId: 'b' }])
    expect(isSamePromise(promise, { ...promise, ...other })).toBe(false);
});
