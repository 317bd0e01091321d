import type { OperatorNow, Pulse } from '../../notifications/surety/surety-now.query.js';
import type { SuretyFigures } from '../../notifications/surety/surety.query.js';
import type { Hold } from '../../notifications/surety/sending-hold.js';
import type { Shape } from '../../ui/state.js';
import { NBSP, plural, thousands } from '../../ui/typography.js';
import { durationInWords, operatorName } from './words.js';

/** The page in one sentence: what left on time, or what did not and why. */
export interface Verdict {
  readonly shape: Shape;
  readonly strong: string;
  /** Sentences that follow, each with its full stop. */
  readonly rest: readonly string[];
}

export interface Situation {
  readonly figures: SuretyFigures;
  readonly pulse: Pulse;
  readonly operators: readonly OperatorNow[];
  readonly hold: Hold | null;
  /** An operator is configured. */
  readonly smsIsOn: boolean;
}

/** The relay runs each second. */
const SILENT_AFTER_SECONDS = 60;

/** What stops everything comes first, then what did not leave, then the good news. */
export function verdictOf(situation: Situation): Verdict {
  return stopped(situation) ?? departures(situation);
}

function stopped({ hold, smsIsOn, pulse, figures }: Situation): Verdict | undefined {
  const waiting =
    figures.waiting === 0 ? [] : [`${plural(figures.waiting, 'message attend', 'messages attendent')}.`];
  if (hold?.reason === 'environment-mismatch')
    return {
      shape: 'bad',
      strong: 'Cette base appartient à un autre environnement\u00a0: rien ne part d’ici.',
      rest: [],
    };
  if (hold !== null)
    return { shape: 'warn', strong: 'Les envois sont retenus\u00a0: rien ne part.', rest: waiting };
  if (!smsIsOn)
    return {
      shape: 'warn',
      strong: 'Aucun opérateur n’est configuré\u00a0: aucun SMS ne part.',
      rest: waiting,
    };
  const silence = pulse.lastRelayRun === null ? null : secondsBetween(pulse.lastRelayRun, pulse.now);
  if (silence !== null && silence <= SILENT_AFTER_SECONDS) return undefined;
  if (silence === null && figures.due === 0) return undefined;
  const since = silence === null ? 'n’a jamais tourné' : `est arrêté depuis ${durationInWords(silence)}`;
  return { shape: 'bad', strong: `Le moteur d’envoi ${since}\u00a0: rien ne part.`, rest: waiting };
}

function departures({ figures, operators }: Situation): Verdict {
  const { due, onTime, possibleDuplicates } = figures;
  if (due === 0)
    return { shape: 'ok', strong: 'Aucun message n’était dû sur la période.', rest: outages(operators) };
  const all = onTime === due;
  const strong = all
    ? due === 1
      ? 'Le message dû est parti à l’heure.'
      : `Les ${thousands(due)}${NBSP}messages dus sont tous partis à l’heure.`
    : `${thousands(onTime)} des ${thousands(due)}${NBSP}messages dus ${onTime > 1 ? 'sont partis' : 'est parti'} à l’heure.`;
  const others = notOnTime(figures);
  const duplicates =
    possibleDuplicates === 0
      ? 'Aucun doublon.'
      : `${plural(possibleDuplicates, 'doublon possible', 'doublons possibles')}.`;
  const shape: Shape = isQuiet(figures) && outages(operators).length === 0 ? 'ok' : 'warn';
  return {
    shape,
    strong,
    rest: [...(others.length === 0 ? [] : [`${others.join(', ')}.`]), duplicates, ...outages(operators)],
  };
}

/** Who refuses texts or has no telephone is no fault of the engine. */
function isQuiet({ late, expired, uncertain, waiting, possibleDuplicates }: SuretyFigures): boolean {
  return late + expired + uncertain + waiting + possibleDuplicates === 0;
}

function notOnTime(figures: SuretyFigures): string[] {
  const { due, onTime, late, expired, uncertain, waiting, suppressed } = figures;
  const refused = due - onTime - late - expired - uncertain - waiting - suppressed;
  const said: readonly (readonly [number, string, string])[] = [
    [late, 'parti en retard', 'partis en retard'],
    [expired, 'périmé, un agent en est chargé', 'périmés, un agent est chargé de chacun'],
    [uncertain, 'en vérification', 'en vérification'],
    [waiting, 'en attente', 'en attente'],
    [suppressed, 'sans moyen d’envoi (refus, pas de mobile)', 'sans moyen d’envoi (refus, pas de mobile)'],
    [refused, 'refusé', 'refusés'],
  ];
  return said.flatMap(([count, one, many]) => (count > 0 ? [plural(count, one, many)] : []));
}

function outages(operators: readonly OperatorNow[]): string[] {
  return operators
    .filter(({ circuit }) => circuit !== 'closed')
    .map(({ operator }) => `${operatorName(operator)} ne répond pas.`);
}

export function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
