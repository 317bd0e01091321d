import type { JournalAction } from '../../access/domain/journal-actions.js';
import type { JournalLine } from '../../access/journal/journal.queries.js';
import { languageOf } from '../../shared/message-languages.js';
import { NBSP } from '../../ui/typography.js';
import { CONTACT_EVENTS } from '../contact-events.js';

/** Every act, in a few words. */
export const ACTION_WORDS: Readonly<Record<JournalAction, string>> = {
  'file.read': 'Dossier consulté',
  'file.changed': 'Dossier modifié',
  'contact.revealed': 'Coordonnée dévoilée',
  'person.searched': 'Recherche',
  'route.written': 'Modification',
  'export.made': 'Export',
  'certificate.issued': 'Attestation délivrée',
  'certificate.checked': 'Attestation vérifiée',
  'message.sent': 'Message remis à l’opérateur',
  'template.reviewed': 'Traduction relue',
  'journal.read': 'Journal consulté',
  'sign-in.succeeded': 'Connexion',
  'sign-in.failed': 'Connexion refusée',
  'sign-in.break-glass': 'Connexion de secours',
  'sign-in.refreshed': 'Identité confirmée',
  'sign-out': 'Déconnexion',
  'session.revoked': 'Session fermée',
  'password.changed': 'Mot de passe changé',
  'password.reset-asked': 'Nouveau mot de passe demandé',
  'second-factor.enrolled': 'Second facteur activé',
  'second-factor.removed': 'Second facteur retiré',
  'recovery-code.used': 'Code de secours utilisé',
  'recovery-codes.made': 'Codes de secours créés',
  'agent.invited': 'Agent invité',
  'agent.joined': 'Compte ouvert',
  'agent.changed': 'Compte modifié',
  'agent.role-changed': 'Rôle changé',
  'agent.moved': 'Mutation',
  'agent.absence-changed': 'Absence modifiée',
  'agent.left': 'Compte fermé',
  'charter.accepted': 'Charte acceptée',
  'persons.handed-over': 'Suivis transmis',
  'impersonation.started': 'Prise d’identité',
  'impersonation.ended': 'Fin de prise d’identité',
  'alert.published': 'Alerte publiée',
  'organization.changed': 'Service modifié',
  'api-key.created': 'Clé d’API créée',
  'api-key.rotated': 'Clé d’API renouvelée',
  'api-key.revoked': 'Clé d’API révoquée',
  'webhook.changed': 'Appel sortant modifié',
  'webhook.replayed': 'Appel sortant rejoué',
  'jobs.opened': 'File d’envoi ouverte',
  'hold.changed': 'Retenue des envois changée',
  'backup.made': 'Sauvegarde faite',
  'backup.restored': 'Sauvegarde restaurée',
  'encryption.rotated': 'Clés de chiffrement renouvelées',
};

/** What begins so, in words. */
type ByAddress = readonly (readonly [start: string, words: string])[];

/** Which page of a file it is, whether it was asked for or came back with a form; the longest address first. */
const PAGES: ByAddress = [
  ['/persons/:id/edit', 'formulaire de la fiche'],
  ['/persons/:id/convoke/preview', 'aperçu des messages'],
  ['/persons/:id/convoke', 'écran de convocation'],
  ['/persons/:id/resume-messages', 'reprise des SMS'],
  ['/persons/:id/certificate', 'attestation'],
  ['/persons', 'fiche'],
  ['/convocations/:id/reschedule/preview', 'aperçu des messages'],
  ['/convocations/:id/reschedule', 'déplacement d’une convocation'],
  ['/convocations', 'page d’une convocation'],
  ['/certificates', 'attestation, PDF'],
  ['/api/v1/persons', 'par l’API'],
  ['/api/v1/convocations', 'par l’API, une convocation'],
];

/** What a write route is about, by the beginning of its address. */
const ROOMS: ByAddress = [
  ['/plans/hours', 'horaires d’envoi'],
  ['/plans', 'plan de rappels'],
  ['/messages', 'texte d’un message'],
  ['/agendas', 'créneaux d’un agenda'],
  ['/api/v1/slots', 'créneau, par l’API'],
  ['/territories', 'zones mal couvertes'],
  ['/trials', 'essai'],
  ['/rollouts', 'mise en service'],
  ['/surety', 'retenue des envois'],
  ['/tasks', 'tâche'],
  ['/days', 'présences d’une journée'],
  ['/worklist', 'rappels à refaire'],
  ['/absence/unit-costs', 'coûts de référence'],
  ['/absence', 'chiffres d’absence'],
  ['/account', 'compte'],
  ['/agents', 'compte d’un agent'],
  ['/alerts', 'alertes'],
  ['/console', 'console'],
  ['/service', 'service'],
  ['/welcome', 'ouverture d’un compte'],
  ['/sign-in', 'connexion'],
  ['/sign-out', 'déconnexion'],
  ['/persons', 'dossier'],
  ['/convocations', 'convocation'],
];

