import type { Actor } from '../../access/actor.js';
import type { HistoryView } from '../../convocations/history.queries.js';
import type { PersonView } from '../../persons/person.queries.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { maskedEmail, maskedPhone, plainDate } from '../../ui/typography.js';
import type { ContactName } from '../masked-contact.js';
import type { Office } from '../office-hours.js';
import { reachOf } from './person-words.js';
import type { BlockView, ReachView, RefusalView } from './reach-card.js';

const ORIGINS = {
  agent: 'noté par le service',
  person: 'par la personne',
  operator: 'auprès de l’opérateur',
} as const;

const FLAGS: Readonly<Record<string, string>> = {
  'wrong-number': 'L’opérateur dit que ce numéro ne peut rien recevoir\u00a0: à corriger.',
  'three-failures': 'Trois textes de suite ne sont pas arrivés\u00a0: vérifiez ce numéro.',
};

const EMAIL_FLAGS: Readonly<Record<string, string>> = {
  'wrong-address': 'Cette adresse e-mail n’existe pas\u00a0: à corriger.',
  'three-returns': 'Trois e-mails de suite ne sont pas arrivés\u00a0: vérifiez cette adresse.',
};

/** How the person can be reached, and what stands in the way. */
export function reachView(
  person: PersonView,
  history: readonly HistoryView[],
  office: Office,
  reader: Actor,
  shown: ContactName | null,
): ReachView {
  const { phone, email } = person;
  const phoneChange = history.find(({ event, detail }) => event === 'person.updated' && saysPhone(detail));
  return {
    word: reachOf(person),
    phone:
      phone === null
        ? null
        : {
            masked: maskedPhone(phone.e164),
            whole: shown === 'phone' ? phone.e164 : null,
            mobile: phone.mobile,
          },
    noPhone: person.noPhone,
    block: blockView(person, office, reader),
    emailBlock: emailBlockView(person, office, reader),
    flag:
      person.phoneFlaggedAt === null
        ? null
        : (FLAGS[person.phoneFlagReason ?? ''] ?? FLAGS['three-failures'] ?? ''),
    emailFlag:
      person.emailFlaggedAt === null
        ? null
        : (EMAIL_FLAGS[person.emailFlagReason ?? ''] ?? EMAIL_FLAGS['three-returns'] ?? ''),
    reachedOn: person.phoneReachedAt === null ? null : dayOf(person.phoneReachedAt, office),
    phoneSince: dayOf(phoneChange?.at ?? person.createdAt, office),
    refusal: refusalView(person, office),
    register:
      person.register === 'discreet'
        ? 'Discret (ne nomme jamais la justice)'
        : 'Standard (peut nommer le SPIP)',
    email: email === null ? null : { masked: maskedEmail(email), whole: shown === 'email' ? email : null },
  };
}

/** « Depuis le 2 mars 2026, par la personne. » */
export function refusalView(person: PersonView, office: Office): RefusalView | null {
  const { smsRefusedAt, smsRefusedOrigin } = person;
  if (smsRefusedAt === null) return null;
  return {
    sentence: `Depuis le ${dayOf(smsRefusedAt, office)}, ${ORIGINS[smsRefusedOrigin ?? 'agent']}.`,
    atOperator: smsRefusedOrigin === 'operator',
  };
}

function blockView(person: PersonView, office: Office, reader: Actor): BlockView | null {
  const { phoneBlockedAt, phoneLiftAskedById, phoneLiftAskedBy } = person;
  if (phoneBlockedAt === null) return null;
  return {
    since: dayOf(phoneBlockedAt, office),
    askedBy: phoneLiftAskedBy,
    canLift: reader.agentId !== null && phoneLiftAskedById !== reader.agentId,
  };
}

function emailBlockView(person: PersonView, office: Office, reader: Actor): BlockView | null {
  const { emailBlockedAt, emailLiftAskedById, emailLiftAskedBy } = person;
  if (emailBlockedAt === null) return null;
  return {
    since: dayOf(emailBlockedAt, office),
    askedBy: emailLiftAskedBy,
    canLift: reader.agentId !== null && emailLiftAskedById !== reader.agentId,
  };
}

function dayOf(date: Date, office: Office): string {
  return plainDate(toLocal(instantOf(date), office.timeZone).date);
}

function saysPhone(detail: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(detail.fields) && detail.fields.includes('phone');
}
