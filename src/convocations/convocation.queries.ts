import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { SlotView } from '../organizations/slot.queries.js';
import type { CancelledBy, ConvocationEvent, ConvocationState } from './domain/convocation.states.js';

export interface ConvocationView {
  readonly id: string;
  readonly personId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly typeCode: string;
  readonly typeName: string;
  readonly agendaId: string;
  readonly agendaName: string;
  readonly placeId: string;
  readonly placeName: string;
  readonly placeAddress: string;
  /** Service of the place. */
  readonly organizationId: string;
  readonly organizationName: string;
  readonly slotId: string | null;
  /** Wall clock at the place. */
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly durationMinutes: number;
  readonly promiseVersion: number;
  readonly state: ConvocationState;
  readonly cancelledBy: CancelledBy | null;
  readonly outcomeAt: Date | null;
  readonly createdByOrganizationId: string;
  readonly createdByAgentId: string | null;
  readonly createdByName: string | null;
  readonly assignedToAgentId: string | null;
  readonly assignedToName: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** What this actor may do to it now: arrows of the table, hour, role and service. */
  readonly allowedEvents: readonly ConvocationEvent[];
}

export interface HistoryView {
  readonly id: string;
  readonly at: Date;
  readonly event: string;
  readonly personId: string;
  readonly convocationId: string | null;
  /** Null when a program, the person or the service itself acted. */
  readonly agentName: string | null;
  readonly byProgram: boolean;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** @throws NotFound when missing, or neither at a place of the actor's service nor booked by it */
export function findConvocation(tx: EntityManager, actor: Actor, id: string): Promise<ConvocationView> {
  throw new Error('skeleton');
}

/** Those of one person that the actor may see, latest first, at most 200. @throws NotFound for a person not followed */
export function convocationsOfPerson(
  tx: EntityManager,
  actor: Actor,
  personId: string,
): Promise<ConvocationView[]> {
  throw new Error('skeleton');
}

export interface NextConvocation {
  readonly id: string;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly placeName: string;
}

/** The next booked convocation of each of these persons, among those the actor may see; for a page of results. */
export function nextOfPersons(
  tx: EntityManager,
  actor: Actor,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, NextConvocation>> {
  throw new Error('skeleton');
}

/** One local day of the actor's service, by hour; cancelled ones included. At most 500. */
export function dayList(
  tx: EntityManager,
  actor: Actor,
  filter: { readonly date: string; readonly agendaId?: string | undefined },
): Promise<ConvocationView[]> {
  throw new Error('skeleton');
}

/** Past convocations of the actor's service still without an outcome, oldest first. */
export function unmarkedPast(tx: EntityManager, actor: Actor, limit: number): Promise<ConvocationView[]> {
  throw new Error('skeleton');
}

/** Of the actor's service, "today" being that of each place. By hour, at most 500. */
export function todayOf(tx: EntityManager, actor: Actor): Promise<ConvocationView[]> {
  throw new Error('skeleton');
}

/** The next slots with a free seat that the actor may book. */
export function seatsNext(
  tx: EntityManager,
  actor: Actor,
  filter: {
    readonly typeCode: string;
    readonly agendaId?: string | undefined;
    readonly placeId?: string | undefined;
    readonly limit: number;
  },
): Promise<SlotView[]> {
  throw new Error('skeleton');
}

/**
 * What happened to one person or one convocation that the actor may see, latest first, at most 200.
 * @throws NotFound when the actor may not see it
 */
export function historyOf(
  tx: EntityManager,
  actor: Actor,
  subject: { readonly personId: string } | { readonly convocationId: string },
): Promise<HistoryView[]> {
  throw new Error('skeleton');
}
