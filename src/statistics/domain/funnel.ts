import { knownOutcomes, type OutcomeCounts } from './absence-rate.js';
import type { Share } from './rate-interval.js';

/** From the convocation to the visit by way of its reminder; each count is part of the one above it. */
export interface Funnel {
  /** Convocations whose outcome is known. */
  readonly known: number;
  /** Of them, with a reminder that could be sent. */
  readonly due: number;
  /** Handed over to an operator. */
  readonly handedOver: number;
  /** Proved to have arrived. */
  readonly delivered: number;
  /** Arrived, and the person came. */
  readonly attended: number;
  readonly absenceWhenDelivered: Share;
  readonly absenceOtherwise: Share;
}

type Cell = OutcomeCounts & { readonly dimension: string; readonly value: string };

const WITHOUT_REMINDER = ['no-means', 'none'];
const NEVER_LEFT = [...WITHOUT_REMINDER, 'not-handed-over'];

/** @param cells by property; those of the reminder count */
export function reminderFunnel(cells: readonly Cell[]): Funnel {
  const reminders = cells.filter(({ dimension }) => dimension === 'reminder');
  const delivered = reminders.filter(({ value }) => value === 'delivered');
  const others = reminders.filter(({ value }) => value !== 'delivered');
  return {
    known: known(reminders),
    due: known(reminders.filter(({ value }) => !WITHOUT_REMINDER.includes(value))),
    handedOver: known(reminders.filter(({ value }) => !NEVER_LEFT.includes(value))),
    delivered: known(delivered),
    attended: delivered.reduce((sum, { attended }) => sum + attended, 0),
    absenceWhenDelivered: share(delivered),
    absenceOtherwise: share(others),
  };
}

function known(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + knownOutcomes(cell), 0);
}

function share(cells: readonly Cell[]): Share {
  return { missed: cells.reduce((sum, { missed }) => sum + missed, 0), known: known(cells) };
}
