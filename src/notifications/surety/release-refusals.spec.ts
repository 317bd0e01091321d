import { readingShown, refusalsOf, worsening } from './release-refusals.js';
import type { AskedOperator } from './release-report.query.js';

const asked = (operator: string, outcome: AskedOperator['outcome'], numbers: number): AskedOperator => ({
  ...{ operator, outcome, numbers },
  ...{ since: '2026-04-14T08:00:00Z', unknown: 0 },
});
const told = (...operators: AskedOperator[]) => ({ served: 0, unsure: 0, operators });
const COMMAND = { reason: 'command' } as const;
const RESTORED = { reason: 'restored-backup' } as const;

describe('what was read, given back with a decision', () => {
  const read = told(asked('twilio', 'whole', 3), asked('link-mobility', 'no-list', 0));
  const shown = readingShown(read.operators);

  it('is no worse than itself', () => {
    expect(shown).toBe('twilio:whole:3,link-mobility:no-list:0');
    expect(worsening(read, COMMAND, shown)).toBeNull();
    expect(worsening(told(), COMMAND, readingShown([]))).toBeNull();
  });

  it.each([
    ['twilio:whole:3', asked('twilio', 'cut', 3), 'unread'],
    ['twilio:whole:3', asked('twilio', 'no-answer', 0), 'unread'],
    ['twilio:whole:3', asked('twilio', 'no-list', 0), 'unread'],
    ['twilio:cut:3', asked('twilio', 'no-answer', 0), 'unread'],
    ['twilio:whole:3', asked('twilio', 'whole', 4), 'more-served'],
    ['twilio:cut:3', asked('twilio', 'cut', 4), 'more-served'],
    ['twilio:whole:3', asked('twilio', 'whole', 2), null],
    ['twilio:cut:3', asked('twilio', 'whole', 4), null],
    ['twilio:no-answer:0', asked('twilio', 'whole', 4), null],
    ['twilio:no-answer:0', asked('twilio', 'no-answer', 0), null],
    ['', asked('twilio', 'whole', 0), 'unread'],
    ['twilio', asked('twilio', 'no-answer', 0), 'unread'],
    ['twilio:whole:x', asked('twilio', 'whole', 0), 'more-served'],
    ['twilio:whole:0,other:whole:0', asked('twilio', 'whole', 0), 'unread'],
  ])('%s, then %j: %s', (before, now, worse) => {
    expect(worsening(told(now), COMMAND, before)).toBe(worse);
  });
});

describe('a decision without a report', () => {
  const silent = { served: 0, unsure: 4, operators: [asked('twilio', 'no-answer', 0)] };

  it('does for what every list tells, and for a hold under which nothing was restored', () => {
    expect(worsening({ ...told(asked('twilio', 'whole', 3)), served: 3 }, RESTORED, undefined)).toBeNull();
    expect(refusalsOf(silent, COMMAND, { choice: null })).toEqual({ isUndecided: false, worse: null });
  });

  it('does not for a restored backup of which an operator does not tell all', () => {
    expect(refusalsOf(silent, RESTORED, { choice: 'withhold' })).toEqual({
      isUndecided: false,
      worse: 'unread',
    });
    expect(refusalsOf(silent, RESTORED, { choice: null, shown: 'twilio:no-answer:0' })).toEqual({
      isUndecided: true,
      worse: null,
    });
  });
});
