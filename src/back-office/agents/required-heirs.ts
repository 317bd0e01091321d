import type { Heirs } from '../../notifications/hand-over/hand-over.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { heirsOf } from './heirs-form.js';

/** @throws ValidationFailed on `heir` when nobody was chosen for all */
export function requiredHeirs(heir: string, named: ReadonlyMap<string, string>): Heirs {
  const heirs = heirsOf(heir, named);
  if (heirs === null) throw new ValidationFailed([{ field: 'heir', code: 'heir', message: 'name somebody' }]);
  return heirs;
}
