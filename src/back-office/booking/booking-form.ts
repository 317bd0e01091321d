export const BOOKING_FIELDS = ['typeCode', 'agendaId', 'seat', 'date', 'time', 'notify'] as const;

/** As posted; '' is what was not said yet. */
export type BookingForm = Readonly<Record<(typeof BOOKING_FIELDS)[number], string>>;

export const NOTHING_SAID: BookingForm = {
  typeCode: '',
  agendaId: '',
  seat: '',
  date: '',
  time: '',
  notify: '',
};
