import type { CancelledBy, ConvocationState } from '../convocations/domain/convocation.states.js';
import type { SuppressedReason } from '../notifications/domain/decide-send.js';
import type { Channel, MessageKind, MessageState } from '../notifications/domain/notification.states.js';
import type { ReachState } from '../notifications/domain/reach.js';
import { operatorSays } from '../notifications/domain/operator-errors.js';
import type { StateWord } from '../ui/state.js';

/** While an operator of ours, a restored backup or a wrong environment holds every departure. */
export const ALL_HELD = 'Tous les envois sont retenus en ce moment\u00a0: rien ne part avant leur reprise.';

const CONVOCATION: Readonly<Record<ConvocationState, StateWord>> = {
  booked: { word: 'Planifiée', shape: 'wait' },
  attended: { word: 'Honorée', shape: 'ok' },
  missed: { word: 'Manquée', shape: 'bad' },
  excused: { word: 'Excusée', shape: 'off' },
  cancelled: { word: 'Annulée', shape: 'off' },
};

const BY: Readonly<Record<CancelledBy, string>> = {
  service: 'le service',
  person: 'la personne',
  court: 'la juridiction',
};

export function convocationWord(state: ConvocationState, cancelledBy: CancelledBy | null): StateWord {
  const word = CONVOCATION[state];
  return cancelledBy === null ? word : { ...word, word: `Annulée par ${BY[cancelledBy]}` };
}

/** Never « envoyé » for what is only queued, nor « reçu » for what the operator only took. */
const MESSAGE: Readonly<Record<MessageState, StateWord>> = {
  planned: { word: 'Prévu', shape: 'wait' },
  queued: { word: 'En file', shape: 'wait' },
  sending: { word: 'Envoi en cours', shape: 'half wait' },
  accepted: { word: 'Remis à l’opérateur', shape: 'half wait' },
  delivered: { word: 'Reçu', shape: 'ok' },
  undelivered: { word: 'Non reçu', shape: 'bad' },
  failed: { word: 'Refusé par l’opérateur', shape: 'bad' },
  uncertain: { word: 'En vérification', shape: 'doubt warn' },
  withdrawn: { word: 'Retiré', shape: 'off' },
  suppressed: { word: 'Non envoyé', shape: 'warn' },
  expired: { word: 'Périmé', shape: 'bad' },
};

const SUPPRESSED: Readonly<Record<string, string>> = {
  'sms-refused': 'Refuse les SMS',
  'no-phone': 'Sans téléphone',
  'not-a-mobile': 'Téléphone fixe',
  'number-flagged': 'Numéro à vérifier',
  'wrong-person': 'Mauvais numéro',
};

/** Nothing acknowledges an e-mail: it left, or it came back. */
const MAIL: Partial<Record<MessageState, string>> = {
  accepted: 'Parti, sans accusé',
  undelivered: 'Revenu',
  failed: 'Refusé par le serveur',
};

/** @param channel by which it left, or would leave */
export function messageWord(
  state: MessageState,
  reason: string | null,
  channel: Channel | null = null,
): StateWord {
  const word = { ...MESSAGE[state], ...(channel === 'email' ? mailWord(state) : {}) };
  if (state === 'suppressed' && reason !== null) return { ...word, word: SUPPRESSED[reason] ?? word.word };
  if (state === 'failed' && reason !== 'operator-refused') return { ...word, word: 'Non envoyé' };
  return word;
}

function mailWord(state: MessageState): { readonly word?: string } {
  const word = MAIL[state];
  return word === undefined ? {} : { word };
}

/** What an agent should know beside the word of a state. */
const WHY: Readonly<Record<string, string>> = {
  'plan-changed': 'Le plan de rappels a changé.',
  'no-template': 'Aucun texte n’est prévu pour ce type.',
  'not-discreet': 'Texte discret non parti\u00a0: l’adresse du lieu, ou le texte lui-même, nomme la justice.',
  'not-on-allow-list': 'Ce serveur n’envoie pas hors de la liste autorisée.',
  'in-doubt': 'Envoi sans réponse sûre\u00a0: prévenez la personne autrement.',
  'in-doubt-twice': 'Deux envois sans réponse sûre\u00a0: prévenez la personne autrement.',
  'told-same-day': 'Dit dans le SMS d’un autre rendez-vous du même jour.',
  'told-just-before': 'La personne venait de recevoir un SMS sur ce rendez-vous.',
  'too-close': 'Plus d’heure possible après le dernier SMS, qui parlait de ce rendez-vous.',
  'weekly-limit': 'La personne a déjà reçu assez de SMS cette semaine.',
  'no-hour-left': 'Plus d’heure possible après un autre SMS\u00a0: prévenez la personne autrement.',
  over: 'N’a pas pu partir à temps\u00a0; depuis, une issue ou un changement a été noté.',
  'served-before-restore':
    'Retenu à la reprise des envois\u00a0: un SMS, peut-être celui-ci, était déjà parti vers ce numéro. Vérifiez que la personne est prévenue.',
  'unknown-before-restore':
    'Retenu à la reprise des envois\u00a0: l’opérateur n’a pas pu dire s’il était déjà parti. Vérifiez que la personne est prévenue.',
  'too-late': 'N’a pas pu partir à temps\u00a0: prévenez la personne autrement.',
};

export function whyOf(reason: string | null, errorCode: string | null): string | null {
  return (
    (errorCode === null ? null : operatorSays(errorCode)) ?? (reason === null ? null : (WHY[reason] ?? null))
  );
}

const KINDS: Readonly<Record<MessageKind, string>> = {
  summons: 'de convocation',
  reminder: 'de rappel',
  cancellation: 'd’annulation',
  rescheduling: 'de changement',
  'after-absence': 'd’absence',
};

export function messageName(kind: MessageKind, channel: Channel | null): string {
  return `${channel === 'email' ? 'E-mail' : 'SMS'} ${KINDS[kind]}`;
}

/** « Convocation », « Rappel »: alone, as a heading. */
export const KIND_TITLES: Readonly<Record<MessageKind, string>> = {
  summons: 'Convocation',
  reminder: 'Rappel',
  cancellation: 'Annulation',
  rescheduling: 'Changement de date',
  'after-absence': 'Absence',
};

export const UNREACHABLE: Readonly<Record<SuppressedReason, string>> = {
  'sms-refused': 'Cette personne refuse les SMS.',
  'no-phone': 'Cette personne n’a pas de téléphone.',
  'not-a-mobile': 'Le numéro connu est un téléphone fixe.',
  'number-flagged': 'Les derniers messages ne sont pas arrivés à ce numéro.',
  'wrong-person': 'La personne qui répond à ce numéro dit que ce n’est pas le sien.',
};

const REACH: Readonly<Record<Exclude<ReachState, 'pending'>, StateWord>> = {
  reached: { word: 'Personne jointe', shape: 'ok' },
  'reached-by-email': { word: 'Jointe par e-mail, sans accusé', shape: 'half wait' },
  'task-open': { word: 'À joindre autrement', shape: 'warn' },
  refused: { word: 'Refuse d’être jointe', shape: 'off' },
  unreachable: { word: 'Injoignable', shape: 'bad' },
};

/** Whether the person knows of the convocation; null while nothing is decided. */
export function reachStateWord(reach: ReachState): StateWord | null {
  return reach === 'pending' ? null : REACH[reach];
}
