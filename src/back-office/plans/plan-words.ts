import type { EntityManager } from 'typeorm';
import {
  type AfterAbsenceStep,
  type ReminderPlan,
  type ReminderStep,
  type StepChannel,
  type SummonsStep,
  USUAL_SUMMONS,
} from '../../notifications/domain/reminder-plan.js';
import type { PlanOrigin } from '../../notifications/plans/reminder-plan.queries.js';
import type { Replanned } from '../../notifications/plans/plan-changes.js';
import type { ReplanAnswer } from '../../notifications/plans/replan-messages.js';
import { findReplan, type ReplanProgress } from '../../notifications/plans/replan.queries.js';
import { hourInWords } from '../../shared/french-dates.js';
import { NBSP, plural, thousands } from '../../ui/typography.js';

export const CHANNEL_WORDS: Readonly<Record<StepChannel, string>> = {
  auto: 'SMS, sinon e-mail',
  sms: 'SMS',
  email: 'E-mail, sinon SMS',
};

export const CONDITION_WORDS = {
  always: 'Toujours',
  'booked-ahead': 'Si pris longtemps avant',
  'first-or-two-absences': 'Première fois, ou 2 absences par an',
} as const satisfies Record<ReminderStep['when']['if'], string>;

export const ORIGIN_WORDS: Readonly<Record<PlanOrigin, string>> = {
  type: 'propre à ce type, dans ce service',
  service: 'celui du service',
  'national-type': 'national, pour ce type',
  national: 'national',
};

/** After « le plan ». */
export const FOLLOWED_WORDS: Readonly<Record<PlanOrigin, string>> = {
  type: 'de ce type, dans ce service',
  service: 'du service',
  'national-type': 'national de ce type',
  national: 'national',
};

/** How a step says what it asks of a channel; nothing of the usual one. */
const BY_CHANNEL: Readonly<Record<StepChannel, string>> = {
  auto: '',
  sms: ', par SMS',
  email: ', par e-mail d’abord',
};

/** Hours before the appointment until which a reminder leaves, and after it for an absence, when a plan says no other. */
const USUAL_LIMIT = { reminder: 1, 'after-absence': 168 } as const;

/**
 * « 7 jours avant, si pris au moins 10 jours avant ; la veille à 18 h 00 ; après une absence ». A summons is named when
 * something of it is unusual; so are hours, channels and limits.
 */
export function planInWords({ summons, reminders, afterAbsence }: ReminderPlan): string {
  const after = afterAbsence === null ? [] : [afterAbsenceInWords(afterAbsence)];
  return [...summonsInWords(summons), ...reminders.map(reminderInWords), ...after].join(`${NBSP}; `);
}

function summonsInWords(step: SummonsStep): readonly string[] {
  const { hour, usefulUntilHours, channel } = step;
  const until = untilHours(usefulUntilHours, USUAL_SUMMONS.usefulUntilHours);
  const words = `${atHour(hour)}${BY_CHANNEL[channel]}${until}${itsTurn(step)}`;
  return words === '' ? [] : [`convocation${words}`];
}

function reminderInWords({ offsetDays, when, hour, channel, usefulUntilHours }: ReminderStep): string {
  const day = offsetDays === 1 ? 'la veille' : `${offsetDays}${NBSP}jours avant`;
  const condition =
    when.if === 'always'
      ? ''
      : when.if === 'booked-ahead'
        ? `, si pris au moins ${when.days}${NBSP}jours avant`
        : ', première convocation ou deux absences en un an';
  const until = untilHours(usefulUntilHours, USUAL_LIMIT.reminder);
  return `${day}${atHour(hour)}${condition}${BY_CHANNEL[channel]}${until}`;
}

function afterAbsenceInWords(step: AfterAbsenceStep): string {
  const { hour, channel, usefulUntilHours } = step;
  const isUsual = usefulUntilHours === USUAL_LIMIT['after-absence'];
  const until = isUsual ? '' : `, pendant ${usefulUntilHours}${NBSP}h`;
  return `après une absence${atHour(hour)}${BY_CHANNEL[channel]}${until}${itsTurn(step)}`;
}

function itsTurn({ isSpaced }: { readonly isSpaced: boolean }): string {
  return isSpaced ? ', au moins trois heures après un autre texte' : '';
}

function atHour(hour: string | null): string {
  return hour === null ? '' : ` à ${hourInWords(hour)}`;
}

function untilHours(hours: number, usual: number): string {
  return hours === usual ? '' : `, jusqu’à ${hours}${NBSP}h avant le rendez-vous`;
}

/** What a change does to the messages that have not left, each with its number. */
export function effectsOf({ moved, added, withdrawn, altered }: Replanned): readonly string[] {
  return [
    plural(moved, 'message change d’heure', 'messages changent d’heure'),
    plural(added, 'message est ajouté', 'messages sont ajoutés'),
    plural(withdrawn, 'message est retiré', 'messages sont retirés'),
    ...(altered === 0
      ? []
      : [plural(altered, 'message change de moyen ou de limite', 'messages changent de moyen ou de limite')]),
  ];
}

const COUNTS = ['moved', 'added', 'withdrawn', 'altered'] as const;

/** As the next page reads it back. */
export function effectsQuery(done: ReplanAnswer): string {
  if (done.later !== undefined) return `replan=${done.later}`;
  return COUNTS.map((name) => `${name}=${done[name]}`).join('&');
}

/** Null when the address says nothing of the sort. */
function effectsFrom(query: Readonly<Record<string, unknown>>): readonly string[] | null {
  const count = (name: (typeof COUNTS)[number]) => {
    const text = query[name];
    return typeof text === 'string' && /^\d{1,7}$/.test(text) ? Number(text) : null;
  };
  const [moved, added, withdrawn, altered] = COUNTS.map(count);
  if (moved == null || added == null || withdrawn == null || altered == null) return null;
  return effectsOf({ moved, added, withdrawn, altered });
}

/** What the change just saved did, or how far it has come; null when the address says nothing of the sort. */
export async function effectsSaid(
  tx: EntityManager,
  query: Readonly<Record<string, unknown>>,
): Promise<readonly string[] | null> {
  if (typeof query.replan !== 'string') return effectsFrom(query);
  const found = await findReplan(tx, query.replan);
  return found === undefined ? null : progressInWords(found);
}

/** What planning again has done, or how far it has come. */
export function progressInWords(progress: ReplanProgress): readonly string[] {
  if (progress.isFinished) return effectsOf(progress);
  const reached = `${thousands(progress.reached)} convocations sur ${thousands(progress.total)}`;
  return [`Messages planifiés de nouveau pour ${reached}${NBSP}: rechargez cette page pour suivre`];
}
