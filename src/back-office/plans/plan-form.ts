import { parsePlan } from '../../notifications/domain/parse-plan.js';
import {
  BOUNDS,
  longestUsefulHours,
  MOST_REMINDERS,
  type ReminderPlan,
  type ReminderStep,
} from '../../notifications/domain/reminder-plan.js';
import type { FieldError, ValidationFailed } from '../../shared/domain-error.js';
import type { Bounds } from '../../shared/whole-number.js';
import type { Problem, Problems } from '../../ui/forms.js';
import { readForm, readRows } from '../form-input.js';

const FIELDS = [
  'organization',
  'type',
  'version',
  'rows',
  'weeklyLimit',
  'summonsChannel',
  'summonsAt',
  'summonsUntil',
  'summonsSpaced',
  'afterAbsence',
  'afterChannel',
  'afterAt',
  'afterUntil',
  'afterSpaced',
  'follows',
  'act',
] as const;
const ROW_FIELDS = ['days', 'when', 'ahead', 'channel', 'at', 'until'] as const;

/** One reminder as typed; without days it is no reminder. */
export type ReminderRow = Readonly<Record<(typeof ROW_FIELDS)[number], string>>;

/** A plan as typed. */
export type PlanForm = Readonly<Record<(typeof FIELDS)[number], string>> & {
  readonly reminders: readonly ReminderRow[];
};

const EMPTY_ROW: ReminderRow = { days: '', when: 'always', ahead: '', channel: 'auto', at: '', until: '1' };

/** @throws ValidationFailed for fields that the form does not have */
export function readPlanForm(body: Readonly<Record<string, unknown>>): PlanForm {
  const { rows, rest } = readRows(body, ROW_FIELDS, MOST_REMINDERS);
  const values = readForm(rest, FIELDS);
  const shown = Math.min(MOST_REMINDERS, Math.max(1, whole(values.rows) || 1));
  return { ...values, reminders: rows.slice(0, shown) };
}

/** The same form with the values of a plan, and a row to add one more reminder. */
export function formOf(
  plan: ReminderPlan,
  rest: Pick<PlanForm, 'organization' | 'type' | 'version' | 'weeklyLimit'>,
): PlanForm {
  const { afterAbsence } = plan;
  return {
    organization: rest.organization,
    type: rest.type,
    version: rest.version,
    weeklyLimit: rest.weeklyLimit,
    rows: String(plan.reminders.length),
    summonsChannel: plan.summons.channel,
    summonsAt: plan.summons.hour ?? '',
    summonsUntil: String(plan.summons.usefulUntilHours),
    summonsSpaced: ticked(plan.summons.isSpaced),
    afterAbsence: ticked(afterAbsence !== null),
    afterChannel: afterAbsence?.channel ?? 'auto',
    afterAt: afterAbsence?.hour ?? '',
    afterUntil: String(afterAbsence?.usefulUntilHours ?? 168),
    afterSpaced: ticked(afterAbsence?.isSpaced === true),
    follows: '',
    act: '',
    reminders: plan.reminders.map(rowOf),
  };
}

/** One more row, as long as there may be one. */
export function withOneMore(form: PlanForm): PlanForm {
  const reminders = [...form.reminders, EMPTY_ROW].slice(0, MOST_REMINDERS);
  return { ...form, reminders, rows: String(reminders.length) };
}

/** @throws ValidationFailed; `problemsOfPlan` says it in French, at the fields */
export function planOf(form: PlanForm): ReminderPlan {
  const summons = {
    kind: 'summons',
    channel: form.summonsChannel,
    hour: hourOf(form.summonsAt),
    usefulUntilHours: whole(form.summonsUntil),
    isSpaced: form.summonsSpaced === 'true',
  };
  const after = {
    kind: 'after-absence',
    channel: form.afterChannel,
    hour: hourOf(form.afterAt),
    usefulUntilHours: whole(form.afterUntil),
    isSpaced: form.afterSpaced === 'true',
  };
  return parsePlan([
    summons,
    ...kept(form).map(({ row }) => stepOf(row)),
    ...(form.afterAbsence === 'true' ? [after] : []),
  ]);
}

/** NaN for anything but a whole number of at most four figures: the bounds refuse it. */
export function whole(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}

