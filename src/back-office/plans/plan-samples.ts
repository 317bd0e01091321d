import { Temporal } from 'temporal-polyfill';
import { isOverWeeklyLimit } from '../../notifications/domain/decide-send.js';
import { planPromise, tellOutcome } from '../../notifications/domain/plan-promise.js';
import type { PlannedByChannel, PromiseFacts } from '../../notifications/domain/plan-promise.js';
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
  /** Not before the appointment: what follows an absence. */
  readonly isAfter: boolean;
  /** One too many in the week: withdrawn when its hour comes. */
  readonly isLeftOut: boolean;
}

const HOUR = '09:30';
const FAR = 15;
const AHEAD = [FAR, 5, 1] as const;
const FIRST = { isFirst: true, words: 'première convocation' } as const;
const WHO = [FIRST, { isFirst: false, words: 'déjà convoquée avant' }] as const;
/** Hours after the appointment at which the absence of the sample is marked. */
const MARKED_AFTER = 1;
const WHY = {
  window: 'ramené dans les heures d’envoi',
  gap: 'changement d’heure',
  'closed-day': 'avancé, jour sans envoi',
  late: 'dès que possible',
  'poor-coverage': 'plus tôt, réseau peu couvert',
  spaced: 'au moins trois heures après un autre texte',
} as const;

export const LEFT_OUT = 'retiré, limite par semaine';

/** Where a plan is looked at. */
export interface SampleOffice {
  readonly now: Instant;
  readonly timeZone: string;
  readonly rules: LeavingRules;
  /** By which reminders leave earlier where coverage is poor; 0 where it is not. */
  readonly earlierHours: number;
  /** Texts a person gets at most in seven days. */
  readonly weeklyLimit: number;
}

/** One booking that is tried. */
interface Case {
  readonly days: number;
  readonly isFirst: boolean;
  readonly who: string;
  readonly earlierHours: number;
}

/**
 * For each sample booking, the texts and their exact local hours; weekends give way to the Monday after. The first is
 * booked far enough ahead for every reminder of the plan, and its person does not come.
 */
export function samplesOf(plan: ReminderPlan, office: SampleOffice): readonly Sample[] {
  return casesOf(plan, office.earlierHours).map((one, at) => sampleOf(plan, one, office, at === 0));
}

function casesOf(plan: ReminderPlan, earlierHours: number): readonly Case[] {
  const far = farEnough(plan);
  const usual = [far, ...AHEAD.slice(1)].flatMap((days) =>
    WHO.map(({ isFirst, words }) => ({ days, isFirst, who: words, earlierHours: 0 })),
  );
  if (earlierHours === 0) return usual;
  const who = `${FIRST.words}, numéro d’un réseau peu couvert`;
  return [...usual, { days: far, isFirst: FIRST.isFirst, who, earlierHours }];
}

function sampleOf(
  plan: ReminderPlan,
  { days, isFirst, who, earlierHours }: Case,
  { now, timeZone, rules, weeklyLimit }: SampleOffice,
  isMissed: boolean,
): Sample {
  const today = Temporal.PlainDate.from(toLocal(now, timeZone).date);
  const date = workingDay(today.add({ days }));
  const promise = { date: date.toString(), time: HOUR, timeZone };
  const bookedAheadDays = today.until(date, { largestUnit: 'day' }).days;
  const facts = { bookedAheadDays, isFirst, absences: 0 };
  const known = { promise, startsAt: toInstant(promise), plan, facts, earlierHours, now };
  const planned = planPromise(known, 'summons', rules);
  const leftOut = overWeeklyLimit(planned, weeklyLimit);
  const texts = planned.map((text) => textOf(text, leftOut.has(text)));
  const ahead = bookedAheadDays === 1 ? 'demain' : `dans ${bookedAheadDays}${NBSP}jours`;
  const hour = hourInWords(HOUR);
  return {
    id: `${days}-${String(isFirst)}-${earlierHours}`,
    bookedOn: today.toString(),
    date: promise.date,
    hour,
    appointment: `${capital(ahead)}, ${dateInWords(promise.date)} à ${hour}`,
    who: capital(who),
    texts: isMissed ? [...texts, ...afterAbsence(known, rules)] : texts,
  };
}

/** What leaves when the absence is marked soon after the hour. */
function afterAbsence(known: PromiseFacts, rules: LeavingRules): readonly SampleText[] {
  const marked = known.startsAt.add({ hours: MARKED_AFTER });
  const text = tellOutcome('after-absence', { ...known, now: marked }, rules);
  if (text === null) return [];
  const { timeZone } = known.promise;
  const { date, time } = toLocal(text.dueAt, timeZone);
  const hour = hourInWords(time);
  return [
    {
      title: `Après une absence notée à ${hourInWords(toLocal(marked, timeZone).time)}`,
      leaves: `${dayOfYear(date)} à ${hour}`,
      ...{ date, hour, why: null, isAfter: true, isLeftOut: false },
    },
  ];
}

function farEnough({ reminders }: ReminderPlan): number {
  const needed = reminders.map(({ offsetDays, when }) =>
    Math.max(offsetDays + 1, when.if === 'booked-ahead' ? when.days : 0),
  );
  return Math.max(FAR, ...needed);
}

/** Reminders that the limit withdraws when their hour comes, for somebody who gets no other text. */
function overWeeklyLimit(
  planned: readonly PlannedByChannel[],
  weeklyLimit: number,
): ReadonlySet<PlannedByChannel> {
  const leftOut = new Set<PlannedByChannel>();
  const sent: Instant[] = [];
  const inOrder = planned.toSorted((a, b) => a.dueAt.epochMilliseconds - b.dueAt.epochMilliseconds);
  const last = inOrder.findLast(({ kind }) => kind === 'reminder');
  for (const text of inOrder) {
    const weekAgo = text.dueAt.subtract({ hours: 7 * 24 }).epochMilliseconds;
    const ofTheWeek = sent.filter((at) => at.epochMilliseconds > weekAgo).length;
    const lately = { weeklyLimit, isLastReminder: text === last };
    if (text.kind === 'reminder' && isOverWeeklyLimit(ofTheWeek, lately)) leftOut.add(text);
    else sent.push(text.dueAt);
  }
  return leftOut;
}

function textOf(
  { kind, offsetDays, localDate, localTime, reason }: PlannedByChannel,
  isLeftOut: boolean,
): SampleText {
  const hour = hourInWords(localTime);
  const isWaiting = kind === 'summons' && reason === 'window';
  return {
    title:
      kind === 'summons'
        ? 'Convocation'
        : offsetDays === 1
          ? 'Rappel, la veille'
          : `Rappel, ${offsetDays}${NBSP}jours avant`,
    leaves: `${dayOfYear(localDate)} à ${hour}`,
    date: localDate,
    hour,
    why: isLeftOut
      ? LEFT_OUT
      : reason === null
        ? null
        : isWaiting
          ? 'à l’ouverture des heures d’envoi'
          : WHY[reason],
    isAfter: false,
    isLeftOut,
  };
}

function workingDay(date: Temporal.PlainDate): Temporal.PlainDate {
  return isWeekend(date.toString()) ? workingDay(date.add({ days: 1 })) : date;
}
