import { Temporal } from 'temporal-polyfill';
import type { FieldError } from '../../shared/domain-error.js';
import { isWhole } from '../../shared/whole-number.js';
import type { PlanStep, ReminderStep, StepHour } from './reminder-plan.js';
import { parsePlan } from './parse-plan.js';
import { BOUNDS, MOST_REMINDERS } from './reminder-plan.js';

/** What arms may differ by: nothing else of a convocation depends on a draw. */
export const DIFFERENCES = ['timing', 'wording'] as const;
export type Difference = (typeof DIFFERENCES)[number];
export const UNITS = ['person', 'service'] as const;
export type Unit = (typeof UNITS)[number];
export const TRIAL_STATES = ['draft', 'registered', 'running', 'ended', 'stopped'] as const;
export type TrialState = (typeof TRIAL_STATES)[number];
/** Kinds whose words a trial may change. */
export const WORDED_KINDS = ['summons', 'reminder'] as const;
export type WordedKind = (typeof WORDED_KINDS)[number];

/** One reminder of an arm, whatever the conditions of the usual plan, by the usual channel. */
export interface ArmReminder {
  /** Calendar days before the promise. */
  readonly offsetDays: number;
  /** Null: the hour of the appointment. */
  readonly hour: StepHour;
}

export interface ArmText {
  readonly kind: WordedKind;
  readonly register: 'standard' | 'discreet';
  readonly text: string;
}

export interface TrialArm {
  readonly name: string;
  /** Whole parts of the units: 1 and 1, or 2 and 1. */
  readonly share: number;
  /** Of a trial of timing; else empty. */
  readonly reminders: readonly ArmReminder[];
  /** Of a trial of wording; else empty. */
  readonly texts: readonly ArmText[];
}

/** What is registered before anybody is drawn, and never changes afterwards. */
export interface TrialPlan {
  readonly name: string;
  readonly question: string;
  readonly differsBy: Difference;
  readonly unit: Unit;
  readonly byService: boolean;
  readonly byFirst: boolean;
  readonly seed: string;
  readonly organizationIds: readonly string[];
  readonly typeCodes: readonly string[];
  /** Convocations with a known outcome, all arms together. */
  readonly plannedSize: number;
  /** Last day whose appointments count, `YYYY-MM-DD`. */
  readonly endsOn: string;
  /** Days before the end on which the results may be looked at. */
  readonly looks: readonly string[];
  /** The first is the one the others are compared with. */
  readonly arms: readonly TrialArm[];
}

export const TRIAL_BOUNDS = {
  arms: { least: 2, most: 4 },
  share: { least: 1, most: 9 },
  plannedSize: { least: 20, most: 1_000_000 },
  name: 120,
  question: 600,
  seed: 60,
  looks: 4,
  longestDays: 3 * 366,
} as const;
/** An arm whose last reminder is further from the appointment does not remind any more. */
export const LATEST_REMINDER_DAYS = 7;

/** Everything that keeps a trial from being registered. @param today `YYYY-MM-DD` */
export function faultsOfTrial(plan: TrialPlan, today: string): readonly FieldError[] {
  const { arms } = TRIAL_BOUNDS;
  const isMany = plan.arms.length >= arms.least && plan.arms.length <= arms.most;
  return [
    ...faultsOfWords(plan),
    ...(plan.organizationIds.length === 0 ? [fault('organizations', 'empty')] : []),
    ...(plan.typeCodes.length === 0 ? [fault('types', 'empty')] : []),
    ...(plan.unit === 'service' && plan.organizationIds.length < 2 * plan.arms.length
      ? [fault('unit', 'few-services')]
      : []),
    ...(isWhole(plan.plannedSize, TRIAL_BOUNDS.plannedSize) ? [] : [fault('plannedSize', 'range')]),
    ...faultsOfDates(plan, today),
    ...(isMany ? [] : [fault('arms', 'range')]),
    ...plan.arms.flatMap((arm, at) => faultsOfArm(arm, plan.differsBy, at + 1)),
    ...faultsOfDifference(plan),
  ];
}

/** The reminders of an arm as steps of a plan. */
export function stepsOfArm(reminders: readonly ArmReminder[]): readonly ReminderStep[] {
  return reminders.map(({ offsetDays, hour }) => ({
    kind: 'reminder',
    offsetDays,
    when: { if: 'always' },
    channel: 'auto',
    hour,
    usefulUntilHours: 1,
  }));
}

