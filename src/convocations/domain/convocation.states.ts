export const CONVOCATION_STATES = ['booked', 'attended', 'missed', 'excused', 'cancelled'] as const;
export type ConvocationState = (typeof CONVOCATION_STATES)[number];

export const CONVOCATION_EVENTS = ['attend', 'miss', 'excuse', 'cancel', 'reschedule', 'reopen'] as const;
export type ConvocationEvent = (typeof CONVOCATION_EVENTS)[number];

export const CANCELLED_BY = ['service', 'person', 'court'] as const;
export type CancelledBy = (typeof CANCELLED_BY)[number];

/** Who may go where; the buttons of the screens are the keys of this table. */
export const CONVOCATION_TRANSITIONS = {
  booked: {
    attend: 'attended',
    miss: 'missed',
    excuse: 'excused',
    cancel: 'cancelled',
    reschedule: 'booked',
  },
  attended: { reopen: 'booked' },
  missed: { reopen: 'booked' },
  excused: { reopen: 'booked' },
  cancelled: {},
} as const satisfies Record<ConvocationState, Partial<Record<ConvocationEvent, ConvocationState>>>;

/** States in which a seat is held; every arrow that crosses this line frees or takes one. */
export const SEATED_STATES: readonly ConvocationState[] = ['booked', 'attended', 'missed'];

/** @returns the target state, or undefined when the table has no such arrow */
export function target(from: ConvocationState, event: ConvocationEvent): ConvocationState | undefined {
  const arrows: Partial<Record<ConvocationEvent, ConvocationState>> = CONVOCATION_TRANSITIONS[from];
  return arrows[event];
}
