import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock.js';
import { DomainError, ValidationFailed } from '../shared/domain-error.js';
import type { Instant } from '../shared/time.js';
import {
  type AgendaRules,
  type AppointmentTypeRules,
  loadManagedAgenda,
  loadTypeToOpen,
  workingDays,
} from './agenda-rules.js';
import { isDate, openingInstant, type WorkingDays } from './domain/opening.js';
import { refuseSlotShape } from './slot-shape.js';

export interface OpenSlotsCommand {
  readonly agendaId: string;
  readonly typeCode: string;
  readonly dates: readonly string[];
  readonly times: readonly string[];
  readonly durationMinutes: number;
  readonly capacity: number;
}

/** One date and hour that was not opened; `reason` is a refusal code, or `exists`. */
export interface SkippedSlot {
  readonly date: string;
  readonly time: string;
  readonly reason: string;
}

export interface OpenSlotsResult {
  readonly opened: number;
  readonly skipped: readonly SkippedSlot[];
}

interface Opening {
  readonly date: string;
  readonly time: string;
  readonly startsAt: string;
}

const MOST = 2000;

/** Every hour on every date, in one statement; what a rule refuses or what is open already is left out and told. */
@Injectable()
export class OpenSlots {
  constructor(private readonly clock: Clock) {}

  /** @throws Forbidden, NotFound, ValidationFailed, TypeNotAllowed */
  async execute(tx: EntityManager, command: OpenSlotsCommand, actor: Actor): Promise<OpenSlotsResult> {
    refuseSlotShape(command);
    const dates = distinct(command.dates, 'dates');
    const times = distinct(command.times, 'times');
    if (dates.length * times.length > MOST) throw invalid('dates', `at most ${MOST} slots at once`);
    const agenda = await loadManagedAgenda(tx, actor, command.agendaId);
    const type = await loadTypeToOpen(tx, actor, agenda, command.typeCode);
    const days = await workingDays(tx, agenda.placeId, dates.filter(isDate));
    const sorted = sort(dates, times, agenda, type, days, await this.clock.now(tx));
    const opened = await insert(tx, agenda, type, sorted.openings, command);
    const exist = sorted.openings.filter((opening) => !opened.has(opening.startsAt));
    return {
      opened: opened.size,
      skipped: [...sorted.refused, ...exist.map(({ date, time }) => ({ date, time, reason: 'exists' }))],
    };
  }
}

function sort(
  dates: readonly string[],
  times: readonly string[],
  agenda: AgendaRules,
  type: AppointmentTypeRules,
  days: WorkingDays,
  now: Instant,
): { openings: Opening[]; refused: SkippedSlot[] } {
  const openings: Opening[] = [];
  const refused: SkippedSlot[] = [];
  for (const date of dates)
    for (const time of times)
      try {
        const startsAt = openingInstant({ date, time, timeZone: agenda.timeZone }, type, days, now);
        openings.push({ date, time, startsAt: startsAt.toString({ fractionalSecondDigits: 3 }) });
      } catch (error) {
        if (!(error instanceof DomainError) || error instanceof ValidationFailed) throw error;
        refused.push({ date, time, reason: error.code });
      }
  return { openings, refused };
}

/** @returns the instants that were opened */
async function insert(
  tx: EntityManager,
  agenda: AgendaRules,
  type: AppointmentTypeRules,
  openings: readonly Opening[],
  seats: { readonly durationMinutes: number; readonly capacity: number },
): Promise<ReadonlySet<string>> {
  const rows: { startsAt: Date }[] = await tx.query(
    `INSERT INTO slot (agenda_id, type_code, local_date, local_time, time_zone, starts_at, duration_minutes, capacity)
     SELECT $1, $2, o.local_date, o.local_time, $3, o.starts_at, $4, $5
     FROM unnest($6::date[], $7::time[], $8::timestamptz[]) AS o (local_date, local_time, starts_at)
     WHERE NOT EXISTS (SELECT FROM slot s WHERE s.agenda_id = $1 AND s.type_code = $2
       AND s.starts_at = o.starts_at AND s.closed_at IS NULL)
     RETURNING starts_at AS "startsAt"`,
    [
      agenda.id,
      type.code,
      agenda.timeZone,
      seats.durationMinutes,
      seats.capacity,
      openings.map((one) => one.date),
      openings.map((one) => one.time),
      openings.map((one) => one.startsAt),
    ],
  );
  return new Set(rows.map((row) => row.startsAt.toISOString()));
}

function distinct(values: readonly string[], field: string): string[] {
  if (values.length === 0) throw invalid(field, 'at least one');
  return [...new Set(values)].sort();
}

function invalid(field: string, message: string): ValidationFailed {
  return new ValidationFailed([{ field, code: 'range', message }]);
}
