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

/**
 * Some numbers are always off or wrong. Above this share of what was due, texts no longer arrive; above the second
 * one, something is broken. Too few messages say nothing.
 */
const UNDELIVERED = { leastDue: 5, warnShare: 0.1, badShare: 0.5 };

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
  if (figures.due === 0)
    return { shape: 'ok', strong: 'Aucun message n’était dû sur la période.', rest: outages(operators) };
  const others = notOnTime(figures);
  const rest = [
    ...(others.length === 0 ? [] : [`${others.join(', ')}.`]),
    duplicates(figures),
    ...outages(operators),
  ];
  const lost = undeliveredShape(figures);
  if (lost !== 'ok')
    return { shape: lost, strong: undeliveredInWords(figures), rest: [punctuality(figures), ...rest] };
  const isWell = isQuiet(figures) && outages(operators).length === 0;
  const undelivered = figures.undelivered === 0 ? [] : [undeliveredInWords(figures)];
  return { shape: isWell ? 'ok' : 'warn', strong: punctuality(figures), rest: [...undelivered, ...rest] };
}

function punctuality({ due, onTime }: SuretyFigures): string {
  if (onTime === due)
    return due === 1
      ? 'Le message dû est parti à l’heure.'
      : `Les ${thousands(due)}${NBSP}messages dus sont tous partis à l’heure.`;
  const verb = onTime > 1 ? 'sont partis' : 'est parti';
  return `${thousands(onTime)} des ${thousands(due)}${NBSP}messages dus ${verb} à l’heure.`;
}

function duplicates({ possibleDuplicates }: SuretyFigures): string {
  if (possibleDuplicates === 0) return 'Aucun doublon.';
  return `${plural(possibleDuplicates, 'doublon possible', 'doublons possibles')}.`;
}

/** « 12 non reçus sur 40 dus. »: what left on time has reached nobody yet. */
function undeliveredInWords({ undelivered, due }: SuretyFigures): string {
  return `${plural(undelivered, 'non reçu', 'non reçus')} sur ${plural(due, 'dû', 'dus')}.`;
}

function undeliveredShape({ undelivered, due }: SuretyFigures): Shape {
  if (due < UNDELIVERED.leastDue) return 'ok';
  const share = undelivered / due;
  if (share > UNDELIVERED.badShare) return 'bad';
  return share > UNDELIVERED.warnShare ? 'warn' : 'ok';
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
