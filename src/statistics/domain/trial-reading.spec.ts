import type { AttendanceCounts } from './counts.js';
import { readOutcomes, type TrialCalendar, visibilityOf } from './trial-reading.js';

const TRIAL: TrialCalendar = {
  state: 'running',
  startedOn: '2026-03-02',
  endsOn: '2026-07-31',
  looks: ['2026-05-31'],
};

describe('the results of a trial', () => {
  it.each([
    [
      'while it is only registered',
      { state: 'registered', startedOn: null },
      '2026-09-01',
      'hidden',
      '2026-07-31',
    ],
    ['before the first look', {}, '2026-05-31', 'hidden', '2026-05-31'],
    ['after the look', {}, '2026-06-01', 'look', '2026-05-31'],
    ['long after the look, as they were then', {}, '2026-07-31', 'look', '2026-05-31'],
    ['without a look, on the last day', { looks: [] }, '2026-07-31', 'hidden', '2026-07-31'],
    ['the day after the last', { looks: [] }, '2026-08-01', 'final', '2026-07-31'],
    ['once ended', { state: 'ended' }, '2026-12-01', 'final', '2026-07-31'],
    ['stopped early', { state: 'stopped' }, '2026-06-03', 'stopped', '2026-06-03'],
  ] as const)('%s', (_, more, today, kind, until) => {
    expect(visibilityOf({ ...TRIAL, ...more }, today)).toMatchObject({ kind, until });
  });

  const arm = (persons: number, missed: number, unknown = 0) => {
    const counts: AttendanceCounts = {
      ...{ attended: persons - missed, missed, excused: 0, cancelled: 0, unknown },
    };
    return {
      counts,
      units: Array.from({ length: persons }, (_unit, at) => ({ missed: at < missed ? 1 : 0, known: 1 })),
    };
  };
  const final = { kind: 'final', until: TRIAL.endsOn } as const;
  const whole: TrialCalendar = { ...TRIAL, looks: [] };

  it('are a difference when the interval leaves zero out', () => {
    const [one] = readOutcomes([arm(600, 180), arm(600, 120)], whole, final).differences;
    expect(one?.conclusion).toBe('less');
    expect(one?.difference?.value).toBeCloseTo(-0.1, 10);
    expect(one?.difference?.high).toBeLessThan(0);
    const [more] = readOutcomes([arm(600, 120), arm(600, 180)], whole, final).differences;
    expect(more?.conclusion).toBe('more');
  });

  it('are undecided when it does not, and too few when there is next to nobody', () => {
    const [one] = readOutcomes([arm(600, 150), arm(600, 140)], whole, final).differences;
    expect(one?.conclusion).toBe('undecided');
    expect((one?.difference?.low ?? 0) < 0 && (one?.difference?.high ?? 0) > 0).toBe(true);
    expect(readOutcomes([arm(5, 1), arm(5, 2)], whole, final).differences[0]).toMatchObject({
      conclusion: 'too-few',
      difference: null,
    });
  });

  it('ask more of each comparison when there are several, and much more of an early look', () => {
    const two = readOutcomes([arm(50, 9), arm(50, 9)], whole, final).bound;
    const three = readOutcomes([arm(50, 9), arm(50, 9), arm(50, 9)], whole, final).bound;
    const look = readOutcomes([arm(50, 9), arm(50, 9)], TRIAL, {
      kind: 'look',
      until: '2026-05-31',
      look: 0,
    }).bound;
    const end = readOutcomes([arm(50, 9), arm(50, 9)], TRIAL, final).bound;
    expect(two).toBeCloseTo(1.96, 2);
    expect(three).toBeCloseTo(2.24, 2);
    expect(look).toBeGreaterThan(2.4);
    expect(end).toBeGreaterThan(two);
  });

  it('conclude nothing of a trial that was stopped, nor with unknown outcomes', () => {
    const arms = [arm(600, 180), arm(600, 120)];
    const stopped = readOutcomes(arms, whole, { kind: 'stopped', until: '2026-06-03' });
    expect(stopped.differences[0]?.conclusion).toBe('not-allowed');
    const unsure = readOutcomes([arm(600, 180, 20), arm(600, 120)], whole, final);
    expect(unsure.differences[0]?.conclusion).toBe('unknown-outcomes');
  });
});
