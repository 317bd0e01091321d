import { ValidationFailed } from '../../shared/domain-error.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { LONGEST_NOTE } from '../../statistics/rollouts/register-store.js';
import type { RegisterEntry, TargetEntry } from '../../statistics/rollouts/register.query.js';
import type { Problems } from '../../ui/forms.js';
import { NBSP, plainDate } from '../../ui/typography.js';

const DAY = `Donnez un jour réel, par exemple 14/04/2026, à partir de 2005 et dans les trois ans à venir.`;
const LATER = `Donnez un jour réel, par exemple 14/04/2026, après le premier.`;
const SENTENCES: Readonly<Record<string, string>> = {
  scope: 'Choisissez le service entier, un de ses lieux, un type ou un de ses agents.',
  startedOn: DAY,
  'startedOn:overlap':
    'Une autre ligne du même périmètre couvre déjà ces jours. Arrêtez-la ou corrigez-la d’abord.',
  stoppedOn: LATER,
  'stoppedOn:stopped': 'Cette mise en service est déjà arrêtée. Corrigez la date ci-dessous.',
  fromOn: DAY,
  untilOn: LATER,
  relativeChange: `Donnez une baisse de 1 à 99${NBSP}%.`,
  note: `${LONGEST_NOTE}${NBSP}caractères au plus.`,
  targetNote: `${LONGEST_NOTE}${NBSP}caractères au plus.`,
};

/** French sentences of what the register refuses, at the fields; null for what it says elsewhere. */
export function registerProblems(error: unknown): Problems | null {
  if (!(error instanceof ValidationFailed)) return null;
  return error.errors.map(({ field, code }) => ({
    field,
    sentence: SENTENCES[`${field}:${code}`] ?? SENTENCES[field] ?? 'Une valeur n’est pas valable.',
  }));
}

/** A day as browsers send it, or as people type it; anything else comes back as it is and is refused. */
export function typedDay(text: string): string {
  const [, day = '', month = '', year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** « Service entier », « Lieu : SPIP de Cayenne ». */
export function scopeInWords({
  scopeKind,
  scopeName,
}: Pick<RegisterEntry, 'scopeKind' | 'scopeName'>): string {
  if (scopeKind === 'service') return 'Service entier';
  const kind = { place: 'Lieu', type: 'Type', agent: 'Agent' }[scopeKind];
  return `${kind}${NBSP}: ${scopeName}`;
}

/** « Solène Vaugrenard, le 1ᵉʳ avril 2026 ». */
export function writtenBy(name: string | null, at: Date, timeZone: string): string {
  const on = plainDate(toLocal(instantOf(at), timeZone).date);
  return name === null ? `Reprise automatique, le ${on}` : `${name}, le ${on}`;
}

/** « 15 % d’absences en moins entre le … et le … (note). » */
export function targetInWords({ relativeChange, fromOn, untilOn, note }: TargetEntry): string {
  const fall = Math.round(-100 * relativeChange);
  const said = note === '' ? '' : ` (${note})`;
  return `${fall}${NBSP}% d’absences en moins entre le ${plainDate(fromOn)} et le ${plainDate(untilOn)}${said}.`;
}
