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

export interface Leaving {
  readonly isOn: boolean;
  /** Webhooks wait with everything else. */
  readonly isHeld: boolean;
}

/** What was done, by the word in `?done=`, and when the calls leave that it made. */
export function webhookDone({ isOn, isHeld }: Leaving): Readonly<Record<string, string>> {
  const soon = isHeld ? 'à la reprise des envois' : 'dans les secondes qui viennent';
  return {
    test: `Un appel d’essai part ${soon}. Rechargez ensuite la page pour voir la réponse.`,
    replayed: isOn
      ? `Les appels choisis repartent ${soon}, sous les mêmes numéros.`
      : 'Les appels choisis repartiront quand le webhook sera de nouveau actif, sous les mêmes numéros.',
    'replayed-none': 'Aucun appel n’est à rejouer.',
    off: 'Le webhook est désactivé\u00a0: plus rien ne lui est dit, et ce qui arrive d’ici là ne lui sera pas dit ensuite.',
    on: `Le webhook est actif\u00a0: ce qui attendait part ${soon}. Ce qui est arrivé pendant l’arrêt ne lui est pas dit.`,
    'shown-once':
      'Ce formulaire a déjà servi. Un secret ne s’affiche qu’une fois\u00a0; perdu, il se remplace.',
  };
}
