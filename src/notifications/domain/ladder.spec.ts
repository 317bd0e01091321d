import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { addressVerdict, deadlineOf, type Failure, type Fault, nextStep, numberVerdict } from './ladder.js';
import { MESSAGE_TRANSITIONS } from './notification.states.js';

const NOW = Temporal.Instant.from('2026-06-09T10:00:00Z');
const inHours = (hours: number) => NOW.add({ minutes: Math.round(hours * 60) });

/** A reminder that its phone did not take an hour ago, the appointment tomorrow; nothing else is known. */
function failure(given: Partial<Failure> = {}): Failure {
  return {
    state: 'undelivered',
    reason: null,
    kind: 'reminder',
    step: 0,
    holds: true,
    toldSince: false,
    settledByAgent: false,
    startsAt: inHours(24),
    usefulUntil: inHours(23),
    settledAt: inHours(-1),
    channel: 'sms',
    fault: 'unreachable',
    numberChanged: false,
    smsPossible: true,
    emailPossible: false,
    smsTried: 1,
    emailTried: 0,
    ...given,
  };
}

const again = (channel: 'sms' | 'email', notBefore = NOW) => ({ do: 'again', channel, notBefore });
const task = (reason: string) => ({ do: 'task', reason });
const nothing = { do: 'nothing' };

