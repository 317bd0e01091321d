import type { BookingTarget } from '../../convocations/booking-target.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { BookingForm } from './booking-form.js';

/** Where the form says: a seat, or a free hour of the agenda. @throws ValidationFailed when it says neither */
export function targetOf(form: BookingForm): BookingTarget {
  if (form.notify !== 'true' && form.notify !== 'false') throw missing('notify');
  if (form.seat === 'free') return { agendaId: form.agendaId, date: form.date, time: form.time };
  if (form.seat === '') throw missing('seat');
  return { slotId: form.seat };
}

function missing(field: string): ValidationFailed {
  return new ValidationFailed([{ field, code: 'required', message: 'required' }]);
}
