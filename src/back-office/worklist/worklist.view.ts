import type { RiskReason } from '../../notifications/domain/worklist.js';
import type { WorklistEntry } from '../../notifications/follow-up/worklist.query.js';
import type { StateWord } from '../../ui/state.js';
import { maskedPhone, moment } from '../../ui/typography.js';
import type { Office } from '../office-hours.js';
import { fullName } from '../persons/person-words.js';

export const REASON_WORDS: Readonly<Record<RiskReason, StateWord>> = {
  'not-reached': { word: 'Aucun message n’est arrivé', shape: 'bad' },
  'no-phone': { word: 'Pas de téléphone', shape: 'warn' },
  'refuses-texts': { word: 'Refuse les SMS', shape: 'warn' },
  'problem-declared': { word: 'A répondu ou demandé à être appelé', shape: 'warn' },
  'two-absences': { word: 'Deux absences ou plus en un an', shape: 'off' },
  'first-appointment': { word: 'Première convocation', shape: 'off' },
};

/** One appointment as the list shows it. */
export interface WorklistLine {
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  readonly when: string;
  readonly about: string;
  readonly reasons: readonly StateWord[];
  /** Of the number, its two ends only. */
  readonly phone: string | null;
  readonly canRemind: boolean;
  readonly referent: string;
  /** « Vous remplacez Paul Desforges », or null. */
  readonly standsIn: string | null;
}

export function worklistLine(entry: WorklistEntry, office: Office): WorklistLine {
  const { phone } = entry;
  return {
    id: entry.convocationId,
    personId: entry.personId,
    personName: fullName(entry),
    when: moment(entry, office.timeZone),
    about: `${entry.typeName}, ${entry.placeName}`,
    reasons: entry.reasons.map((reason) => REASON_WORDS[reason]),
    phone: phone === null ? null : maskedPhone(phone),
    canRemind: entry.canRemind,
    standsIn: entry.standsInFor === null ? null : `Vous remplacez ${entry.standsInFor}`,
    referent: entry.referentName === null ? 'Sans référent' : `Référent\u00a0: ${entry.referentName}`,
  };
}
