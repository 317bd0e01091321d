import type { DesignFault, WedgeDesign } from '../../statistics/planner/stepped-wedge.js';
import { byName } from '../../shared/by-name.js';
import type { Problems } from '../../ui/forms.js';
import { NBSP } from '../../ui/typography.js';

/** The planner as typed; services are ids. */
export interface PlannerForm {
  readonly services: readonly string[];
  readonly steps: string;
  readonly firstMonth: string;
  readonly months: string;
  readonly outcomes: string;
  /** Percentages, decimal comma or point: rate « 28 », effect « 5 » (points fewer). */
  readonly rate: string;
  readonly effect: string;
  readonly icc: string;
  readonly seed: string;
}

export const PLANNER_FIELDS = [
  'steps',
  'firstMonth',
  'months',
  'outcomes',
  'rate',
  'effect',
  'icc',
  'seed',
] as const;

/** Field of the form for each part of the design. */
const FIELD_OF: Readonly<Record<DesignFault | 'name', string>> = {
  services: 'service',
  seed: 'seed',
  steps: 'steps',
  firstMonth: 'firstMonth',
  monthsPerStep: 'months',
  outcomesPerMonth: 'outcomes',
  rate: 'rate',
  effect: 'effect',
  icc: 'icc',
  name: 'name',
};
const SENTENCES: Readonly<Record<string, string>> = {
  service: 'Choisissez au moins deux services.',
  seed: 'La graine est un mot de lettres, de chiffres et de tirets, 60 au plus.',
  steps: `De 1 à 24${NBSP}étapes, et pas plus que de services.`,
  firstMonth: 'Donnez le premier mois, par exemple 2027-01.',
  months: `De 1 à 12${NBSP}mois entre deux étapes.`,
  outcomes: `De 1 à 10${NBSP}000 issues connues par service et par mois.`,
  rate: `Un taux de 1 à 99${NBSP}%.`,
  effect: 'Une baisse en points, plus petite que le taux.',
  icc: 'De 0 à 0,5.',
  name: `Donnez un nom au plan, 120${NBSP}caractères au plus.`,
};

/** What is read from an address; anything that is no text is left out. */
export function plannerFrom(query: Readonly<Record<string, unknown>>, defaults: PlannerForm): PlannerForm {
  const text = (name: (typeof PLANNER_FIELDS)[number]) => {
    const value = query[name];
    return typeof value === 'string' ? value.trim().slice(0, 60) : defaults[name];
  };
  const asked = [query.service].flat().filter((id): id is string => typeof id === 'string' && id !== '');
  const isAsked = query.service !== undefined || query.steps !== undefined;
  return {
    ...byName(PLANNER_FIELDS, text),
    services: isAsked ? [...new Set(asked)] : defaults.services,
  };
}

/** NaN where no number was typed: the bounds refuse it. */
export function designOf(form: PlannerForm): WedgeDesign {
  return {
    organizationIds: form.services,
    seed: form.seed,
    steps: number(form.steps),
    firstMonth: form.firstMonth,
    monthsPerStep: number(form.months),
    outcomesPerMonth: number(form.outcomes),
    rate: number(form.rate) / 100,
    effect: -number(form.effect) / 100,
    icc: number(form.icc),
  };
}

export function designProblems(faults: readonly string[]): Problems {
  return faults.map((fault) => {
    const known: Partial<Record<string, string>> = FIELD_OF;
    const field = known[fault] ?? fault;
    return { field, sentence: SENTENCES[field] ?? 'Une valeur n’est pas valable.' };
  });
}

function number(text: string): number {
  const plain = text.replace(',', '.');
  return /^\d{1,6}(\.\d{1,4})?$/.test(plain) ? Number(plain) : Number.NaN;
}
