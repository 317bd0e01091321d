import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../access/actor.js';
import { scopeOf } from '../access/domain/rights.js';
import type { OrganizationKind } from '../access/domain/roles.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import type { Calendar } from './domain/calendar.js';
import { placeScope, VISIBLE_OPENING, VISIBLE_PLACE } from './visibility.js';

export interface OrganizationView {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly timeZone: string;
  readonly calendar: Calendar;
}

export interface PlaceView {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly address: string;
  readonly timeZone: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly contactMethod: 'phone' | 'email';
  readonly informationUrl: string | null;
}

export interface AgendaView {
  readonly id: string;
  readonly name: string;
  readonly placeId: string;
  readonly placeName: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly timeZone: string;
}

export interface AppointmentTypeView {
  /** The code. */
  readonly id: string;
  readonly name: string;
  readonly needsSlot: boolean;
  readonly onWeekends: boolean;
  readonly showsAddress: boolean;
  readonly isHearingExit: boolean;
  readonly isAssigned: boolean;
  readonly placeKind: OrganizationKind | null;
}

const AGENDA_COLUMNS = `a.id, a.name, p.id AS "placeId", p.name AS "placeName", o.id AS "organizationId",
  o.name AS "organizationName", p.time_zone AS "timeZone"`;
const AGENDAS = `agenda a JOIN place p ON p.id = a.place_id JOIN organization o ON o.id = p.organization_id`;
const IN_USE = 'a.archived_at IS NULL AND p.archived_at IS NULL';

/** Mine and those linked to mine; all of them for a central administrator. By name. */
export function listOrganizations(tx: EntityManager, actor: Actor): Promise<OrganizationView[]> {
  return tx.query(
    `SELECT id, name, kind, time_zone AS "timeZone", calendar FROM organization
     WHERE $1::boolean OR id = ANY($2::uuid[]) ORDER BY name`,
    scopeOf(actor, 'organization.read'),
  );
}

/** Places that are not archived: of my service and, for a court, of its linked SPIPs. By service and name. */
export function listPlaces(tx: EntityManager, actor: Actor): Promise<PlaceView[]> {
  return tx.query(
    `SELECT p.id, p.name, o.id AS "organizationId", o.name AS "organizationName", p.address,
       p.time_zone AS "timeZone", p.phone, p.email, p.contact_method AS "contactMethod",
       p.information_url AS "informationUrl"
     FROM place p JOIN organization o ON o.id = p.organization_id
     WHERE p.archived_at IS NULL AND ${VISIBLE_PLACE} ORDER BY o.name, p.name`,
    placeScope(actor),
  );
}

/** Agendas that are not archived, of the same places. By service, place and name. */
export function listAgendas(tx: EntityManager, actor: Actor): Promise<AgendaView[]> {
  return tx.query(
    `SELECT ${AGENDA_COLUMNS} FROM ${AGENDAS} WHERE ${IN_USE} AND ${VISIBLE_PLACE} ORDER BY o.name, p.name, a.name`,
    placeScope(actor),
  );
}

/** @throws NotFound when missing, archived, or not visible */
export async function findAgenda(tx: EntityManager, actor: Actor, agendaId: string): Promise<AgendaView> {
  if (!isUuid(agendaId)) throw new NotFound('agenda');
  const rows: AgendaView[] = await tx.query(
    `SELECT ${AGENDA_COLUMNS} FROM ${AGENDAS} WHERE a.id = $4 AND ${IN_USE} AND ${VISIBLE_PLACE}`,
    [...placeScope(actor), agendaId],
  );
  const agenda = rows[0];
  if (agenda === undefined) throw new NotFound('agenda');
  return agenda;
}

const BOOKABLE_TYPE = `($1::boolean OR $2 = ANY(CASE $3 WHEN 'tj' THEN t.booked_by_tj ELSE t.booked_by_spip END))`;

/** The types the actor may book, in the order of the screens. */
export function listAppointmentTypes(tx: EntityManager, actor: Actor): Promise<AppointmentTypeView[]> {
  return tx.query(
    `SELECT code AS id, name, needs_slot AS "needsSlot", on_weekends AS "onWeekends",
       shows_address AS "showsAddress", is_hearing_exit AS "isHearingExit", is_assigned AS "isAssigned",
       place_kind AS "placeKind"
     FROM appointment_type t WHERE ${BOOKABLE_TYPE} ORDER BY position`,
    [actsEverywhere(actor), actor.role, actor.organizationKind],
  );
}

export interface BookableAgenda extends AgendaView {
  readonly placeAddress: string;
}

/** Agendas in which the actor may book this type; empty when the type is not theirs to book. */
export function bookableAgendas(
  tx: EntityManager,
  actor: Actor,
  typeCode: string,
): Promise<BookableAgenda[]> {
  return tx.query(
    `SELECT ${AGENDA_COLUMNS}, p.address AS "placeAddress" FROM ${AGENDAS} JOIN appointment_type t ON t.code = $6
     WHERE ${IN_USE} AND ${VISIBLE_OPENING} AND coalesce(t.place_kind, o.kind) = o.kind
       AND ($1::boolean OR $4 = ANY(CASE $5 WHEN 'tj' THEN t.booked_by_tj ELSE t.booked_by_spip END))
     ORDER BY o.name, p.name, a.name`,
    [...placeScope(actor), actor.role, actor.organizationKind, typeCode],
  );
}