/** @throws ValidationFailed when what is stored is no list of reminders */
export function remindersOf(steps: readonly PlanStep[] | null): readonly ArmReminder[] {
  return steps === null
    ? []
    : parsePlan(steps).reminders.map(({ offsetDays, hour }) => ({ offsetDays, hour }));
}

function faultsOfWords({ name, question, seed }: TrialPlan): FieldError[] {
  return [
    ...(name.length < 3 || name.length > TRIAL_BOUNDS.name ? [fault('name', 'length')] : []),
    ...(question.length < 10 || question.length > TRIAL_BOUNDS.question ? [fault('question', 'length')] : []),
    ...(seed === '' || seed.length > TRIAL_BOUNDS.seed ? [fault('seed', 'length')] : []),
  ];
}

function faultsOfDates({ endsOn, looks }: TrialPlan, today: string): FieldError[] {
  const last = Temporal.PlainDate.from(today).add({ days: TRIAL_BOUNDS.longestDays }).toString();
  const end = dateOf(endsOn);
  if (end === undefined || end <= today || end > last) return [fault('endsOn', 'range')];
  const days = looks.map(dateOf);
  const inOrder = days.every((day, at) => day !== undefined && day > (days[at - 1] ?? today) && day < end);
  return inOrder && looks.length <= TRIAL_BOUNDS.looks ? [] : [fault('looks', 'range')];
}

function faultsOfArm({ name, share, reminders, texts }: TrialArm, by: Difference, at: number): FieldError[] {
  const named = name === '' || name.length > TRIAL_BOUNDS.name ? [fault(`name.${at}`, 'length')] : [];
  const shared = isWhole(share, TRIAL_BOUNDS.share) ? [] : [fault(`share.${at}`, 'range')];
  const field = by === 'timing' ? `days.${at}` : `text.${at}`;
  const own = by === 'timing' ? faultOfReminders(reminders) : texts.length === 0 ? 'empty' : undefined;
  const mixed = by === 'timing' ? texts.length > 0 : reminders.length > 0;
  return [
    ...named,
    ...shared,
    ...(own === undefined ? [] : [fault(field, own)]),
    ...(mixed ? [fault(field, 'timing-or-wording')] : []),
  ];
}

/** Every arm reminds; whoever is booked too late for it has the last reminder of the usual plan (`planPromise`). */
function faultOfReminders(reminders: readonly ArmReminder[]): string | undefined {
  const days = reminders.map(({ offsetDays }) => offsetDays);
  if (days.length === 0) return 'no-reminder';
  if (days.length > MOST_REMINDERS || new Set(days).size < days.length) return 'days';
  if (days.some((day) => !isWhole(day, BOUNDS.offsetDays))) return 'days';
  if (reminders.some(({ hour }) => hour !== null && !/^([01]\d|2[0-3]):[0-5]\d$/.test(hour))) return 'hour';
  return Math.min(...days) > LATEST_REMINDER_DAYS ? 'too-far' : undefined;
}

/** Two arms that do the same cannot answer a question; two of the same name cannot be told apart. */
function faultsOfDifference({ arms, differsBy }: TrialPlan): FieldError[] {
  const filled = arms.filter(({ reminders, texts }) => reminders.length > 0 || texts.length > 0);
  const done = filled.map((arm) =>
    JSON.stringify(
      differsBy === 'timing'
        ? [...arm.reminders].sort((a, b) => a.offsetDays - b.offsetDays)
        : arm.texts.map(({ kind, register, text }) => [kind, register, text]),
    ),
  );
  const names = arms.map(({ name }) => name.toLocaleLowerCase('fr')).filter((name) => name !== '');
  const said = filled.map(({ texts }) => texts.map(({ kind, register }) => `${kind}/${register}`).join());
  return [
    ...(isTwice(done) ? [fault('arms', 'same')] : []),
    ...(isTwice(names) ? [fault('arms', 'names')] : []),
    ...(new Set(said).size > 1 ? [fault('arms', 'registers')] : []),
  ];
}

function isTwice(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

function dateOf(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

function fault(field: string, code: string): FieldError {
  return { field, code, message: code };
}
