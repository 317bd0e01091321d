import { centsOf, sumOfEuros } from './euros.js';

describe('euros', () => {
  it('are added up without the dust of binary fractions', () => {
    const parts = Array.from({ length: 35 }, () => 0.045);
    expect(parts.reduce((sum, part) => sum + part, 0)).not.toBe(1.575);
    expect(sumOfEuros(parts)).toBe(1.575);
    expect(sumOfEuros([])).toBe(0);
  });

  it.each([
    [1.575, 158],
    [1.5750000000000002, 158],
    [1.574_99, 157],
    [0.005, 1],
    [1.005, 101],
    [0, 0],
    [123_456.785, 12_345_679],
  ])('%d € are %i cents, half a cent up', (amount, cents) => {
    expect(centsOf(amount)).toBe(cents);
  });
});
