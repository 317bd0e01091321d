import { Temporal } from 'temporal-polyfill';
import type { HistoryView } from '../../convocations/history.queries.js';
import type { ReplyIntent } from '../../notifications/domain/reply-intent.js';
import type { ReplyView } from '../../notifications/replies/inbound-replies.query.js';
import { instantOf, toLocal } from '../../shared/time.js';
import type { StateWord } from '../../ui/state.js';
import { day, plainDate, shortMoment } from '../../ui/typography.js';
import { CONTACT_EVENTS } from '../contact-events.js';
import type { Office } from '../office-hours.js';
import { taskFact } from '../tasks/task-words.js';
import type { TimelineEntry } from './card.page.js';

const FACTS: Readonly<Record<string, string>> = {
  'person.registered': 'Enregistrement',
  'person.updated': 'Fiche modifiée',
  'person.handed-over': 'Suivi confié à un autre agent, ou rendu au service',
  'messages.stopped': 'Arrêt des SMS',
  'person.messages-stopped': 'Arrêt des SMS',
  'messages.resumed': 'Reprise des SMS',
  'phone.blocked': 'Numéro bloqué\u00a0: ce n’est pas le sien',
  ...CONTACT_EVENTS,
};

const FIELD_WORDS: Readonly<Record<string, string>> = {
  lastName: 'nom',
  firstName: 'prénom',
  birthDate: 'date de naissance',
  phone: 'téléphone',
  email: 'e-mail',
  appiNumber: 'n°\u00a0APPI',
  register: 'registre des textes',
  referentId: 'référent',
  organizationIds: 'services',
};

/** One line of the file of a person; nothing for facts shown elsewhere. */
export function fileEntry(
  fact: HistoryView,
  office: Office,
  heardBy: ReadonlyMap<string, string>,
): { at: Date; entry: TimelineEntry }[] {
  const title = FACTS[fact.event] ?? taskFact(fact.event, fact.detail) ?? undefined;
  if (title === undefined) return [];
  const entry: TimelineEntry = {
    id: fact.id,
    kind: 'file',
    title,
    href: null,
    state: null,
    when: day(toLocal(instantOf(fact.at), office.timeZone).date),
    detail: `${whatOf(fact, office, heardBy)}${whoOf(fact)}`,
    lines: [],
  };
  return [{ at: fact.at, entry }];
}

/** Agent to whom a person said that texts may be sent again. */
export function heardById(detail: Readonly<Record<string, unknown>>): string[] {
  return typeof detail.heardByAgentId === 'string' ? [detail.heardByAgentId] : [];
}

function whatOf(fact: HistoryView, office: Office, heardBy: ReadonlyMap<string, string>): string {
  const { event, detail } = fact;
  if (event === 'messages.resumed') return wordOf(detail, office, heardBy);
  if (event !== 'person.updated' || !Array.isArray(detail.fields)) return '';
  const fields = detail.fields.flatMap((name) => FIELD_WORDS[String(name)] ?? []);
  return fields.length === 0 ? '' : `Champs modifiés\u00a0: ${fields.join(', ')}. `;
}

const MEANS: Readonly<Record<string, string>> = {
  'in-person': 'dit sur place',
  phone: 'dit au téléphone',
  letter: 'écrit par courrier',
};

const REFUSED_BY: Readonly<Record<string, string>> = {
  agent: 'noté par le service',
  person: 'de la personne',
  operator: 'auprès de l’opérateur',
};

/** « À sa demande : dit au téléphone le 12 juin 2026 à Camille Martin, après un refus de la personne. » */
function wordOf(
  detail: Readonly<Record<string, unknown>>,
  office: Office,
  heardBy: ReadonlyMap<string, string>,
): string {
  const means = MEANS[String(detail.means)];
  if (means === undefined || typeof detail.saidOn !== 'string') return '';
  const to = heardById(detail).flatMap((id) => heardBy.get(id) ?? []);
  const whom = to.length === 0 ? '' : ` à ${to.join('')}`;
  const origin = REFUSED_BY[String(detail.refusedOrigin)];
  const since =
    typeof detail.refusedAt === 'string'
      ? ` du ${plainDate(toLocal(Temporal.Instant.from(detail.refusedAt), office.timeZone).date)}`
      : '';
  const after = origin === undefined ? '' : `, après le refus${since}, ${origin}`;
  return `À sa demande\u00a0: ${means} le ${plainDate(detail.saidOn)}${whom}${after}. `;
}

function whoOf({ event, detail, agentName, byProgram }: HistoryView): string {
  if (agentName !== null) return `Par ${agentName}.`;
  if (byProgram) return 'Par un logiciel.';
  if (detail.origin === 'operator') return 'Signalé par l’opérateur.';
  if (event === 'phone.blocked')
    return detail.origin === 'reply' ? 'Répondu par SMS depuis ce numéro.' : 'Dit par le lien d’un SMS.';
  if (/^person\.(number|address)-flagged$/.test(event) || event.startsWith('task.'))
    return 'Par le service, de lui-même.';
  if (event.startsWith('address.')) return 'Dit par le lien d’un e-mail.';
  return 'Par la personne elle-même.';
}

const INTENTS: Readonly<Record<ReplyIntent, StateWord>> = {
  stop: { word: 'Demande l’arrêt des SMS', shape: 'warn' },
  yes: { word: 'A répondu qu’elle viendra', shape: 'ok' },
  no: { word: 'A répondu qu’elle ne viendra pas', shape: 'warn' },
  help: { word: 'Demande de l’aide', shape: 'warn' },
  'wrong-person': { word: 'Dit que ce n’est pas son numéro', shape: 'bad' },
  free: { word: 'À lire', shape: 'wait' },
};

/** What the person answered, in its own words. */
export function replyEntry(
  { id, receivedAt, intent, text, shared }: ReplyView,
  office: Office,
): TimelineEntry {
  return {
    id,
    kind: 'reply',
    title: 'Réponse par SMS',
    href: null,
    state: INTENTS[intent],
    when: shortMoment(instantOf(receivedAt), office.timeZone, office.timeZone, office.now),
    detail: shared ? 'Ce numéro est celui de plusieurs personnes\u00a0: demandez qui a écrit.' : null,
    quote: text === '' ? '(message vide)' : text,
    lines: [],
  };
}
