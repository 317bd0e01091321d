import type { CallOutcome } from './attempt-results.js';

/** What we do about an error of an operator. */
export const TREATMENTS = [
  /** The person stopped messages: never again by this channel, dated, shown, reversible by an agent. */
  'stop-for-ever',
  /** Nothing will ever arrive at this number or address: flag it, a task for an agent. */
  'flag-number',
  /** The operator refuses this very text: final for it, and somebody of ours must look at the text. */
  'text-refused',
  /** Not now: one more try hours later, while the appointment is far enough. */
  'try-later',
  /** We or the operator go too fast: wait, then go on. */
  'slow-down',
  /** Account, sender or filter: it will hit everybody until one of our operators acts. */
  'alert-operators',
  /** This operator does not serve this number from our account: another may; the operator itself is well. */
  'no-route',
  /** Nobody knows whether it left: looked up, never sent again blindly. */
  'in-doubt',
  'unknown',
] as const;
/** What an error code asks of us. */
export type Treatment = (typeof TREATMENTS)[number];

interface OperatorError {
  readonly treatment: Treatment;
  /** What the agent of the convocation reads, in French; null: nothing an agent could use. */
  readonly says: string | null;
}

const error = (treatment: Treatment, says: string | null = null): OperatorError => ({ treatment, says });
const OFF = 'Téléphone éteint ou hors réseau.';
const NO_ROUTE = 'L’opérateur ne dessert pas ce numéro\u00a0: l’équipe technique est prévenue.';
const OURS = 'L’opérateur refuse nos envois\u00a0: l’équipe technique est prévenue.';

/** Twilio's error and warning dictionary (twilio.com/docs/api/errors, read 2026-11); bare HTTP statuses too. */
const TWILIO: Readonly<Record<string, OperatorError>> = {
  '20003': error('alert-operators', OURS),
  '20005': error('alert-operators', OURS),
  '20404': error('alert-operators', OURS),
  '20429': error('slow-down'),
  '20500': error('in-doubt'),
  '20503': error('in-doubt'),
  '21211': error('flag-number', 'Numéro refusé par l’opérateur.'),
  '21212': error('alert-operators', OURS),
  '21267': error('alert-operators', OURS),
  '21401': error('alert-operators', OURS),
  '21408': error('no-route', NO_ROUTE),
  '21601': error('alert-operators', OURS),
  '21602': error('text-refused', 'Texte refusé par l’opérateur.'),
  '21603': error('alert-operators', OURS),
  '21606': error('alert-operators', OURS),
  '21607': error('alert-operators', OURS),
  // A trial account, or one without its compliance profile: it writes to nobody it has not verified.
  '21608': error('alert-operators', OURS),
  '21609': error('alert-operators', OURS),
  '21610': error('stop-for-ever', 'La personne a répondu STOP à l’opérateur.'),
  '21611': error('slow-down'),
  '21612': error('no-route', NO_ROUTE),
  '21614': error('flag-number', 'Ce numéro ne reçoit pas de SMS.'),
  '21617': error('text-refused', 'Texte trop long pour l’opérateur.'),
  '21635': error('flag-number', 'Ce numéro ne reçoit pas de SMS.'),
  // The sender is not supported where this number is; elsewhere it may be.
  '21657': error('no-route', NO_ROUTE),
  '21659': error('alert-operators', OURS),
  '21660': error('alert-operators', OURS),
  '21661': error('alert-operators', OURS),
  '21701': error('alert-operators', OURS),
  '21703': error('alert-operators', OURS),
  '21704': error('alert-operators', OURS),
  '21705': error('alert-operators', OURS),
  '30001': error('slow-down', 'L’opérateur n’a pas pu remettre le message à temps.'),
  '30002': error('alert-operators', OURS),
  '30003': error('try-later', OFF),
  '30004': error('flag-number', 'Numéro bloqué par l’opérateur.'),
  '30005': error('flag-number', 'Numéro non attribué.'),
  '30006': error('flag-number', 'Ligne fixe ou opérateur injoignable.'),
  '30007': error(
    'alert-operators',
    'Message filtré par un opérateur\u00a0: l’équipe technique est prévenue.',
  ),
  '30008': error('try-later', 'Non remis, sans explication de l’opérateur.'),
  '30036': error('slow-down', 'L’opérateur n’a pas pu remettre le message à temps.'),
  '30500': error('try-later', 'Panne chez l’opérateur.'),
  '401': error('alert-operators', OURS),
  '403': error('alert-operators', OURS),
  '404': error('alert-operators', OURS),
  '429': error('slow-down'),
  '500': error('in-doubt'),
  '502': error('in-doubt'),
  '503': error('in-doubt'),
  '504': error('in-doubt'),
};

/**
 * LINK Mobility (REST, formerly Netsize). Its guide is not public. Codes of an answer: those that public services
 * built on this API state (the reference service: 0, 16, 100; RDV-Solidarités: 15, 18, 100, 103, 117). Codes of a
 * report, here after `report-`: reasons that clients of the same platform's SOAP interface (SMS API 5.2) publish.
 */
