import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { NotFound, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../shared/page.js';
import { type LabelledDays, mayManageSlots, workingDays } from './agenda-rules.js';
import { holidays } from './domain/calendar.js';
import { closedReason, type ClosedReason, isDate } from './domain/opening.js';
import { type AgendaView, findAgenda } from './organization.queries.js';
import { placeScope, VISIBLE_OPENING } from './visibility.js';

export interface SlotView {
  readonly id: string;
  readonly agendaId: string;
  readonly agendaName: string;
  readonly placeId: string;
  readonly placeName: string;
  readonly organizationId: string;
  readonly typeCode: string;
  readonly typeName: string;
  /** Wall clock at the place. */
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly durationMinutes: number;
  readonly capacity: number;
  readonly seatsTaken: number;
  readonly seatsLeft: number;
  readonly closed: boolean;
}

export interface SlotFilter extends PageRequest {
  readonly agendaId?: string | undefined;
  readonly placeId?: string | undefined;
  readonly typeCode?: string | undefined;
  /** First and last local date, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Leaves out the full ones. */
  readonly onlyFree?: boolean | undefined;
}

export interface AgendaDay {
  readonly date: string;
  /** Why nothing opens that day, in the words of the calendar or of the place; null on a working day. */
  readonly closed: {
    readonly reason: ClosedReason;
    readonly label: string | null;
  } | null;
  readonly slots: readonly SlotView[];
}

export interface AgendaWeek {
  readonly agenda: AgendaView;
  readonly monday: string;
  /** True when the actor may open and close slots here (role and service). */
  readonly manageable: boolean;
  /** Monday to Sunday; closed slots are shown too. */
  readonly days: readonly AgendaDay[];
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const CURSOR = [/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/, /^[0-9a-f-]{36}$/];

const SLOT = `s.id, s.agenda_id AS "agendaId", a.name AS "agendaName", p.id AS "placeId", p.name AS "placeName",
  p.organization_id AS "organizationId", s.type_code AS "typeCode", t.name AS "typeName", s.local_date AS date,
  s.local_time AS time, s.time_zone AS "timeZone", s.starts_at AS "startsAt",
  s.duration_minutes AS "durationMinutes", s.capacity, s.seats_taken AS "seatsTaken",
  s.capacity - s.seats_taken AS "seatsLeft", s.closed_at IS NOT NULL AS closed`;
const SLOTS = `slot s JOIN agenda a ON a.id = s.agenda_id JOIN place p ON p.id = a.place_id
  JOIN appointment_type t ON t.code = s.type_code`;

/** Slots to come that are open and visible to the actor, soonest first; at most 200 a page. */
export async function openSlots(
  tx: EntityManager,
  actor: Actor,
  filter: SlotFilter,
): Promise<Page<SlotView>> {
  const limit = Math.min(Math.max(filter.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const parameters: unknown[] = [...placeScope(actor), limit + 1];
  const conditions = slotConditions(filter, (value) => `$${parameters.push(value)}`);
  const rows: SlotView[] = await tx.query(
    `SELECT ${SLOT} FROM ${SLOTS}
     WHERE ${[VISIBLE_OPENING, ...conditions].join(' AND ')}
     ORDER BY s.starts_at, s.id LIMIT $4`,
    parameters,
  );
  return pageOf(rows, limit, (last) => encodeCursor([last.startsAt.toISOString(), last.id]));
}

function slotConditions(filter: SlotFilter, bind: (value: unknown) => string): string[] {
  const conditions = [
    'a.archived_at IS NULL AND p.archived_at IS NULL',
    's.closed_at IS NULL AND s.starts_at > (SELECT app_now())',
  ];
  if (filter.agendaId != null) conditions.push(`s.agenda_id = ${bind(uuidOr(filter.agendaId))}`);
  if (filter.placeId != null) conditions.push(`a.place_id = ${bind(uuidOr(filter.placeId))}`);
  if (filter.typeCode != null) conditions.push(`s.type_code = ${bind(filter.typeCode)}`);
  if (filter.from != null) conditions.push(`s.local_date >= ${bind(dateOf(filter.from, 'from'))}::date`);
  if (filter.to != null) conditions.push(`s.local_date <= ${bind(dateOf(filter.to, 'to'))}::date`);
  if (filter.onlyFree === true) conditions.push('s.seats_taken < s.capacity');
  if (filter.cursor != null) {
    const [startsAt, id] = decodeCursor(filter.cursor, CURSOR);
    conditions.push(
      `(s.starts_at, s.id) > (${bind(startsAt)}::timestamptz, ${bind(uuidOr(id ?? ''))}::uuid)`,
    );
  }
  return conditions;
}

/**
 * One week of one agenda, closed slots included.
 * @param anyDay any date of the week
 * @throws NotFound when the agenda is not visible to the actor
 */
export async function agendaWeek(
  tx: EntityManager,
  actor: Actor,
  agendaId: string,
  anyDay: string,
): Promise<AgendaWeek> {
  const agenda = await findAgenda(tx, actor, agendaId);
  const dates = weekOf(dateOf(anyDay, 'week'));
  const slots: SlotView[] = await tx.query(
    `SELECT ${SLOT} FROM ${SLOTS}
     WHERE ${VISIBLE_OPENING} AND s.agenda_id = $4 AND s.local_date BETWEEN $5 AND $6
       AND s.starts_at BETWEEN $5::date - interval '1 day' AND $6::date + interval '2 days'
     ORDER BY s.starts_at, t.position, s.id`,
    [...placeScope(actor), agendaId, dates[0], dates[6]],
  );
  const days = await workingDays(tx, agenda.placeId, dates);
  return {
    agenda,
    monday: dates[0] ?? anyDay,
    manageable: mayManageSlots(actor, agenda.organizationId),
    days: dates.map((date) => ({
      date,
      closed: closedOf(date, days),
      slots: slots.filter((slot) => slot.date === date),
    })),
  };
}

/** @throws NotFound when missing or not visible */
export async function findSlot(tx: EntityManager, actor: Actor, slotId: string): Promise<SlotView> {
  if (!isUuid(slotId)) throw new NotFound('slot');
  const rows: SlotView[] = await tx.query(
    `SELECT ${SLOT} FROM ${SLOTS} WHERE s.id = $4 AND ${VISIBLE_OPENING}`,
    [...placeScope(actor), slotId],
  );
  const slot = rows[0];
  if (slot === undefined) throw new NotFound('slot');
  return slot;
}

function weekOf(day: string): string[] {
  const date = Temporal.PlainDate.from(day);
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  return [0, 1, 2, 3, 4, 5, 6].map((days) => monday.add({ days }).toString());
}

function closedOf(date: string, days: LabelledDays): AgendaDay['closed'] {
  const reason = closedReason(date, days);
  if (reason === null) return null;
  const label = reason === 'holiday' ? holidayLabel(days, date) : days.labels.get(date);
  return { reason, label: label ?? null };
}

function holidayLabel(days: LabelledDays, date: string): string | undefined {
  return holidays(days.calendar, Number(date.slice(0, 4))).find((holiday) => holiday.date === date)?.label;
}

function dateOf(text: string, field: string): string {
  if (isDate(text)) return text;
  throw new ValidationFailed([{ field, code: 'date', message: 'not a day, YYYY-MM-DD' }]);
}

/** A filter that is no uuid matches nothing. */
function uuidOr(text: string): string {
  return isUuid(text) ? text : '00000000-0000-0000-0000-000000000000';
}
