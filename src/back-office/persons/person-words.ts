import type { PersonView } from '../../persons/person.queries.js';
import type { StateWord } from '../../ui/state.js';
import { ageOn, NBSP, plainDate } from '../../ui/typography.js';

export function fullName(person: { readonly firstName: string; readonly lastName: string }): string {
  return `${person.firstName} ${person.lastName}`;
}

export function birthWords(birthDate: string | null, today: string): string {
  if (birthDate === null) return 'Date de naissance inconnue';
  return `Né(e) le ${plainDate(birthDate)} (${ageOn(birthDate, today)}${NBSP}ans)`;
}

type Reach = Pick<
  PersonView,
  | 'reachable'
  | 'smsRefused'
  | 'phone'
  | 'email'
  | 'emailBlockedAt'
  | 'emailFlaggedAt'
  | 'phoneBlockedAt'
  | 'phoneFlaggedAt'
>;

/** How the person can be told something, in a word. */
export function reachOf(person: Reach): StateWord {
  if (person.reachable) return { word: 'Joignable par SMS', shape: 'ok' };
  if (person.email !== null && person.emailBlockedAt === null && person.emailFlaggedAt === null)
    return { word: `E-mail seulement`, shape: 'ok' };
  if (person.phoneBlockedAt !== null) return { word: 'Mauvais numéro', shape: 'bad' };
  if (person.smsRefused) return { word: 'Refuse les SMS', shape: 'warn' };
  if (person.phoneFlaggedAt !== null) return { word: 'Numéro à corriger', shape: 'warn' };
  return person.phone === null
    ? { word: 'Sans téléphone', shape: 'warn' }
    : { word: 'Téléphone fixe', shape: 'warn' };
}
