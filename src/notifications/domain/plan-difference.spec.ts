import { Temporal } from 'temporal-polyfill';
import { differenceOf, type KnownReminder, PLAN_CHANGED, type StillAsked } from './plan-difference.js';
import type { PlannedByChannel } from './plan-promise.js';

const at = (text: string) => Temporal.Instant.from(`${text}:00Z`);
const UNTIL = at('2026-06-18T07:00');

function known(occurrence: number, more: Partial<KnownReminder> = {}): KnownReminder {
  return {
    id: `reminder-${occurrence}`,
    occurrence,
    state: 'planned',
    reason: null,
    firstDueAt: at(`2026-06-${18 - occurrence}T08:00`),
    usefulUntil: UNTIL,
    channel: null,
    isTried: false,
    isToldByAnother: false,
    ...more,
  };
}

function wanted(offsetDays: number, more: Partial<PlannedByChannel> = {}): PlannedByChannel {
  const dueAt = at(`2026-06-${18 - offsetDays}T08:00`);
  const local = { localDate: `2026-06-${18 - offsetDays}`, localTime: '10:00' };
  return {
    kind: 'reminder',
    offsetDays,
    dueAt,
    usefulUntil: UNTIL,
    channel: null,
    reason: null,
    ...local,
    ...more,
  };
}

const NEVER = at('2026-05-01T00:00');
const summary = (
  from: readonly KnownReminder[],
  to: readonly PlannedByChannel[],
  still: { offsets?: readonly number[]; now?: StillAsked['now']; isUntold?: boolean } = {},
) => {
  const { added, moved, altered, withdrawn } = differenceOf(from, to, {
    now: still.now ?? NEVER,
    isUntold: still.isUntold ?? false,
    offsets: new Set(still.offsets ?? []),
  });
  return {
    added: added.map(({ offsetDays }) => offsetDays),
    moved: moved.map(({ id }) => id),
    altered: altered.map(({ id }) => id),
    withdrawn,
  };
};
const NOTHING = { added: [], moved: [], altered: [], withdrawn: [] };

describe('from what is planned to what a new plan asks for', () => {
  it('changes nothing when the plan says the same', () => {
    expect(summary([known(3), known(1)], [wanted(3), wanted(1)])).toEqual(NOTHING);
  });

  it('keeps what is only late, while the plan has such a step', () => {
    const now = at('2026-06-12T08:00');
    const lateAndAhead = [known(7), known(1)];
    expect(summary(lateAndAhead, [wanted(1)], { offsets: [7, 1], now })).toEqual(NOTHING);
    expect(summary(lateAndAhead, [wanted(1)], { offsets: [1], now })).toEqual({
      ...NOTHING,
      withdrawn: ['reminder-7'],
    });
    // Ahead of its hour it gives way like any other.
    expect(summary(lateAndAhead, [wanted(1)], { offsets: [7, 1], now: NEVER }).withdrawn).toEqual([
      'reminder-7',
    ]);
  });

  it('adds, moves, alters and withdraws', () => {
    const later = { dueAt: at('2026-06-17T16:00') };
    expect(
      summary([known(7), known(3), known(1)], [wanted(5), wanted(3, { channel: 'sms' }), wanted(1, later)]),
    ).toEqual({ added: [5], moved: ['reminder-1'], altered: ['reminder-3'], withdrawn: ['reminder-7'] });
  });

  it.each<[string, Partial<KnownReminder>]>([
    ['was delivered', { state: 'delivered' }],
    ['is on its way', { state: 'queued' }],
    ['was tried', { isTried: true }],
    ['yielded to another text', { state: 'withdrawn', reason: 'too-close' }],
    ['was told by another text of the day', { state: 'withdrawn', isToldByAnother: true }],
  ])('leaves alone what %s', (_case, more) => {
    const moved = { dueAt: at('2026-06-17T16:00') };
    expect(summary([known(1, more)], [wanted(1, moved)])).toEqual(NOTHING);
    expect(summary([known(1, more)], [])).toEqual(NOTHING);
  });

  it.each([PLAN_CHANGED, null])('plans again what an earlier plan withdrew (%s)', (reason) => {
    expect(summary([known(1, { state: 'withdrawn', reason })], [wanted(1)])).toEqual({
      ...NOTHING,
      added: [1],
    });
  });

  it('adds one that is late only in the place of one that goes', () => {
    const late = wanted(2, { reason: 'late' });
    expect(summary([], [late])).toEqual(NOTHING);
    expect(summary([known(1)], [late])).toEqual({ ...NOTHING, added: [2], withdrawn: ['reminder-1'] });
    expect(summary([known(2)], [late])).toEqual(NOTHING);
  });

  it('adds one that is late for whoever was never told', () => {
    const late = wanted(7, { reason: 'late' });
    expect(summary([], [late], { isUntold: true })).toEqual({ ...NOTHING, added: [7] });
    expect(summary([], [late], { isUntold: false })).toEqual(NOTHING);
  });
});