const LINK_MOBILITY: Readonly<Record<string, OperatorError>> = {
  '15': error('text-refused', 'Texte trop long pour l’opérateur.'),
  '16': error('flag-number', 'L’opérateur ne sait pas joindre ce numéro.'),
  '18': error('alert-operators', OURS),
  '100': error('flag-number', 'Numéro refusé par l’opérateur.'),
  '103': error('alert-operators', OURS),
  '117': error('alert-operators', OURS),
  'http-401': error('alert-operators', OURS),
  'http-403': error('alert-operators', OURS),
  'http-429': error('slow-down'),
  'report-100': error('try-later', 'Non remis à temps\u00a0: téléphone éteint ou hors réseau.'),
  'report-101': error('unknown', 'Refusé par l’opérateur du destinataire.'),
  'report-110': error('flag-number', 'Numéro non attribué.'),
  'report-111': error('flag-number', 'Numéro bloqué par l’opérateur.'),
  'report-112': error('flag-number', 'Ce numéro ne reçoit pas de SMS.'),
  'report-113': error('try-later', OFF),
  'report-120': error('try-later', 'Panne chez l’opérateur.'),
  'report-121': error('try-later', 'Réseau de l’opérateur encombré.'),
  'report-122': error('try-later', 'Téléphone hors de son réseau.'),
  'report-130': error('try-later', 'Le téléphone n’a pas pu recevoir le message.'),
  'report-131': error('try-later', 'La mémoire du téléphone est pleine.'),
};

const NO_MAILBOX = 'Cette adresse e-mail n’existe pas.';
const FULL = 'La boîte aux lettres est pleine.';
const SILENT = 'Le serveur de cette adresse n’a pas répondu pendant plusieurs jours.';
const SHUT_OUT = 'Le serveur du destinataire a refusé cet e-mail.';

/** Enhanced status codes of mail (RFC 3463, RFC 7505), from the relay's answer or from an e-mail that came back. */
const SMTP: Readonly<Record<string, OperatorError>> = {
  '4.2.2': error('try-later', FULL),
  '4.4.1': error('try-later', SILENT),
  '4.4.7': error('try-later', SILENT),
  '5.1.1': error('flag-number', NO_MAILBOX),
  '5.1.2': error('flag-number', NO_MAILBOX),
  '5.1.3': error('flag-number', 'Cette adresse e-mail est mal écrite.'),
  '5.1.6': error('flag-number', 'Cette adresse e-mail n’est plus utilisée.'),
  '5.1.10': error('flag-number', NO_MAILBOX),
  '5.2.1': error('flag-number', 'Cette adresse e-mail est fermée.'),
  '5.2.2': error('try-later', FULL),
  '5.4.4': error('flag-number', NO_MAILBOX),
  '5.4.7': error('try-later', SILENT),
  '5.6.0': error('text-refused', SHUT_OUT),
  '5.7.0': error('text-refused', SHUT_OUT),
  '5.7.1': error('text-refused', SHUT_OUT),
};

const TABLES: Readonly<Record<string, Readonly<Record<string, OperatorError>>>> = {
  twilio: TWILIO,
  'link-mobility': LINK_MOBILITY,
  smtp: SMTP,
};

/** Every code, of whatever operator, that says `no-route`. */
export const NO_ROUTE_CODES: readonly string[] = Object.values(TABLES).flatMap((codes) =>
  Object.keys(codes).filter((code) => codes[code]?.treatment === 'no-route'),
);

/** Errors raised before a byte of the request was written: surely not sent. */
const NEVER_LEFT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What to do about an error that an operator answered or reported; a code we do not know is `unknown`. */
export function treatmentOf(operator: string, code: string | null): Treatment {
  return (code === null ? undefined : TABLES[operator]?.[code]?.treatment) ?? 'unknown';
}

/** Somebody of ours must look at it: our account, a filter, or numbers that the operator does not serve from here. */
export function alertsOperators(operator: string, code: string): boolean {
  const treatment = treatmentOf(operator, code);
  return treatment === 'alert-operators' || treatment === 'no-route';
}

/** What an agent reads about a code, whoever the operator: codes of two operators are never alike. */
export function operatorSays(code: string): string | null {
  return TWILIO[code]?.says ?? LINK_MOBILITY[code]?.says ?? SMTP[code]?.says ?? null;
}

/** A call that ended in an error of the network, by the name Node gives it. */
export function networkOutcome(code: string): CallOutcome {
  return NEVER_LEFT.has(code)
    ? { result: 'not-sent', errorCode: code }
    : { result: 'uncertain', errorCode: code };
}

/** Sure not to have been sent, refused for good, or in doubt: what an error answered at once means for the call. */
export function answerOutcome(operator: string, errorCode: string, otherwise: CallOutcome): CallOutcome {
  switch (treatmentOf(operator, errorCode)) {
    case 'stop-for-ever':
      return { result: 'refused', errorCode, optedOut: true };
    case 'flag-number':
    case 'text-refused':
      return { result: 'refused', errorCode, optedOut: false };
    case 'slow-down':
    case 'alert-operators':
    case 'no-route':
      return { result: 'not-sent', errorCode };
    case 'in-doubt':
      return { result: 'uncertain', errorCode };
    case 'try-later':
    case 'unknown':
      return otherwise;
  }
}