const ROW_OF_VALUE: Readonly<Record<string, (typeof ROW_FIELDS)[number]>> = {
  offsetDays: 'days',
  when: 'when',
  'when.days': 'ahead',
  channel: 'channel',
  hour: 'at',
  usefulUntilHours: 'until',
};
const AFTER_OF_VALUE: Readonly<Record<string, string>> = {
  channel: 'afterChannel',
  hour: 'afterAt',
  usefulUntilHours: 'afterUntil',
};
const SUMMONS_OF_VALUE: Readonly<Record<string, string>> = {
  channel: 'summonsChannel',
  hour: 'summonsAt',
  usefulUntilHours: 'summonsUntil',
};
const WHOLE: Readonly<Record<string, string>> = {
  unique: 'Deux rappels ont le même nombre de jours\u00a0: gardez-en un.',
  empty: 'Gardez au moins un rappel.',
  range: `Un plan a au plus ${MOST_REMINDERS}\u00a0rappels.`,
};

/** What is wrong with a plan, in the words and at the fields of the form. */
export function problemsOfPlan({ errors }: ValidationFailed, form: PlanForm): Problems {
  return errors.map((error) => problemOf(error, form));
}

function problemOf({ field, code }: FieldError, form: PlanForm): Problem {
  if (field === 'weeklyLimit') return { field, sentence: between('Textes par semaine', BOUNDS.weeklyLimit) };
  const [, position = '', value = ''] = /^steps\.(\d+)\.(.+)$/.exec(field) ?? [];
  if (position === '') return { field: 'days.1', sentence: WHOLE[code] ?? 'Ce plan n’est pas valable.' };
  if (position === '0')
    return {
      field: SUMMONS_OF_VALUE[value] ?? 'summonsChannel',
      sentence: sentenceOf(value, 'Convocation', BOUNDS.summonsHours),
    };
  const step = kept(form)[Number(position) - 1];
  if (step === undefined)
    return {
      field: AFTER_OF_VALUE[value] ?? 'afterAbsence',
      sentence: sentenceOf(value, 'Après une absence', BOUNDS.afterAbsenceHours),
    };
  const name = ROW_OF_VALUE[value] ?? 'days';
  const hours = { least: 1, most: longestUsefulHours(whole(step.row.days)) };
  return { field: `${name}.${step.number}`, sentence: sentenceOf(value, `Rappel ${step.number}`, hours) };
}

function sentenceOf(value: string, which: string, hours: Bounds): string {
  if (value === 'offsetDays') return between(`${which}, jours avant`, BOUNDS.offsetDays);
  if (value === 'when.days') return between(`${which}, pris au moins`, BOUNDS.bookedAheadDays);
  if (value === 'usefulUntilHours') return between(`${which}, utile jusqu’à`, hours);
  if (value === 'hour') return `${which}\u00a0: donnez une heure, par exemple 18:00, ou laissez vide.`;
  return `${which}\u00a0: choisissez une des valeurs proposées.`;
}

function between(what: string, { least, most }: Bounds): string {
  return `${what}\u00a0: un nombre entier de ${least} à ${most}.`;
}

function kept({ reminders }: PlanForm): readonly { readonly row: ReminderRow; readonly number: number }[] {
  return reminders.map((row, at) => ({ row, number: at + 1 })).filter(({ row }) => row.days !== '');
}

function stepOf(row: ReminderRow): Readonly<Record<string, unknown>> {
  return {
    kind: 'reminder',
    offsetDays: whole(row.days),
    when: row.when === 'booked-ahead' ? { if: row.when, days: whole(row.ahead) } : { if: row.when },
    channel: row.channel,
    hour: hourOf(row.at),
    usefulUntilHours: whole(row.until),
  };
}

function rowOf(step: ReminderStep): ReminderRow {
  return {
    days: String(step.offsetDays),
    when: step.when.if,
    ahead: step.when.if === 'booked-ahead' ? String(step.when.days) : '',
    channel: step.channel,
    at: step.hour ?? '',
    until: String(step.usefulUntilHours),
  };
}

function ticked(isTicked: boolean): string {
  return isTicked ? 'true' : '';
}

function hourOf(text: string): string | null {
  return text === '' ? null : text;
}
