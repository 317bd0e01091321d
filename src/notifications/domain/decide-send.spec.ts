import { Temporal } from 'temporal-polyfill';
import { decideSend, type Reach, route, type SendFacts, type SendRules } from './decide-send.js';

const NOON = Temporal.Instant.from('2026-06-09T10:00:00Z');

const aPerson = (overrides: Partial<Reach> = {}): Reach => ({
  phoneE164: '+33612345678',
  phoneMobile: true,
  noPhone: false,
  smsRefused: false,
  email: null,
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
      recipient: '+33612345678',
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
    expect(decideSend(facts, rules(), facts.usefulUntil)).toEqual({ do: 'expire' });
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
    const decision = decideSend(cayenne, rules(), early);
    expect(decision.do === 'postpone' && decision.until.toString()).toBe('2026-06-09T11:00:00Z');
  });

  it('does not wait for a window that opens too late', () => {
    const late = Temporal.Instant.from('2026-06-09T20:00:00Z');
    const facts = aReminder({ usefulUntil: Temporal.Instant.from('2026-06-10T05:00:00Z') });
    expect(decideSend(facts, rules(), late)).toEqual({ do: 'expire' });
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

describe('route', () => {
  it.each([
    [{ smsRefused: true }, 'sms-refused'],
    [{ noPhone: true, phoneE164: null }, 'no-phone'],
    [{ phoneE164: null }, 'no-phone'],
    [{ phoneMobile: false }, 'not-a-mobile'],
  ] as const)('says why no text can leave: %o', (person, reason) => {
    expect(route(aPerson(person), true)).toEqual({ do: 'suppress', reason });
  });

  it('takes the e-mail when the mobile cannot be used and mail is on', () => {
    const person = aPerson({ smsRefused: true, email: 'ada@example.org' });
    expect(route(person, true)).toEqual({ do: 'send', channel: 'email', recipient: 'ada@example.org' });
    expect(route(person, false)).toEqual({ do: 'suppress', reason: 'sms-refused' });
  });

  it('prefers the mobile to the e-mail', () => {
    expect(route(aPerson({ email: 'ada@example.org' }), true)).toMatchObject({ channel: 'sms' });
  });
});
