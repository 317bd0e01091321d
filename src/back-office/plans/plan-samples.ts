import { Temporal } from 'temporal-polyfill';
import { planPromise } from '../../notifications/domain/plan-promise.js';
import type { PlannedByChannel } from '../../notifications/domain/plan-promise.js';
import type { LeavingRules } from '../../notifications/domain/reminder-hour.js';
import type { ReminderPlan } from '../../notifications/domain/reminder-plan.js';
import { isWeekend } from '../../organizations/domain/calendar.js';
import { dateInWords, hourInWords } from '../../shared/french-dates.js';
import { type Instant, toInstant, toLocal } from '../../shared/time.js';
import { capital, dayOfYear, NBSP } from '../../ui/typography.js';

/** What somebody booked today would get. */
export interface Sample {
  readonly id: string;
  /** `YYYY-MM-DD`, at the place. */
  readonly bookedOn: string;
  readonly date: string;
  /** « 9 h 30 ». */
  readonly hour: string;
  /** « dans 15 jours, mardi 16 juin à 9 h 30 ». */
  readonly appointment: string;
  readonly who: string;
  readonly texts: readonly SampleText[];
}

export interface SampleText {
  readonly title: string;
  readonly leaves: string;
  readonly why: string | null;
  /** `YYYY-MM-DD`, at the place. */
  readonly date: string;
  readonly hour: string;
}

const HOUR = '09:30';
const FAR = 15;
const AHEAD = [FAR, 5, 1] as const;
const WHO = [
  { isFirst: true, words: 'première convocation' },
  { isFirst: false, words: 'déjà convoquée avant' },
] as const;
const WHY = {
  window: 'ramené dans les heures d’envoi',
  gap: 'changement d’heure',
  'closed-day': 'avancé, jour sans envoi',
  late: 'dès que possible',
  'poor-coverage': 'plus tôt, réseau peu couvert',
} as const;

/**
 * For each sample booking, the texts and their exact local hours; weekends give way to the Monday after. The first is
 * booked far enough ahead for every reminder of the plan.
 */
export function samplesOf(
  plan: ReminderPlan,
  {
    now,
    timeZone,
    rules,
  }: { readonly now: Instant; readonly timeZone: string; readonly rules: LeavingRules },
): readonly Sample[] {
  return [farEnough(plan), ...AHEAD.slice(1)].flatMap((days) => {
    const today = Temporal.PlainDate.from(toLocal(now, timeZone).date);
    const date = workingDay(today.add({ days }));
    const promise = { date: date.toString(), time: HOUR, timeZone };
    const startsAt = toInstant(promise);
    const bookedAheadDays = today.until(date, { largestUnit: 'day' }).days;
    return WHO.map(({ isFirst, words: who }) => {
      const facts = { bookedAheadDays, isFirst, absences: 0 };
      const known = { promise, startsAt, plan, facts, earlierHours: 0, now };
      const texts = planPromise(known, 'summons', rules);
      const ahead = bookedAheadDays === 1 ? 'demain' : `dans ${bookedAheadDays}${NBSP}jours`;
      const hour = hourInWords(HOUR);
      const appointment = `${capital(ahead)}, ${dateInWords(promise.date)} à ${hour}`;
      return {
        ...{ id: `${days}-${String(isFirst)}`, bookedOn: today.toString(), date: promise.date, hour },
        ...{ appointment, who: capital(who), texts: texts.map(textOf) },
      };
    });
  });
}

function farEnough({ reminders }: ReminderPlan): number {
  const needed = reminders.map(({ offsetDays, when }) =>
    Math.max(offsetDays + 1, when.if === 'booked-ahead' ? when.days : 0),
  );
  return Math.max(FAR, ...needed);
}

function textOf({ kind, offsetDays, localDate, localTime, reason }: PlannedByChannel): SampleText {
  const hour = hourInWords(localTime);
  const isWaiting = kind === 'summons' && reason === 'window';
  return {
    title:
      kind === 'summons'
        ? 'Convocation'
        : offsetDays === 1
          ? 'Rappel, la veille'
          : `Rappel, ${offsetDays}${NBSP}jours avant`,
    leaves: `${capital(dayOfYear(localDate))} à ${hour}`,
    date: localDate,
    hour,
    why: reason === null ? null : isWaiting ? 'à l’ouverture des heures d’envoi' : WHY[reason],
  };
}

function workingDay(date: Temporal.PlainDate): Temporal.PlainDate {
  return isWeekend(date.toString()) ? workingDay(date.add({ days: 1 })) : date;
}
