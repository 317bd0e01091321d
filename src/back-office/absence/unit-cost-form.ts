import type { UnitCosts } from '../../statistics/domain/savings.js';
import type { Problem } from '../../ui/forms.js';

/** As typed. */
export interface UnitCostForm {
  readonly letter: string;
  readonly registered: string;
  readonly hour: string;
  readonly letters: string;
  readonly registeredLetters: string;
  readonly minutes: string;
}

interface CostField {
  readonly name: keyof UnitCostForm;
  readonly label: string;
  readonly unit: string;
  readonly cost: keyof UnitCosts;
  /** What one unit of the field is in the stored one. */
  readonly factor: number;
  readonly most: number;
  readonly decimals: number;
}

export const COST_FIELDS: readonly CostField[] = [
  {
    name: 'letter',
    label: 'Une lettre',
    unit: '€',
    cost: 'letterCents',
    factor: 100,
    most: 1000,
    decimals: 2,
  },
  {
    ...{ name: 'registered', label: 'Une lettre recommandée', unit: '€', cost: 'registeredCents' },
    ...{ factor: 100, most: 1000, decimals: 2 },
  },
  {
    name: 'hour',
    label: 'Une heure d’agent',
    unit: '€',
    cost: 'hourCents',
    factor: 100,
    most: 1000,
    decimals: 2,
  },
  {
    ...{ name: 'letters', label: 'Lettres par absence', unit: 'lettres', cost: 'lettersPerAbsence' },
    ...{ factor: 1, most: 20, decimals: 2 },
  },
  {
    ...{ name: 'registeredLetters', label: 'Recommandées par absence', unit: 'lettres' },
    ...{ cost: 'registeredPerAbsence', factor: 1, most: 20, decimals: 2 },
  },
  {
    ...{ name: 'minutes', label: 'Temps d’agent par absence', unit: 'minutes', cost: 'minutesPerAbsence' },
    ...{ factor: 1, most: 1000, decimals: 0 },
  },
];

export function formOf(costs: UnitCosts): UnitCostForm {
  const text = ({ cost, factor, decimals }: CostField) => {
    const value = costs[cost] / factor;
    return (factor === 1 ? String(value) : value.toFixed(decimals)).replace('.', ',');
  };
  const entries = COST_FIELDS.map((field) => [field.name, text(field)] as const);
  return Object.fromEntries(entries) as unknown as UnitCostForm;
}

/** @returns the costs, or a sentence for each field that is none */
export function costsOf(form: UnitCostForm): UnitCosts | readonly Problem[] {
  const read = COST_FIELDS.map((field) => ({ field, value: numberOf(form[field.name], field) }));
  const problems = read.flatMap(({ field, value }) => (value === null ? [problemOf(field)] : []));
  if (problems.length > 0) return problems;
  const entries = read.map(
    ({ field, value }) => [field.cost, Math.round((value ?? 0) * field.factor * 100) / 100] as const,
  );
  return Object.fromEntries(entries) as unknown as UnitCosts;
}

/** « 1,52 » and « 1.52 » say the same; null for what is no number within bounds. */
function numberOf(typed: string, { most, decimals }: CostField): number | null {
  const shape = decimals === 0 ? /^\d{1,4}$/ : /^\d{1,4}([.,]\d{1,2})?$/;
  if (!shape.test(typed)) return null;
  const value = Number(typed.replace(',', '.'));
  return value <= most ? value : null;
}

function problemOf({ name, label, unit, most, decimals }: CostField): Problem {
  const kind = decimals === 0 ? 'un nombre entier' : 'un nombre à deux décimales au plus';
  return { field: name, sentence: `${label}\u00a0: donnez ${kind}, de 0 à ${most} ${unit}.` };
}