const EVENTS: Readonly<Record<string, string>> = {
  'person.registered': 'Dossier créé',
  'person.updated': 'Fiche modifiée',
  'convocation.booked': 'Convocation créée',
  'convocation.attended': 'Présence notée',
  'convocation.missed': 'Absence notée',
  'convocation.excused': 'Excuse notée',
  'convocation.cancelled': 'Convocation annulée',
  'convocation.rescheduled': 'Convocation déplacée',
  'convocation.reopened': 'Issue annulée',
  'messages.stopped': 'Arrêt des SMS',
  'messages.resumed': 'Reprise des SMS',
  'phone.blocked': 'Numéro bloqué',
  ...CONTACT_EVENTS,
  'task.resent': 'Message envoyé de nouveau',
  'task.closed': 'Tâche terminée',
};

const CRITERIA: Readonly<Record<string, string>> = {
  name: 'nom',
  birthDate: 'date de naissance',
  appiNumber: `n°${NBSP}APPI`,
  phone: 'téléphone',
};

const KINDS: Readonly<Record<string, string>> = {
  summons: 'convocation',
  reminder: 'rappel',
  cancellation: 'annulation',
  rescheduling: 'replanification',
  'after-absence': 'après une absence',
};
const CHANNELS: Readonly<Record<string, string>> = { sms: 'SMS', email: 'e-mail' };

/** What happened, and what more is known of it. */
export function actWords(line: Pick<JournalLine, 'action' | 'detail'>): {
  what: string;
  more: string | null;
} {
  const { action, detail } = line;
  const text = (name: string) => (typeof detail[name] === 'string' ? detail[name] : '');
  if (action === 'file.changed')
    return { what: EVENTS[text('event')] ?? ACTION_WORDS['file.changed'], more: null };
  const what = ACTION_WORDS[action] as string | undefined;
  return { what: what ?? action, more: moreWords(action, detail, text) };
}

function moreWords(
  action: JournalAction,
  detail: JournalLine['detail'],
  text: (name: string) => string,
): string | null {
  switch (action) {
    case 'person.searched':
      return searchWords(detail);
    case 'message.sent':
      return `${KINDS[text('kind')] ?? text('kind')}, ${CHANNELS[text('channel')] ?? text('channel')}`;
    case 'template.reviewed':
      return reviewWords(detail, text);
    case 'file.read':
      return wordsAt(PAGES, pathOf(text('route'))) ?? null;
    default:
      return routeWords(text('route'));
  }
}

/** « rappel, arabe, registre standard, rdv-telephonique, version 3 ». */
function reviewWords({ version }: JournalLine['detail'], text: (name: string) => string): string {
  const type = text('typeCode');
  return [
    KINDS[text('kind')] ?? text('kind'),
    languageOf(text('language')).name,
    `registre ${text('register') === 'discreet' ? 'discret' : 'standard'}`,
    type === '' ? 'tous les autres types' : type,
    `version${NBSP}${String(version)}`,
  ].join(', ');
}

function searchWords({ criteria, found }: JournalLine['detail']): string {
  const by = Array.isArray(criteria) ? criteria.map((name) => CRITERIA[String(name)] ?? String(name)) : [];
  const count = typeof found === 'number' ? found : 0;
  const hits = count === 0 ? 'personne trouvé' : count > 1 ? `${count}${NBSP}résultats` : `1${NBSP}résultat`;
  return `par ${by.join(', ')}${NBSP}: ${hits}`;
}

function routeWords(route: string): string | null {
  const path = pathOf(route);
  return path === '' ? null : (wordsAt(ROOMS, path) ?? path);
}

function pathOf(route: string): string {
  return route.split(' ')[1] ?? '';
}

function wordsAt(words: ByAddress, path: string): string | undefined {
  return words.find(([start]) => path.startsWith(start))?.[1];
}
