import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Page, PageRequest } from '../shared/page.js';
import type { AgendaView } from './organization.queries.js';

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
    readonly reason: 'weekend' | 'holiday' | 'closing-day';
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

/** Slots to come that are open and visible to the actor, soonest first. */
export function openSlots(tx: EntityManager, actor: Actor, filter: SlotFilter): Promise<Page<SlotView>> {
  throw new Error('skeleton');
}

/**
 * One week of one agenda.
 * @param monday any date of the week
 * @throws NotFound when the agenda is not visible to the actor
 */
export function agendaWeek(
  tx: EntityManager,
  actor: Actor,
  agendaId: string,
  monday: string,
): Promise<AgendaWeek> {
  throw new Error('skeleton');
}

/** @throws NotFound when missing or not visible */
export function findSlot(tx: EntityManager, actor: Actor, slotId: string): Promise<SlotView> {
  throw new Error('skeleton');
}
