import { Temporal } from 'temporal-polyfill';
import {
  decideSend,
  type Lately,
  type Reach,
  type RecentText,
  route,
  type SendFacts,
  type SendRules,
} from './decide-send.js';

const NOON = Temporal.Instant.from('2026-06-09T10:00:00Z');

const aPerson = (overrides: Partial<Reach> = {}): Reach => ({
  hasPhone: true,
  phoneMobile: true,
  noPhone: false,
  smsRefused: false,
  phoneFlagged: false,
  wrongPerson: false,
  hasEmail: false,
  ...overrides,
});

const quiet = (overrides: Partial<Lately> = {}): Lately => ({
  texts: [],
  weeklyLimit: 4,
  isNewsDue: false,
  isLastReminder: true,
  ...overrides,
});

/** A reminder of an appointment at Paris tomorrow at 9:30. */
const aReminder = (overrides: Partial<SendFacts> = {}): SendFacts => ({
  kind: 'reminder',
  promiseVersion: 1,
  usefulUntil: Temporal.Instant.from('2026-06-10T06:30:00Z'),
  convocation: {
    state: 'booked',
    promiseVersion: 1,
    promise: { date: '2026-06-10', time: '09:30', timeZone: 'Europe/Paris' },
  },
  person: aPerson(),
  wantedChannel: null,
  isRepeat: false,
  isSpaced: false,
  lately: quiet(),
  ...overrides,
});

const rules = (overrides: Partial<SendRules> = {}): SendRules => ({
  window: { from: '08:00', to: '20:00' },
  mailIsOn: true,
  isClosed: () => false,
  ...overrides,
});

describe('decideSend', () => {
  it('sends to the mobile', () => {
    expect(decideSend(aReminder(), rules(), NOON)).toEqual({
      do: 'send',
      channel: 'sms',
    });
  });

  it.each([
    ['reminder', 'cancelled'],
    ['summons', 'excused'],
    ['cancellation', 'booked'],
    ['after-absence', 'attended'],
  ] as const)('withdraws a %s of a convocation that is %s', (kind, state) => {
    const facts = aReminder({ kind, convocation: { ...aReminder().convocation, state } });
    expect(decideSend(facts, rules(), NOON)).toEqual({ do: 'withdraw' });
  });

  it('withdraws the message of an older promise', () => {
    const facts = aReminder({ convocation: { ...aReminder().convocation, promiseVersion: 2 } });
    expect(decideSend(facts, rules(), NOON)).toEqual({ do: 'withdraw' });
  });

  it('expires at the minute the message stops being useful', () => {
    const facts = aReminder();
    expect(decideSend(facts, rules(), facts.usefulUntil)).toEqual({ do: 'expire', reason: 'too-late' });
    expect(decideSend(facts, rules(), facts.usefulUntil.subtract({ milliseconds: 1 })).do).toBe('send');
  });

  it('waits for the window of the place, not of the server', () => {
    const cayenne = aReminder({
      convocation: {
        ...aReminder().convocation,
        promise: { date: '2026-06-10', time: '09:30', timeZone: 'America/Cayenne' },
      },
      usefulUntil: Temporal.Instant.from('2026-06-10T11:30:00Z'),
    });
    const early = Temporal.Instant.from('2026-06-09T10:00:00Z');
    expect(postponedTo(cayenne, early)).toBe('2026-06-09T11:00:00Z');
  });

  it('does not wait for a window that opens too late', () => {
    const late = Temporal.Instant.from('2026-06-09T20:00:00Z');
    const facts = aReminder({ usefulUntil: Temporal.Instant.from('2026-06-10T05:00:00Z') });
    expect(decideSend(facts, rules(), late)).toEqual({ do: 'expire', reason: 'too-late' });
  });

  it('waits for a day that is not closed', () => {
    const decision = decideSend(
      aReminder({ usefulUntil: Temporal.Instant.from('2026-06-11T00:00:00Z') }),
      rules({ isClosed: (date) => date === '2026-06-09' }),
      NOON,
    );
    expect(decision.do === 'postpone' && decision.until.toString()).toBe('2026-06-10T06:00:00Z');
  });
});

