import type { TaskOutcome } from '../../notifications/follow-up/close-task.js';
import type { MessageKind } from '../../notifications/domain/notification.states.js';
import { TASK_KINDS, type TaskKind } from '../../notifications/follow-up/open-tasks.js';

/** What is asked, in two words. */
export const TASK_TITLES: Readonly<Record<TaskKind, string>> = {
  'reach-otherwise': 'Joindre autrement',
  'correct-number': 'Numéro à corriger',
  'correct-address': 'E-mail à corriger',
  'wrong-person': 'Mauvais destinataire',
  'call-back': 'À rappeler',
  reply: 'Réponse à lire',
};

/** What happened, for an agent who was not there. */
const REASONS: Readonly<Record<string, string>> = {
  'phone-unreachable': 'Téléphone éteint ou hors réseau\u00a0: le message n’est pas arrivé.',
  'wrong-number': 'Ce numéro n’est pas attribué, ou ne reçoit pas de SMS.',
  'three-failures': 'Trois messages de suite ne sont pas arrivés à ce numéro\u00a0: plus rien n’y part.',
  'number-flagged': 'Le numéro connu est à corriger\u00a0: rien n’est parti.',
  'sms-refused': 'La personne refuse les SMS et aucun e-mail n’est utilisable.',
  'no-phone': 'Ni téléphone ni e-mail utilisable.',
  'not-a-mobile': 'Le numéro connu est un téléphone fixe.',
  'wrong-person': 'Le titulaire du numéro a dit «\u00a0ce n’est pas moi\u00a0»\u00a0: rien n’y part.',
  'said-by-link': 'Le titulaire du numéro a dit «\u00a0ce n’est pas moi\u00a0»\u00a0: plus rien n’y part.',
  'said-by-email':
    'Qui lit cette adresse e-mail a dit «\u00a0ce n’est pas moi\u00a0»\u00a0: plus rien n’y part.',
  'said-by-reply': 'Le titulaire du numéro a répondu que ce n’est pas lui\u00a0: plus rien n’y part.',
  filtered: 'L’opérateur a bloqué ce message.',
  'not-delivered': 'L’opérateur n’a pas pu remettre le message.',
  'email-refused': 'L’adresse e-mail a été refusée.',
  'email-returned': 'L’e-mail est revenu\u00a0: il n’a pas été remis à la personne.',
  'wrong-address': 'Cette adresse e-mail n’existe pas, ou n’existe plus\u00a0: plus rien n’y part.',
  'three-returns': 'Trois e-mails de suite ne sont pas arrivés à cette adresse\u00a0: plus rien n’y part.',
  'served-before-restore':
    'Message retenu à la reprise des envois\u00a0: un SMS, peut-être celui-ci, était déjà parti vers ce numéro. Vérifiez que la personne est prévenue.',
  'unknown-before-restore':
    'Message retenu à la reprise des envois\u00a0: l’opérateur n’a pas pu dire s’il était déjà parti. Vérifiez que la personne est prévenue.',
  'too-late': 'Le message n’a pas pu partir à temps.',
  'old-hour':
    'Le texte ne peut partir que trop tard\u00a0: moins d’une heure avant l’heure promise, ou après.',
  'hour-passed':
    'L’heure est passée sans que ce message parte\u00a0: voyez-le avec la personne avant de noter une absence.',
  'no-hour-left': 'Plus d’heure possible après un autre SMS.',
  'in-doubt': 'Envoi sans réponse sûre de l’opérateur.',
  'in-doubt-twice': 'Deux envois sans réponse sûre de l’opérateur.',
  'no-template': 'Aucun texte n’est prévu pour ce message.',
  'contact-unreadable':
    'Le numéro ou l’adresse ne peut plus être déchiffré\u00a0: saisissez-le à nouveau et prévenez l’administrateur.',
  'not-discreet': 'Texte discret non parti\u00a0: l’adresse du lieu, ou le texte lui-même, nomme la justice.',
  'template-unrenderable': 'Le texte de ce message ne peut pas être écrit\u00a0: prévenez l’administrateur.',
  'not-on-allow-list': 'Ce serveur n’envoie pas hors de la liste autorisée.',
  'not-confirmed': 'Le message est parti, mais rien ne dit qu’il est arrivé.',
  'still-waiting': 'Le message n’est pas encore parti.',
  'told-stranger':
    'Le message est arrivé chez quelqu’un d’autre, qui a dit «\u00a0ce n’est pas moi\u00a0»\u00a0: personne n’est prévenu.',
  'nothing-sent': 'Aucun message n’est parti pour cette convocation.',
  'replied-no': 'La personne a répondu NON\u00a0: la convocation tient toujours.',
  'asked-help': 'La personne a demandé de l’aide par SMS.',
  replied: 'La personne a répondu par SMS.',
};

