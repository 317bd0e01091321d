import type { Heirs } from '../../notifications/hand-over/hand-over.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import type { ChosenHeirs } from './agents.view.js';
import { heirsOf } from './heirs-form.js';

/**
 * Who was chosen in a form with heirs, and its other fields.
 * @throws ValidationFailed for an unknown field, a repeated one, and what PostgreSQL cannot store
 */
export function readHeirs<Name extends string>(
  body: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Readonly<Record<Name, string>> & { readonly chosen: ChosenHeirs } {
  const named = readGroup(body, 'heir.');
  const form = readForm<Name | 'heir'>(withoutGroup(body, 'heir.'), ['heir', ...names]);
  return { ...form, chosen: { heir: form.heir, named } };
}

/** @throws ValidationFailed on `heir` when nobody was chosen for all */
export function requiredHeirs({ heir, named }: ChosenHeirs): Heirs {
  const heirs = heirsOf(heir, named);
  if (heirs === null) throw new ValidationFailed([{ field: 'heir', code: 'heir', message: 'name somebody' }]);
  return heirs;
}
