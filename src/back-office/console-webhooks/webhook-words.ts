import type { CallError, WebhookEvent } from '../../webhooks/domain/webhook.js';
import type { DeliveryStatus, DeliveryView, EndpointView } from '../../webhooks/webhook.queries.js';
import type { StateWord } from '../../ui/state.js';

export const EVENT_WORDS: Readonly<Record<WebhookEvent | 'test', string>> = {
  booked: 'Convocation prise',
  changed: 'Convocation modifiée',
  attended: 'Personne venue',
  missed: 'Personne absente',
  'delivery-failed': 'Message non remis',
  test: 'Appel d’essai',
};

const STATUS_WORDS: Readonly<Record<DeliveryStatus, StateWord>> = {
  waiting: { word: 'En attente', shape: 'wait' },
  calling: { word: 'Appel en cours', shape: 'half wait' },
  delivered: { word: 'Reçu', shape: 'ok' },
  dead: { word: 'Abandonné', shape: 'bad' },
};

const ERROR_WORDS: Readonly<Record<CallError, string>> = {
  'refused-address': 'adresse privée ou réservée, jamais appelée',
  'unknown-host': 'nom introuvable',
  refused: 'connexion refusée',
  'timed-out': 'pas de réponse en 10 s',
  certificate: 'certificat non valable',
  broken: 'connexion coupée',
  lost: 'réponse perdue',
  secret: 'secret illisible, à remplacer',
};

export function statusWord({ status, attempts }: DeliveryView): StateWord {
  return status === 'waiting' && attempts > 0
    ? { word: 'Nouvel essai prévu', shape: 'warn' }
    : STATUS_WORDS[status];
}

/** « 503 en 120 ms », « connexion refusée », « – ». */
export function answerInWords({ answerStatus, answerError, latencyMs }: DeliveryView): string {
  if (answerError !== null) return ERROR_WORDS[answerError];
  return answerStatus === null ? '–' : `${answerStatus} en ${latencyMs ?? 0}\u00a0ms`;
}

export function endpointWord({ disabledReason, failingSince }: EndpointView): StateWord {
  if (disabledReason === 'failing') return { word: 'Désactivé après 7 jours d’échecs', shape: 'bad' };
  if (disabledReason === 'agent') return { word: 'Désactivé', shape: 'off' };
  return failingSince === null ? { word: 'Actif', shape: 'ok' } : { word: 'En échec', shape: 'warn' };
}
