import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { OrganizationKind } from '../access/domain/roles.js';
import type { Calendar } from './domain/calendar.js';

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

/** Mine and those linked to mine; all of them for a central administrator. By name. */
export function listOrganizations(tx: EntityManager, actor: Actor): Promise<OrganizationView[]> {
  throw new Error('skeleton');
}

/** Places that are not archived: of my service and, for a court, of its linked SPIPs. By name. */
export function listPlaces(tx: EntityManager, actor: Actor): Promise<PlaceView[]> {
  throw new Error('skeleton');
}

/** Agendas that are not archived, of the same places. By place and name. */
export function listAgendas(tx: EntityManager, actor: Actor): Promise<AgendaView[]> {
  throw new Error('skeleton');
}

/** The types the actor may book, in the order of the screens. */
export function listAppointmentTypes(tx: EntityManager, actor: Actor): Promise<AppointmentTypeView[]> {
  throw new Error('skeleton');
}

/** Agendas in which the actor may book this type; empty when the type is not theirs to book. */
export function bookableAgendas(tx: EntityManager, actor: Actor, typeCode: string): Promise<AgendaView[]> {
  throw new Error('skeleton');
}
