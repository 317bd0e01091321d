/** A part of a text costs thousandths of a cent. */
const UNITS_PER_EURO = 100_000;
const UNITS_PER_CENT = UNITS_PER_EURO / 100;

/** Exact: amounts are added up as whole numbers, without the dust of binary fractions. */
export function sumOfEuros(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + unitsOf(amount), 0) / UNITS_PER_EURO;
}

/** Whole cents, half a cent up: of the decimal amount, which its binary neighbour may fall short of. */
export function centsOf(amount: number): number {
  return Math.round(unitsOf(amount) / UNITS_PER_CENT);
}

function unitsOf(amount: number): number {
  return Math.round(amount * UNITS_PER_EURO);
}
