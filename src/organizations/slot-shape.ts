import { type FieldError, ValidationFailed } from '../shared/domain-error.js';
import { isWhole } from '../shared/whole-number.js';

/** Same bounds as the constraints of the `slot` table. */
export function refuseSlotShape(slot: {
  readonly durationMinutes?: number;
  readonly capacity?: number;
}): void {
  const errors: FieldError[] = [];
  if (slot.durationMinutes !== undefined && !isWhole(slot.durationMinutes, { least: 5, most: 600 }))
    errors.push({ field: 'durationMinutes', code: 'range', message: 'between 5 and 600 minutes' });
  if (slot.capacity !== undefined && !isWhole(slot.capacity, { least: 1, most: 500 }))
    errors.push({ field: 'capacity', code: 'range', message: 'between 1 and 500 seats' });
  if (errors.length > 0) throw new ValidationFailed(errors);
}
