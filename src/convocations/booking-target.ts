/** A seat, or a free hour of an agenda (wall clock at the place). */
export type BookingTarget =
  { readonly slotId: string } | { readonly agendaId: string; readonly date: string; readonly time: string };
