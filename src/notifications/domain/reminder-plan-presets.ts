import {
  type AfterAbsenceStep,
  type ReminderPlan,
  type ReminderStep,
  USUAL_SUMMONS,
} from './reminder-plan.js';

const AFTER_ABSENCE: AfterAbsenceStep = {
  kind: 'after-absence',
  channel: 'auto',
  hour: null,
  usefulUntilHours: 168,
  isSpaced: false,
};

function reminder(offsetDays: number, when: ReminderStep['when'] = { if: 'always' }): ReminderStep {
  return { kind: 'reminder', offsetDays, when, channel: 'auto', hour: null, usefulUntilHours: 1 };
}

function plan(...reminders: readonly ReminderStep[]): ReminderPlan {
  return { summons: USUAL_SUMMONS, reminders, afterAbsence: AFTER_ABSENCE };
}

/**
 * The day before always (Hastings 2021: -29 % missed among persons on probation; two days before alone did nothing);
 * a week before when booked long ahead (Chohlas-Wood 2025: 7, 3 and 1 days); three days before for those most likely
 * to miss (Steiner 2018: two reminders help them most); a text after an absence (ideas42).
 */
export const RECOMMENDED = plan(
  reminder(7, { if: 'booked-ahead', days: 10 }),
  reminder(3, { if: 'first-or-two-absences' }),
  reminder(1),
);

/** The single choice of the service this one replaces, 24 or 48 hours before, by the wall clock. */
export const ONE_DAY = plan(reminder(1));
export const TWO_DAYS = plan(reminder(2));
