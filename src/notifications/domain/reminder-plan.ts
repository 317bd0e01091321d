/** Null hour: that of the event itself, the appointment for a reminder; else `HH:mm` at the place. */
export type StepHour = string | null;

/** `auto`: the mobile, else the e-mail. */
export const STEP_CHANNELS = ['auto', 'sms', 'email'] as const;
export type StepChannel = (typeof STEP_CHANNELS)[number];

/** For whom a reminder is planned. */
export type StepCondition =
  | { readonly if: 'always' }
  /** Booked at least that number of calendar days before the promise. */
  | { readonly if: 'booked-ahead'; readonly days: number }
  /** Never yet seen, missed or excused before; or two absences in a year. */
  | { readonly if: 'first-or-two-absences' };

export interface SummonsStep {
  readonly kind: 'summons';
  /** Of a rescheduling too; hour and limit are of the summons alone, a move being news. */
  readonly channel: StepChannel;
  /** Null: as soon as it is booked. A summons that would find its hour too late leaves at once. */
  readonly hour: StepHour;
  /** Useful until so many hours before the promise. */
  readonly usefulUntilHours: number;
  /** It waits three hours after another text to the person, where that leaves a day before the promise. */
  readonly isSpaced: boolean;
}

export interface ReminderStep {
  readonly kind: 'reminder';
  /** Calendar days before the promise; also what tells one reminder of a promise from another. */
  readonly offsetDays: number;
  readonly when: StepCondition;
  readonly channel: StepChannel;
  readonly hour: StepHour;
  /** Useful until so many hours before the promise. */
  readonly usefulUntilHours: number;
}

export interface AfterAbsenceStep {
  readonly kind: 'after-absence';
  readonly channel: StepChannel;
  /** Null: as soon as the absence is marked. */
  readonly hour: StepHour;
  /** Useful until so many hours after the promise. */
  readonly usefulUntilHours: number;
  /** It waits three hours after another text to the person, while it is useful. */
  readonly isSpaced: boolean;
}

export type PlanStep = SummonsStep | ReminderStep | AfterAbsenceStep;

/** What is sent for one promise: its summons, its reminders from the earliest to the last, what follows an absence. */
export interface ReminderPlan {
  readonly summons: SummonsStep;
  readonly reminders: readonly ReminderStep[];
  /** Null: nothing after an absence. */
  readonly afterAbsence: AfterAbsenceStep | null;
  /** Of an appointment in the arm of a trial: the usual reminders, in whose place the arm has its own. */
  readonly replaced?: readonly ReminderStep[];
}

/** What the conditions of a plan look at, when a promise is made. */
export interface PlanFacts {
  /** Calendar days at the place from the promise being made to the promised day. */
  readonly bookedAheadDays: number;
  /** No earlier convocation of the person has an outcome. */
  readonly isFirst: boolean;
  /** Missed in the last 365 days. */
  readonly absences: number;
}

/** At booking, until an hour before: what a plan without a word on it does. */
export const USUAL_SUMMONS: SummonsStep = {
  kind: 'summons',
  channel: 'auto',
  hour: null,
  usefulUntilHours: 1,
  isSpaced: false,
};

export const MOST_REMINDERS = 6;
export const BOUNDS = {
  summonsHours: { least: 1, most: 72 },
  offsetDays: { least: 1, most: 60 },
  bookedAheadDays: { least: 2, most: 120 },
  afterAbsenceHours: { least: 12, most: 336 },
  weeklyLimit: { least: 1, most: 21 },
} as const;
export const MANY_ABSENCES = 2;
/** A reminder is worth sending for half a day at least, whatever its hour. */
const LEAST_USEFUL_HOURS = 12;

/** Longest "useful until" of a reminder, in hours before the promise. */
export function longestUsefulHours(offsetDays: number): number {
  return offsetDays * 24 - LEAST_USEFUL_HOURS;
}

/** Every reminder that these facts may ask for, those in whose place an arm has its own included. */
export function stepsFor(
  { reminders, replaced = [] }: ReminderPlan,
  facts: PlanFacts,
): readonly ReminderStep[] {
  return heldBy([...reminders, ...replaced], facts);
}

/** Those of these reminders whose condition holds. */
export function heldBy(reminders: readonly ReminderStep[], facts: PlanFacts): readonly ReminderStep[] {
  return reminders.filter(({ when }) => holds(when, facts));
}

function holds(when: StepCondition, facts: PlanFacts): boolean {
  switch (when.if) {
    case 'always':
      return true;
    case 'booked-ahead':
      return facts.bookedAheadDays >= when.days;
    case 'first-or-two-absences':
      return facts.isFirst || facts.absences >= MANY_ABSENCES;
  }
}

/** As stored: the steps in the order in which they leave. */
export function stepsOf({ summons, reminders, afterAbsence }: ReminderPlan): readonly PlanStep[] {
  return [summons, ...reminders, ...(afterAbsence === null ? [] : [afterAbsence])];
}
