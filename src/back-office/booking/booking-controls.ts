import type { Problems } from '../../ui/forms.js';

/** What the page offers to choose from, and what is wrong. */
interface Offered {
  /** Null: the type is to be chosen. */
  readonly moves: object | null;
  readonly types: readonly { readonly code: string }[];
  readonly agendas: readonly unknown[];
  readonly next: readonly { readonly slotId: string }[];
  readonly freeAllowed: boolean;
  readonly seat: string;
  readonly problems: Problems;
}

export const typeId = (code: string): string => `type-${code}`;
export const seatId = (slotId: string): string => `seat-${slotId}`;
export const FREE_SEAT_ID = 'seat-free';
export const MESSAGES_ID = 'notify-true';

/** The first radio button of the types. */
export function typesId([first]: Offered['types']): string {
  return typeId(first?.code ?? '');
}

/** The first radio button of dates and hours. */
export function seatsId([first]: Offered['next']): string {
  return first === undefined ? FREE_SEAT_ID : seatId(first.slotId);
}

/**
 * Each problem at the control of this page that mends it, or about the form as a whole. Where nothing is offered, what
 * was chosen before it is what to change.
 */
export function problemsAt(offered: Offered): Problems {
  const { moves, types, agendas, next, freeAllowed } = offered;
  const type = moves === null && types.length > 0 ? typesId(types) : undefined;
  const agenda = agendas.length > 0 ? 'agendaId' : type;
  const seat = next.length > 0 || freeAllowed ? seatsId(next) : agenda;
  const isFree = freeAllowed && offered.seat === 'free';
  const controls: Readonly<Record<string, string | undefined>> = {
    ...{ typeCode: type ?? agenda, agendaId: agenda, slotId: seat, seat, notify: MESSAGES_ID },
    ...{ date: isFree ? 'date' : seat, time: isFree ? 'time' : seat },
  };
  return offered.problems.map(({ field = '', sentence }) => ({ field: controls[field], sentence }));
}
