import { Temporal } from 'temporal-polyfill';
import type { PromiseFacts } from './plan-promise.js';
import { ONE_DAY } from './reminder-plan-presets.js';
import type { AfterAbsenceStep, SummonsStep } from './reminder-plan.js';
import { parseWindow } from './send-window.js';
import { changeOfWaiting, type WaitingText } from './waiting-text.js';

const STEP: AfterAbsenceStep = {
  kind: 'after-absence',
  channel: 'auto',
  hour: null,
  usefulUntilHours: 168,
  isSpaced: false,
};
const RULES = { window: parseWindow('08:00-20:00') };
const at = (text: string) => Temporal.Instant.from(text);

/** Missed on Monday 1 June 2026 at 09:00 in Tahiti; it is 11:00 there. */
function facts(afterAbsence: AfterAbsenceStep | null, now = '2026-06-01T21:00:00Z'): PromiseFacts {
  return {
    promise: { date: '2026-06-01', time: '09:00', timeZone: 'Pacific/Tahiti' },
    startsAt: at('2026-06-01T19:00:00Z'),
    plan: { ...ONE_DAY, afterAbsence },
    facts: { bookedAheadDays: 3, isFirst: true, absences: 1 },
    earlierHours: 0,
    now: at(now),
  };
}

/** Waits for 18:00 there. */
const EVENING: WaitingText = {
  kind: 'after-absence',
  isSetAside: false,
  firstDueAt: at('2026-06-02T04:00:00Z'),
  usefulUntil: at('2026-06-08T19:00:00Z'),
  channel: null,
};

describe('a text that waits while its plan changes', () => {
  it.each([
    ['keeps its hour', { ...STEP, hour: '18:00' }, undefined],
    ['keeps it on another day, when a hold made it late', { ...STEP, hour: '18:00' }, '2026-06-03T06:00:00Z'],
    ['as soon as possible is not later than it was', STEP, '2026-06-02T05:00:00Z'],
  ])('stays: %s', (_case, step, now) => {
    expect(changeOfWaiting(EVENING, facts(step, now), RULES)).toBeNull();
  });

  it('goes with its step, and comes back with it while that is useful', () => {
    expect(changeOfWaiting(EVENING, facts(null), RULES)).toEqual({ do: 'withdraw' });
    const aside = { ...EVENING, isSetAside: true };
    expect(changeOfWaiting(aside, facts(null), RULES)).toBeNull();
    expect(changeOfWaiting(aside, facts({ ...STEP, hour: '18:00' }), RULES)).toMatchObject({
      do: 'add',
      to: { dueAt: EVENING.firstDueAt },
    });
    expect(changeOfWaiting(aside, facts(STEP, '2026-06-09T20:00:00Z'), RULES)).toBeNull();
  });

  it('moves to the hour of its step, in the window of the place', () => {
    const moved = changeOfWaiting(EVENING, facts({ ...STEP, hour: '15:30' }), RULES);
    expect(moved).toMatchObject({ do: 'move', to: { dueAt: at('2026-06-02T01:30:00Z') } });
    const early = changeOfWaiting(EVENING, facts({ ...STEP, hour: '07:00' }), RULES);
    expect(early).toMatchObject({ do: 'move', to: { dueAt: at('2026-06-02T18:00:00Z') } });
  });

  it('takes the channel and the limit of its step at the same hour', () => {
    const step = { ...STEP, hour: '18:00', channel: 'email' as const, usefulUntilHours: 48 };
    expect(changeOfWaiting(EVENING, facts(step), RULES)).toEqual({
      do: 'alter',
      to: { dueAt: EVENING.firstDueAt, usefulUntil: at('2026-06-03T19:00:00Z'), channel: 'email' },
    });
  });
});

describe('a summons that waits while its plan changes', () => {
  const SUMMONS: SummonsStep = {
    kind: 'summons',
    channel: 'auto',
    hour: null,
    usefulUntilHours: 1,
    isSpaced: false,
  };

  /** Promised for Friday 5 June at 09:00 in Tahiti; it is Monday, 11:00 there. */
  function known(summons: SummonsStep, now?: string): PromiseFacts {
    const { plan, ...rest } = facts(null, now);
    const promise = { ...rest.promise, date: '2026-06-05' };
    return { ...rest, promise, startsAt: at('2026-06-05T19:00:00Z'), plan: { ...plan, summons } };
  }

  /** Waits for 18:00 there. */
  const WAITING: WaitingText = { ...EVENING, kind: 'summons', usefulUntil: at('2026-06-05T18:00:00Z') };

  it.each<[string, SummonsStep, string | undefined]>([
    ['keeps its hour', { ...SUMMONS, hour: '18:00' }, undefined],
    ['as soon as possible is not later than it was', SUMMONS, '2026-06-02T05:00:00Z'],
    ['is due already', { ...SUMMONS, hour: '10:00' }, '2026-06-02T04:00:01Z'],
    ['its new limit has passed already', { ...SUMMONS, hour: '18:00', usefulUntilHours: 120 }, undefined],
  ])('stays: %s', (_case, step, now) => {
    expect(changeOfWaiting(WAITING, known(step, now), RULES)).toBeNull();
  });

  it('moves to the hour of its step, or leaves at once', () => {
    expect(changeOfWaiting(WAITING, known({ ...SUMMONS, hour: '15:30' }), RULES)).toMatchObject({
      do: 'move',
      to: { dueAt: at('2026-06-02T01:30:00Z'), usefulUntil: WAITING.usefulUntil, channel: null },
    });
    expect(changeOfWaiting(WAITING, known(SUMMONS), RULES)).toMatchObject({
      do: 'move',
      to: { dueAt: at('2026-06-01T21:00:00Z') },
    });
  });

  it('takes the channel and the limit of its step at the same hour', () => {
    const step: SummonsStep = { ...SUMMONS, hour: '18:00', channel: 'email', usefulUntilHours: 24 };
    expect(changeOfWaiting(WAITING, known(step), RULES)).toEqual({
      do: 'alter',
      to: { dueAt: WAITING.firstDueAt, usefulUntil: at('2026-06-04T19:00:00Z'), channel: 'email' },
    });
  });

  it('of a move takes the channel, never another hour or limit', () => {
    const move: WaitingText = { ...WAITING, kind: 'rescheduling' };
    const step: SummonsStep = { ...SUMMONS, hour: '15:30', usefulUntilHours: 24 };
    expect(changeOfWaiting(move, known(step), RULES)).toBeNull();
    expect(changeOfWaiting(move, known({ ...step, channel: 'email' }), RULES)).toEqual({
      do: 'alter',
      to: { dueAt: move.firstDueAt, usefulUntil: move.usefulUntil, channel: 'email' },
    });
  });
});
