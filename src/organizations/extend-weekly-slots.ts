import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { type Calendar, holidays } from './domain/calendar.js';

const MONTHS_AHEAD = 6;

/**
 * Hours that do not exist that day are skipped; of an hour that comes twice, the first is opened (PostgreSQL
 * would take the second).
 */
const EXTEND = `
  INSERT INTO slot (agenda_id, type_code, weekly_slot_id, local_date, local_time, time_zone, starts_at,
    duration_minutes, capacity)
  SELECT w.agenda_id, w.type_code, w.id, d.day::date, w.local_time, p.time_zone, instant.first,
    w.duration_minutes, w.capacity
  FROM weekly_slot w
  JOIN agenda a ON a.id = w.agenda_id AND a.archived_at IS NULL
  JOIN place p ON p.id = a.place_id AND p.archived_at IS NULL
  JOIN organization o ON o.id = p.organization_id
  JOIN appointment_type t ON t.code = w.type_code
  CROSS JOIN LATERAL (SELECT ($1::timestamptz AT TIME ZONE p.time_zone)::date AS day) today
  CROSS JOIN LATERAL generate_series(
    today.day + (w.weekday - extract(isodow FROM today.day)::int + 7) % 7,
    today.day + make_interval(months => $2), interval '7 days') AS d (day)
  CROSS JOIN LATERAL (SELECT d.day::date + w.local_time AS wall) local
  CROSS JOIN LATERAL (SELECT local.wall AT TIME ZONE p.time_zone AS last) usual
  CROSS JOIN LATERAL (SELECT CASE
    WHEN (usual.last - interval '1 hour') AT TIME ZONE p.time_zone = local.wall THEN usual.last - interval '1 hour'
    ELSE usual.last END AS first) instant
  WHERE instant.first AT TIME ZONE p.time_zone = local.wall
    AND instant.first > $1
    AND (t.on_weekends OR (w.weekday < 6
      AND NOT EXISTS (SELECT FROM unnest($3::text[], $4::date[]) AS h (calendar, day)
        WHERE h.calendar = o.calendar AND h.day = d.day::date)
      AND NOT EXISTS (SELECT FROM place_closing_day c WHERE c.place_id = p.id AND c.local_date = d.day::date)))
  ON CONFLICT (weekly_slot_id, local_date) DO NOTHING
  RETURNING id`;

/** Opens the slots of every weekly opening, six months ahead; what is open already stays as it is. */
@Injectable()
export class ExtendWeeklySlots {
  constructor(private readonly clock: Clock) {}

  /** Scheduled nightly. @returns slots opened */
  async execute(tx: EntityManager): Promise<number> {
    const now = await this.clock.now(tx);
    const calendars: { calendar: Calendar }[] = await tx.query(
      `SELECT DISTINCT o.calendar FROM weekly_slot w JOIN agenda a ON a.id = w.agenda_id
       JOIN place p ON p.id = a.place_id JOIN organization o ON o.id = p.organization_id`,
    );
    const closed = calendars.flatMap(({ calendar }) => holidaysAround(calendar, now));
    const opened: unknown[] = await tx.query(EXTEND, [
      now.toString(),
      MONTHS_AHEAD,
      closed.map((holiday) => holiday.calendar),
      closed.map((holiday) => holiday.date),
    ]);
    return opened.length;
  }
}

function holidaysAround(calendar: Calendar, now: Temporal.Instant): { calendar: Calendar; date: string }[] {
  const { year } = now.toZonedDateTimeISO('UTC');
  return [year - 1, year, year + 1].flatMap((one) =>
    holidays(calendar, one).map(({ date }) => ({ calendar, date })),
  );
}
