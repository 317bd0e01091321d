import { type FieldError, ValidationFailed } from '../shared/domain-error.js';

/** Same bounds as the constraints of the `slot` table. */
export function refuseSlotShape(slot: {
  readonly durationMinutes?: number;
  readonly capacity?: number;
}): void {
  const errors: FieldError[] = [];
  if (slot.durationMinutes !== undefined && !isBetween(slot.durationMinutes, 5, 600))
    errors.push({ field: 'durationMinutes', code: 'range', message: 'between 5 and 600 minutes' });
  if (slot.capacity !== undefined && !isBetween(slot.capacity, 1, 500))
    errors.push({ field: 'capacity', code: 'range', message: 'between 1 and 500 seats' });
  if (errors.length > 0) throw new ValidationFailed(errors);
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