const ago = (hours: number, isSamePromise = false, isAnnouncement = false): RecentText => ({
  at: NOON.subtract({ milliseconds: hours * 3_600_000 }),
  isSamePromise,
  isAnnouncement,
});

describe('news that is spaced', () => {
  const inDays = (days: number, overrides: Partial<SendFacts> = {}) =>
    aReminder({
      kind: 'summons',
      isSpaced: true,
      convocation: {
        ...aReminder().convocation,
        promise: { date: `2026-06-${9 + days}`, time: '16:00', timeZone: 'Europe/Paris' },
      },
      usefulUntil: Temporal.Instant.from('2026-06-25T13:00:00Z'),
      lately: quiet({ texts: [ago(1)] }),
      ...overrides,
    });

  it('waits until three hours after the last text to the person', () => {
    expect(postponedTo(inDays(9), NOON)).toBe('2026-06-09T12:00:00Z');
    expect(decideSend(inDays(9, { lately: quiet({ texts: [ago(3)] }) }), rules(), NOON).do).toBe('send');
  });

  it('leaves at once where its plan does not say so, and when it is a repeat', () => {
    expect(decideSend(inDays(9, { isSpaced: false }), rules(), NOON).do).toBe('send');
    expect(decideSend(inDays(9, { isRepeat: true }), rules(), NOON).do).toBe('send');
  });

  it('leaves at once when waiting leaves less than a day before the hour', () => {
    expect(postponedTo(inDays(1), NOON)).toBe('2026-06-09T12:00:00Z');
    const soon = {
      ...aReminder().convocation,
      promise: { date: '2026-06-10', time: '13:59', timeZone: 'Europe/Paris' },
    };
    expect(decideSend(inDays(1, { convocation: soon }), rules(), NOON).do).toBe('send');
  });

  it('after an absence, waits as long as it is useful', () => {
    const absence = {
      kind: 'after-absence',
      convocation: { ...aReminder().convocation, state: 'missed' },
    } as const;
    expect(postponedTo(inDays(0, absence), NOON)).toBe('2026-06-09T12:00:00Z');
    const usefulUntil = Temporal.Instant.from('2026-06-09T12:00:00Z');
    expect(decideSend(inDays(0, { ...absence, usefulUntil }), rules(), NOON).do).toBe('send');
  });
});