export function whatHappened(reason: string): string {
  return REASONS[reason] ?? 'Un message n’est pas arrivé.';
}

/** What there is to say, when it is not the appointment itself. */
const TO_SAY: Partial<Record<MessageKind, string>> = {
  cancellation: 'À dire\u00a0: la convocation est annulée.',
  rescheduling: 'À dire\u00a0: la convocation a changé de date ou de lieu.',
  'after-absence': 'À dire\u00a0: l’absence a été constatée.',
};

export function whatToSay(kind: MessageKind | null): string | null {
  return kind === null ? null : (TO_SAY[kind] ?? null);
}

export interface OutcomeChoice {
  readonly value: TaskOutcome;
  readonly label: string;
}

/** How each kind of task ends, the usual end first. */
export const OUTCOMES: Readonly<Record<TaskKind, readonly OutcomeChoice[]>> = {
  'reach-otherwise': [
    { value: 'reached', label: 'Joint' },
    { value: 'could-not-reach', label: 'Injoignable' },
  ],
  'correct-number': [
    { value: 'corrected', label: 'Numéro vérifié' },
    { value: 'could-not-reach', label: 'Pas d’autre numéro' },
  ],
  'correct-address': [
    { value: 'corrected', label: 'Adresse vérifiée' },
    { value: 'could-not-reach', label: 'Pas d’autre adresse' },
  ],
  'wrong-person': [
    { value: 'done', label: 'Fait' },
    { value: 'reached', label: 'Personne jointe autrement' },
    { value: 'could-not-reach', label: 'Injoignable' },
  ],
  'call-back': [
    { value: 'reached', label: 'Rappelé' },
    { value: 'could-not-reach', label: 'Injoignable' },
  ],
  reply: [{ value: 'done', label: 'Lu et traité' }],
};

const ENDS: Readonly<Record<string, string>> = {
  reached: 'personne jointe',
  'could-not-reach': 'personne injoignable',
  corrected: 'vérifié',
  done: 'fait',
  'no-longer-needed': 'sans objet',
};

/** « Tâche close (joindre autrement) : personne jointe. Note » for the histories. */
export function taskFact(event: string, detail: Readonly<Record<string, unknown>>): string | null {
  const kind = TASK_KINDS.find((known) => known === detail.kind);
  const title = kind === undefined ? 'tâche' : TASK_TITLES[kind].toLowerCase();
  if (event === 'task.opened') return `À faire\u00a0: ${title}`;
  if (event === 'task.resent') return 'Texte renvoyé';
  if (event !== 'task.closed') return null;
  const note = typeof detail.note === 'string' ? `. «\u00a0${detail.note}\u00a0»` : '';
  if (detail.by === 'email') return `Fin de «\u00a0${title}\u00a0»\u00a0: un e-mail est parti, sans accusé`;
  return `Fin de «\u00a0${title}\u00a0»\u00a0: ${ENDS[String(detail.outcome)] ?? 'close'}${note}`;
}
