import fc from 'fast-check';
import { isDate, overlaps, periodFault, type RolloutScope, scopeOf, scopeText } from './rollout.js';

const TODAY = '2026-06-11';
const period = (startedOn: string, stoppedOn: string | null = null) => ({ startedOn, stoppedOn });

describe('the period of a roll-out', () => {
  it.each([
    ['2025-09-01', null, null],
    ['2027-01-01', null, null],
    ['2025-09-01', '2026-01-01', null],
    ['', null, 'startedOn'],
    ['2026-02-30', null, 'startedOn'],
    ['1999-01-01', null, 'startedOn'],
    ['2036-01-01', null, 'startedOn'],
    ['2025-09-01', '2025-09-01', 'stoppedOn'],
    ['2025-09-01', '2024-09-01', 'stoppedOn'],
    ['2025-09-01', 'tomorrow', 'stoppedOn'],
  ])('from %s to %s: %s', (startedOn, stoppedOn, fault) => {
    expect(periodFault({ startedOn, stoppedOn }, TODAY)).toBe(fault);
  });

  it.each([
    [period('2025-01-01'), period('2026-01-01'), true],
    [period('2025-01-01', '2026-01-01'), period('2026-01-01'), false],
    [period('2025-01-01', '2026-01-02'), period('2026-01-01'), true],
    [period('2025-01-01', '2025-06-01'), period('2025-02-01', '2025-03-01'), true],
  ])('%j and %j overlap: %s', (a, b, expected) => {
    expect([overlaps(a, b), overlaps(b, a)]).toEqual([expected, expected]);
  });
});

describe('the scope of a roll-out', () => {
  it('comes back as it was written', () => {
    const id = fc.uuid();
    const scope: fc.Arbitrary<RolloutScope> = fc.oneof(
      fc.constant({ kind: 'service' as const }),
      fc.record({ kind: fc.constantFrom('place' as const, 'type' as const, 'agent' as const), id }),
    );
    fc.assert(fc.property(scope, (given) => expect(scopeOf(scopeText(given))).toEqual(given)));
  });

  it('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const scope = scopeOf(text);
        return scope === undefined || scopeText(scope) === text;
      }),
    );
  });
});

it('knows a day from any other text', () => {
  expect(['2024-02-29', '2025-02-29', '2025-2-1', '2025-13-01', 'x'].map(isDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  fc.assert(fc.property(fc.string(), (text) => typeof isDate(text) === 'boolean'));
});
