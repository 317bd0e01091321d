import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../access/actor.js';
import type { TypeFamily } from '../access/domain/rights-table.js';
import { may, reaches } from '../access/domain/rights.js';
import type { OrganizationKind } from '../access/domain/roles.js';
import { Forbidden, NotFound, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import type { Calendar } from './domain/calendar.js';
import {
  isBookedAt,
  mayHoldType,
  TypeNotAllowed,
  type TypeRules,
  type WorkingDays,
} from './domain/opening.js';
import { placeScope, VISIBLE_PLACE } from './visibility.js';

/** What the rules need to know of an agenda in use: its place and the service of the place. */
export interface AgendaRules {
  readonly id: string;
  readonly placeId: string;
  readonly organizationId: string;
  readonly organizationKind: OrganizationKind;
  readonly timeZone: string;
}

export interface AppointmentTypeRules extends TypeRules {
  readonly code: string;
  readonly family: TypeFamily;
  readonly needsSlot: boolean;
  readonly onWeekends: boolean;
  readonly isAssigned: boolean;
}

export interface LabelledDays extends WorkingDays {
  /** Closing day → its label, in the words of the place. */
  readonly labels: ReadonlyMap<string, string>;
}

/** @throws NotFound when missing, archived, or not visible to the actor */
export async function loadAgenda(tx: EntityManager, actor: Actor, agendaId: string): Promise<AgendaRules> {
  if (!isUuid(agendaId)) throw new NotFound('agenda');
  const rows: AgendaRules[] = await tx.query(
    `SELECT a.id, p.id AS "placeId", o.id AS "organizationId", o.kind AS "organizationKind", p.time_zone AS "timeZone"
     FROM agenda a JOIN place p ON p.id = a.place_id JOIN organization o ON o.id = p.organization_id
     WHERE a.id = $4 AND a.archived_at IS NULL AND p.archived_at IS NULL AND ${VISIBLE_PLACE}`,
    [...placeScope(actor), agendaId],
  );
  const agenda = rows[0];
  if (agenda === undefined) throw new NotFound('agenda');
  return agenda;
}

/**
 * An agenda in which the actor may open and close slots.
 * @throws Forbidden by role, NotFound when it is not of the actor's service
 */
export async function loadManagedAgenda(
  tx: EntityManager,
  actor: Actor,
  agendaId: string,
): Promise<AgendaRules> {
  if (!may(actor, 'slot.manage')) throw new Forbidden('slot.manage');
  const agenda = await loadAgenda(tx, actor, agendaId);
  if (!mayManageSlots(actor, agenda.organizationId)) throw new NotFound('agenda');
  return agenda;
}

export function mayManageSlots(actor: Actor, organizationId: string): boolean {
  return reaches(actor, 'slot.manage', organizationId);
}

/** Overseers open and close the slots of electronic monitoring only. @throws TypeNotAllowed */
export function refuseUnmanagedType(
  actor: Actor,
  type: { readonly code: string; readonly family: TypeFamily },
): void {
  if (type.family !== 'monitoring' && !may(actor, 'slot.manage-any-type'))
    throw new TypeNotAllowed(type.code);
}

/** @throws ValidationFailed for an unknown code */
export async function loadType(tx: EntityManager, code: string): Promise<AppointmentTypeRules> {
  const rows: AppointmentTypeRules[] = await tx.query(
    `SELECT code, family, needs_slot AS "needsSlot", on_weekends AS "onWeekends", is_assigned AS "isAssigned",
       is_hearing_exit AS "isHearingExit", place_kind AS "placeKind", booked_by_tj AS "bookedByTj",
       booked_by_spip AS "bookedBySpip"
     FROM appointment_type WHERE code = $1`,
    [code],
  );
  const type = rows[0];
  if (type === undefined)
    throw new ValidationFailed([{ field: 'typeCode', code: 'unknown', message: 'unknown appointment type' }]);
  return type;
}

/**
 * The type of a slot that the actor opens.
 * @throws TypeNotAllowed when the place may not hold the type, or nobody but a central administrator ever books it there
 */
export async function loadTypeToOpen(
  tx: EntityManager,
  actor: Actor,
  { organizationKind }: AgendaRules,
  typeCode: string,
): Promise<AppointmentTypeRules> {
  const type = await loadType(tx, typeCode);
  const isBooked = actsEverywhere(actor) || isBookedAt(type, organizationKind);
  if (!isBooked || !mayHoldType(type, organizationKind)) throw new TypeNotAllowed(typeCode);
  refuseUnmanagedType(actor, type);
  return type;
}

/** The calendar of the place's service, and which of these dates the place itself closes. */
export async function workingDays(
  tx: EntityManager,
  placeId: string,
  dates: readonly string[],
): Promise<LabelledDays> {
  const rows: { calendar: Calendar; date: string | null; label: string | null }[] = await tx.query(
    `SELECT o.calendar, d.local_date AS date, d.label
     FROM place p JOIN organization o ON o.id = p.organization_id
     LEFT JOIN place_closing_day d ON d.place_id = p.id AND d.local_date = ANY($2::date[])
     WHERE p.id = $1`,
    [placeId, dates],
  );
  const first = rows[0];
  if (first === undefined) throw new NotFound('place');
  const labels = new Map(
    rows.flatMap((row) => (row.date === null ? [] : [[row.date, row.label ?? ''] as const])),
  );
  return { calendar: first.calendar, closingDays: [...labels.keys()], labels };
}