describe('a reminder yields to what the person was just told', () => {
  const after = (texts: RecentText[], overrides: Partial<SendFacts> = {}) =>
    aReminder({ lately: quiet({ texts }), ...overrides });

  it('waits until three hours after the last text about something else', () => {
    expect(postponedTo(after([ago(2.5), ago(1)]), NOON)).toBe('2026-06-09T12:00:00Z');
  });

  it('leaves three hours after it, to the millisecond', () => {
    expect(decideSend(after([ago(3)]), rules(), NOON).do).toBe('send');
    expect(decideSend(after([ago(3 - 1 / 3_600_000)]), rules(), NOON).do).toBe('postpone');
  });

  it('waits for the window when three hours later it is closed', () => {
    const evening = Temporal.Instant.from('2026-06-09T16:30:00Z');
    const texts = [{ at: evening.subtract({ minutes: 10 }), isSamePromise: false, isAnnouncement: false }];
    expect(postponedTo(after(texts), evening)).toBe('2026-06-10T06:00:00Z');
  });

  it('is withdrawn when the person was just told of this very appointment', () => {
    expect(decideSend(after([ago(1, true), ago(2)]), rules(), NOON)).toEqual({
      do: 'withdraw',
      reason: 'told-just-before',
    });
  });

  it('is quiet for twelve hours after a late summons of this very appointment, even as the last one', () => {
    for (const hours of [4, 11.5])
      expect(decideSend(after([ago(hours, true, true)]), rules(), NOON)).toEqual({
        do: 'withdraw',
        reason: 'told-just-before',
      });
    const heard = [ago(12 - 5 / 3_600, true, true), ago(4, true), ago(4, false, true)];
    for (const text of heard) expect(decideSend(after([text]), rules(), NOON).do).toBe('send');
  });

  const soon = { usefulUntil: NOON.add({ hours: 1 }) };
  it('is told to an agent when no hour is left and nothing else said it', () => {
    expect(decideSend(after([ago(1)], soon), rules(), NOON)).toEqual({
      do: 'expire',
      reason: 'no-hour-left',
    });
  });

  it('is withdrawn when no hour is left and another text of the day said it', () => {
    expect(decideSend(after([ago(1), ago(20, true)], soon), rules(), NOON)).toEqual({
      do: 'withdraw',
      reason: 'too-close',
    });
  });

  it('stops at the number of texts a week, except the last reminder of an appointment', () => {
    const texts = [ago(24), ago(48), ago(72)];
    const over = (isLastReminder: boolean) =>
      aReminder({ lately: quiet({ texts, weeklyLimit: 3, isLastReminder }) });
    expect(decideSend(over(false), rules(), NOON)).toEqual({ do: 'withdraw', reason: 'weekly-limit' });
    expect(decideSend(over(true), rules(), NOON).do).toBe('send');
  });

  it('lets news that is due leave first, unless three hours later would be too late', () => {
    const behind = (hoursLeft: number) =>
      aReminder({ usefulUntil: NOON.add({ hours: hoursLeft }), lately: quiet({ isNewsDue: true }) });
    expect(decideSend(behind(4), rules(), NOON)).toEqual({
      do: 'postpone',
      until: NOON.add({ seconds: 30 }),
    });
    expect(decideSend(behind(3), rules(), NOON).do).toBe('send');
    expect(decideSend({ ...behind(4), isRepeat: true }, rules(), NOON).do).toBe('send');
  });

  it('never delays an announcement', () => {
    const texts = Array.from({ length: 9 }, () => ago(0.1));
    for (const kind of ['summons', 'rescheduling'] as const)
      expect(decideSend(after(texts, { kind }), rules(), NOON).do).toBe('send');
  });
});

describe('route', () => {
  it.each([
    [{ smsRefused: true }, 'sms-refused'],
    [{ noPhone: true, hasPhone: false }, 'no-phone'],
    [{ hasPhone: false }, 'no-phone'],
    [{ phoneMobile: false }, 'not-a-mobile'],
    [{ phoneFlagged: true }, 'number-flagged'],
    [{ wrongPerson: true, phoneFlagged: true }, 'wrong-person'],
  ] as const)('says why no text can leave: %o', (person, reason) => {
    expect(route(aPerson(person), true)).toEqual({ do: 'suppress', reason });
  });

  it.each([{ smsRefused: true }, { phoneFlagged: true }, { wrongPerson: true }])(
    'takes the e-mail when the mobile cannot be used (%o) and mail is on',
    (why) => {
      const person = aPerson({ ...why, hasEmail: true });
      expect(route(person, true)).toEqual({ do: 'send', channel: 'email' });
      expect(route(person, false).do).toBe('suppress');
    },
  );

  it('prefers the mobile to the e-mail, unless the e-mail is asked for and can be had', () => {
    const both = aPerson({ hasEmail: true });
    expect(route(both, true)).toMatchObject({ channel: 'sms' });
    expect(route(both, true, 'email')).toMatchObject({ channel: 'email' });
    expect(route(both, false, 'email')).toMatchObject({ channel: 'sms' });
    expect(route(aPerson(), true, 'email')).toMatchObject({ channel: 'sms' });
  });
});

function postponedTo(facts: SendFacts, now: Temporal.Instant): string | undefined {
  const decision = decideSend(facts, rules(), now);
  return decision.do === 'postpone' ? decision.until.toString() : decision.do;
}
