import fc from 'fast-check';
import { type ReachFacts, type ReachState, needsAgent, reachOf, whyPending } from './reach.js';

const NOTHING_KNOWN: ReachFacts = {
  taskOpen: false,
  arrived: false,
  onlyByEmail: false,
  toldByAgent: false,
  gaveUp: false,
  wasAsked: false,
  smsRefused: false,
  hasPhone: true,
  hasEmail: false,
  unconfirmed: false,
  waiting: false,
  toldStranger: false,
};

const CLASSES: readonly ReachState[] = [
  ...(['task-open', 'reached', 'reached-by-email', 'unreachable', 'refused', 'pending'] as const),
];

describe('how a convocation stands', () => {
  it.each<[ReachState, Partial<ReachFacts>]>([
    ['reached', { arrived: true }],
    ['reached', { toldByAgent: true, hasPhone: false }],
    ['reached-by-email', { arrived: true, onlyByEmail: true }],
    ['reached', { arrived: true, onlyByEmail: true, toldByAgent: true }],
    ['reached', { arrived: true, gaveUp: true }],
    ['task-open', { taskOpen: true, arrived: true }],
    ['refused', { smsRefused: true }],
    ['pending', { smsRefused: true, hasEmail: true }],
    ['unreachable', { hasPhone: false }],
    ['pending', { hasPhone: false, hasEmail: true }],
    ['unreachable', { gaveUp: true }],
    ['pending', {}],
    ['pending', { unconfirmed: true }],
  ])('%s', (reach, given) => {
    expect(reachOf({ ...NOTHING_KNOWN, ...given })).toBe(reach);
  });

  it('is one class whatever the facts, and an open task ends every doubt', () => {
    const facts = fc.record(
      Object.fromEntries(Object.keys(NOTHING_KNOWN).map((name) => [name, fc.boolean()])) as Record<
        keyof ReachFacts,
        fc.Arbitrary<boolean>
      >,
    );
    fc.assert(
      fc.property(facts, (given) => {
        expect(CLASSES).toContain(reachOf(given));
        expect(reachOf({ ...given, taskOpen: true })).toBe('task-open');
      }),
    );
  });

  it.each<[boolean, Partial<ReachFacts>]>([
    [true, {}],
    [true, { wasAsked: true }],
    [true, { smsRefused: true }],
    [true, { hasPhone: false }],
    [false, { smsRefused: true, wasAsked: true }],
    [false, { hasPhone: false, wasAsked: true }],
    [false, { hasPhone: false, gaveUp: true }],
    [false, { hasPhone: false, arrived: true }],
    [false, { taskOpen: true }],
  ])('asks an agent: %p, of %p', (isAsked, given) => {
    expect(needsAgent({ ...NOTHING_KNOWN, ...given })).toBe(isAsked);
  });

  it('says why an agent is asked', () => {
    expect(whyPending({ ...NOTHING_KNOWN, unconfirmed: true, waiting: true })).toBe('not-confirmed');
    expect(whyPending({ ...NOTHING_KNOWN, waiting: true })).toBe('still-waiting');
    expect(whyPending({ ...NOTHING_KNOWN, toldStranger: true, waiting: true })).toBe('still-waiting');
    expect(whyPending({ ...NOTHING_KNOWN, toldStranger: true })).toBe('told-stranger');
    expect(whyPending({ ...NOTHING_KNOWN, smsRefused: true })).toBe('sms-refused');
    expect(whyPending({ ...NOTHING_KNOWN, hasPhone: false })).toBe('no-phone');
    expect(whyPending(NOTHING_KNOWN)).toBe('nothing-sent');
  });
});
