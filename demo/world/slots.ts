import { daysBetween, isWorkingDay, weekdayOf } from './days.js';
import { openingId } from './ids.js';
import { OPENINGS, serviceOf } from './services.js';

/** Seats of the weekly openings on every working day of a period. */
export function demoSlots(from: string, to: string): { weekly_slot_id: string; local_date: string }[] {
  const days = [...daysBetween(from, to)];
  return OPENINGS.flatMap((opening) =>
    days
      .filter(
        (date) =>
          weekdayOf(date) === opening.weekday && isWorkingDay(serviceOf(opening.service).calendar, date),
      )
      .map((local_date) => ({ weekly_slot_id: openingId(opening), local_date })),
  );
}
