import { Temporal } from 'temporal-polyfill';
import type { CertifiedCall } from '../../notifications/domain/certificate.js';
import type { Channel, MessageKind } from '../../notifications/domain/notification.states.js';
import { type Instant, instantOf, toLocal } from '../../shared/time.js';
import { capital, day, NBSP } from '../../ui/typography.js';
import { hourInWords } from '../../shared/french-dates.js';
import { messageName } from '../words.js';

const OPERATORS: Readonly<Record<string, string>> = {
  twilio: 'Twilio',
  'link-mobility': 'Link Mobility',
  smtp: 'serveur de messagerie',
};

/** What operators say, in words; another word of theirs is quoted. */
const STATUSES: Readonly<Record<string, string>> = {
  queued: 'en file chez l’opérateur',
  accepted: 'accepté par l’opérateur',
  scheduled: 'programmé par l’opérateur',
  sending: 'en cours d’envoi',
  sent: 'remis au réseau',
  delivered: 'reçu par le téléphone',
  read: 'ouvert',
  undelivered: 'non reçu',
  failed: 'échec',
  canceled: 'annulé',
};

/** « Rappel par SMS ». */
export function callName({ kind, channel }: CertifiedCall): string {
  return messageName(kind as MessageKind, channel as Channel);
}

export function momentIn(at: string | Instant, timeZone: string): string {
  const instant = typeof at === 'string' ? Temporal.Instant.from(at) : at;
  const { date, time } = toLocal(instant, timeZone);
  return `${day(date)} à ${hourInWords(time)}`;
}

export function issuedWords(at: Date, timeZone: string): string {
  return momentIn(instantOf(at), timeZone);
}

/** What is known of one call, line by line; what is not known is said. */
export function callFacts(call: CertifiedCall, timeZone: string): readonly (readonly [string, string])[] {
  const { operatorMessageId, answeredAt, receipts, templateVersion } = call;
  const operator = OPERATORS[call.operator] ?? call.operator;
  return [
    ['Destinataire', call.recipient],
    ['Prévu', momentIn(call.plannedFor, timeZone)],
    ['Remis à l’opérateur', momentIn(call.startedAt, timeZone)],
    ['Opérateur', `${operator}, expéditeur ${call.sender}`],
    ['Réponse de l’opérateur', answeredAt === null ? 'non connue' : momentIn(answeredAt, timeZone)],
    ['Numéro chez l’opérateur', operatorMessageId ?? 'aucun connu'],
    [
      'Accusés de l’opérateur',
      receipts.length === 0
        ? 'aucun reçu : rien ne dit si le message est arrivé'
        : receipts.map((receipt) => receiptWords(receipt, timeZone)).join(' ; '),
    ],
    [
      'Texte',
      templateVersion === null ? 'version du modèle non connue' : `modèle, version ${templateVersion}`,
    ],
    ['Empreinte du texte (SHA-256)', inGroups(call.bodyHash)],
  ];
}

function receiptWords(
  { status, errorCode, at }: CertifiedCall['receipts'][number],
  timeZone: string,
): string {
  const word = STATUSES[status.toLowerCase()] ?? `« ${status} »`;
  const error = errorCode === null ? '' : `, code ${errorCode}`;
  return `${word}${error}, ${momentIn(at, timeZone)}`;
}

/** The last word of the operator on a call. */
export function lastWord({ receipts, operatorMessageId }: CertifiedCall): string {
  const last = receipts.at(-1);
  if (last !== undefined) return capital(STATUSES[last.status.toLowerCase()] ?? last.status);
  return operatorMessageId === null ? 'Aucune réponse connue' : `Remis, aucun accusé${NBSP}connu`;
}

/** Hexadecimal in groups of eight, so that a line can break. */
export function inGroups(hex: string): string {
  return hex.replace(/(.{8})(?=.)/g, '$1 ');
}