describe('what follows a message that did not arrive', () => {
  it.each<[string, Partial<Failure>, object]>([
    ['the e-mail, when one is known', { emailPossible: true }, again('email')],
    ['one more text two hours later, when the phone was off', {}, again('sms', inHours(1))],
    ['one more text at once, when those two hours are past', { settledAt: inHours(-5) }, again('sms')],
    ['an agent, when the second text failed too', { smsTried: 2, step: 1 }, task('phone-unreachable')],
    ['an agent, when the appointment is near', { startsAt: inHours(12) }, task('phone-unreachable')],
    ['one more text, when it is not', { startsAt: inHours(12.1) }, again('sms', inHours(1))],
    ['an agent at once, when the number is wrong', { fault: 'number' }, task('wrong-number')],
    ['the e-mail, when the number is wrong', { fault: 'number', emailPossible: true }, again('email')],
    ['an agent, when the holder said stop', { fault: 'opted-out' }, task('sms-refused')],
    ['an agent, when the text was filtered', { fault: 'filtered' }, task('filtered')],
    ['the new number, when it was corrected', { fault: 'number', numberChanged: true }, again('sms')],
    [
      'an agent, when the new number cannot be used',
      { fault: 'number', numberChanged: true, smsPossible: false },
      task('wrong-number'),
    ],
    [
      'the mobile, when the e-mail was refused',
      { state: 'failed', channel: 'email', fault: 'unknown', smsTried: 0, emailTried: 1 },
      again('sms'),
    ],
    [
      'an agent, when both were tried',
      { state: 'failed', channel: 'email', fault: 'unknown', emailTried: 1, step: 1 },
      task('email-refused'),
    ],
    [
      'an agent, when the text cannot be written',
      { state: 'failed', reason: 'no-template', channel: null, emailPossible: true, smsTried: 0 },
      task('no-template'),
    ],
    ['an agent, when nothing could be sent', { state: 'suppressed', reason: 'no-phone' }, task('no-phone')],
    ['an agent, when it is too late', { state: 'expired', reason: 'too-late' }, task('too-late')],
    [
      'an agent, even when another text arrived, when this one was dropped',
      { state: 'expired', reason: 'too-late', toldSince: true },
      task('too-late'),
    ],
    [
      'an agent, who is to know before an absence is noted, when nothing left until the hour',
      {
        state: 'expired',
        reason: 'too-late',
        channel: null,
        startsAt: inHours(-1),
        usefulUntil: inHours(-2),
      },
      task('hour-passed'),
    ],
    [
      'an agent, told of the doubt, when nobody knew until the hour whether it left',
      { state: 'expired', reason: 'in-doubt', startsAt: inHours(-1), usefulUntil: inHours(-2) },
      task('in-doubt'),
    ],
    [
      'the same after the hour, whatever way was left before it',
      { state: 'failed', startsAt: inHours(0), usefulUntil: inHours(-1), emailPossible: true },
      task('hour-passed'),
    ],
    [
      'nothing after the hour, when a later text arrived',
      { state: 'suppressed', reason: 'no-phone', startsAt: inHours(-1), toldSince: true },
      nothing,
    ],
    [
      'an agent for a cancellation, also after its hour: a word is owed to whoever came',
      { state: 'expired', reason: 'too-late', kind: 'cancellation', startsAt: inHours(-1) },
      task('too-late'),
    ],
    ['nothing, when a later text arrived', { toldSince: true }, nothing],
    ['no second task, when an agent saw to it', { settledByAgent: true, fault: 'number' }, nothing],
    ['the next way all the same: that is no work', { settledByAgent: true }, again('sms', inHours(1))],
    ['the e-mail all the same', { settledByAgent: true, emailPossible: true }, again('email')],
    [
      'nothing, when an agent saw to it after it was due',
      { state: 'expired', reason: 'too-late', settledByAgent: true },
      nothing,
    ],
    [
      'nothing, when what was taken came back after the hour',
      { channel: 'email', startsAt: inHours(0), usefulUntil: inHours(-1) },
      nothing,
    ],
    ['nothing, when the convocation is over', { holds: false, state: 'expired' }, nothing],
    [
      'one more text for an absence, as long as it is useful',
      { kind: 'after-absence', startsAt: inHours(-20), usefulUntil: inHours(100) },
      again('sms', inHours(1)),
    ],
  ])('%s', (_what, given, expected) => {
    const step = nextStep(failure(given), NOW);
    expect('notBefore' in step ? { ...step, notBefore: step.notBefore.toString() } : step).toEqual(
      'notBefore' in expected ? { ...expected, notBefore: String(expected.notBefore) } : expected,
    );
  });

  const anyFailure = fc.record({
    state: fc.constantFrom<Failure['state'][]>('undelivered', 'failed', 'suppressed', 'expired'),
    reason: fc.constantFrom(null, 'operator-refused', 'no-template', 'too-late', 'sms-refused'),
    kind: fc.constantFrom<Failure['kind'][]>('summons', 'reminder', 'cancellation', 'after-absence'),
    step: fc.nat(5),
    holds: fc.boolean(),
    toldSince: fc.boolean(),
    settledByAgent: fc.boolean(),
    startsAt: fc.integer({ min: -50, max: 500 }).map(inHours),
    usefulUntil: fc.integer({ min: -50, max: 500 }).map(inHours),
    settledAt: fc.integer({ min: -500, max: 0 }).map(inHours),
    channel: fc.constantFrom(null, 'sms' as const, 'email' as const),
    fault: fc.constantFrom<Fault[]>('unreachable', 'operator', 'number', 'opted-out', 'filtered', 'unknown'),
    numberChanged: fc.boolean(),
    smsPossible: fc.boolean(),
    emailPossible: fc.boolean(),
    smsTried: fc.nat(4),
    emailTried: fc.nat(2),
  });

  it('always ends, never repeats a refused way, and sends again only what may be sent again', () => {
    fc.assert(
      fc.property(anyFailure, (given) => {
        const step = nextStep(given, NOW);
        if (step.do !== 'again') return;
        expect(MESSAGE_TRANSITIONS[given.state]).toContain('planned');
        expect(given.step).toBeLessThan(3);
        expect(given.holds && !given.toldSince).toBe(true);
        expect(step.channel === 'sms' ? given.smsPossible : given.emailPossible).toBe(true);
        if (step.channel === 'email') expect(given.emailTried).toBe(0);
        expect(Temporal.Instant.compare(step.notBefore, NOW)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('leaves out the task alone for what an agent saw to', () => {
    fc.assert(
      fc.property(anyFailure, (given) => {
        const [seenTo, not] = [true, false].map((settledByAgent) =>
          nextStep({ ...given, settledByAgent }, NOW),
        );
        expect(seenTo).toEqual(not?.do === 'task' ? nothing : not);
      }),
    );
  });

  it('tells an agent of whatever still holds, nobody told and no way is left for', () => {
    fc.assert(
      fc.property(anyFailure, (given) => {
        const left = { ...given, holds: true, settledByAgent: false, toldSince: false };
        const step = nextStep({ ...left, smsPossible: false, emailPossible: false }, NOW);
        const isOver = deadlineOf(given).epochMilliseconds <= NOW.epochMilliseconds;
        expect(step.do).toBe(isOver && given.state === 'undelivered' ? 'nothing' : 'task');
      }),
    );
  });
});

describe('what a failed text says of its number', () => {
  it.each<[string, Parameters<typeof numberVerdict>[0], string]>([
    ['wrong', { channel: 'sms', state: 'undelivered', reason: null, fault: 'number' }, 'wrong'],
    ['wrong', { channel: 'sms', state: 'failed', reason: 'operator-refused', fault: 'number' }, 'wrong'],
    ['off', { channel: 'sms', state: 'undelivered', reason: null, fault: 'unreachable' }, 'failed'],
    ['unexplained', { channel: 'sms', state: 'undelivered', reason: null, fault: 'unknown' }, 'failed'],
    ['our fault', { channel: 'sms', state: 'undelivered', reason: null, fault: 'filtered' }, 'fine'],
    ['our fault', { channel: 'sms', state: 'failed', reason: 'operator-refused', fault: 'unknown' }, 'fine'],
    ['no template', { channel: 'sms', state: 'failed', reason: 'no-template', fault: 'number' }, 'fine'],
    ['an e-mail', { channel: 'email', state: 'failed', reason: 'operator-refused', fault: 'number' }, 'fine'],
    ['never sent', { channel: 'sms', state: 'suppressed', reason: 'no-phone', fault: 'number' }, 'fine'],
  ])('%s', (_what, given, verdict) => {
    expect(numberVerdict(given)).toBe(verdict);
  });
});

describe('what a failed e-mail says of its address', () => {
  const returned = { channel: 'email', state: 'undelivered', reason: null } as const;
  it.each<[ReturnType<typeof addressVerdict>, Partial<Failure>]>([
    ['wrong', { fault: 'number' }],
    ['failed', { fault: 'unreachable' }],
    ['failed', { fault: 'unknown' }],
    ['failed', { state: 'failed', reason: 'operator-refused', fault: 'unknown' }],
    ['fine', { fault: 'filtered' }],
    ['fine', { state: 'failed', reason: 'no-template', fault: 'unknown' }],
    ['fine', { state: 'expired', reason: 'too-late', fault: 'number' }],
    ['fine', { channel: 'sms', fault: 'number' }],
  ])('%s: %p', (verdict, given) => {
    expect(addressVerdict({ ...returned, fault: 'unknown', ...given })).toBe(verdict);
  });
});
