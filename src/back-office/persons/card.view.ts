import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { convocationsOfPerson, type ConvocationView } from '../../convocations/convocation.queries.js';
import { historyOf, type HistoryView } from '../../convocations/history.queries.js';
import type { MessageQueries, MessageView } from '../../notifications/message.queries.js';
import { findPerson, type PersonView } from '../../persons/person.queries.js';
import { relativeDay } from '../../shared/french-dates.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { capital, day, maskedPhone, moment, plainDate, spacedPhone } from '../../ui/typography.js';
import { messageLine } from '../messages.js';
import type { Office } from '../office-hours.js';
import { convocationWord } from '../words.js';
import type { NextView, PersonCardView, ReachView, TimelineEntry, TimelineFilter } from './card.page.js';
import { birthWords, fullName, reachOf } from './person-words.js';

export type CardContent = Omit<PersonCardView, 'frame' | 'updated'>;

/** Everything a person card shows. @throws NotFound */
export async function cardContent(
  tx: EntityManager,
  actor: Actor,
  personId: string,
  messages: MessageQueries,
  office: Office,
  filter: TimelineFilter,
): Promise<CardContent> {
  const person = await findPerson(tx, actor, personId);
  const convocations = await convocationsOfPerson(tx, actor, personId);
  const history = await historyOf(tx, actor, { personId });
  const sent = await messages.ofConvocations(
    tx,
    convocations.map(({ id }) => id),
  );
  const next = nextOf(convocations, office);
  const past = convocations.filter((one) => one !== next);
  return {
    id: person.id,
    name: fullName(person),
    about: aboutLines(person, office),
    archived: person.archivedAt !== null,
    reach: reachView(person, sent, history, office),
    next: next === null ? null : nextView(next, sent, office),
    filter,
    timeline: timelineOf(past, sent, history, office, filter),
  };
}

function nextOf(convocations: readonly ConvocationView[], office: Office): ConvocationView | null {
  const coming = convocations.filter(
    ({ state, startsAt }) => state === 'booked' && startsAt.getTime() > office.now.epochMilliseconds,
  );
  return coming.at(-1) ?? null;
}

function aboutLines(person: PersonView, office: Office): string[] {
  const appi = person.appiNumber === null ? '' : `, n°\u00a0APPI ${maskedAppi(person.appiNumber)}`;
  const services = person.organizations.map(({ name }) => name).join(', ');
  const referent = person.referentName === null ? '' : `, référent\u00a0: ${person.referentName}`;
  return [`${birthWords(person.birthDate, office.today)}${appi}`, `${services}${referent}`];
}

function maskedAppi(appi: string): string {
  return `${appi.slice(0, 4)}•••${appi.slice(-3)}`;
}

const ORIGINS = {
  agent: 'noté par un agent',
  person: 'par la personne',
  operator: 'auprès de l’opérateur',
} as const;

function reachView(
  person: PersonView,
  sent: readonly MessageView[],
  history: readonly HistoryView[],
  office: Office,
): ReachView {
  const { phone, smsRefusedAt, smsRefusedOrigin } = person;
  const dayOf = (date: Date) => plainDate(toLocal(instantOf(date), office.timeZone).date);
  const received = sent.filter(({ state, settledAt }) => state === 'delivered' && settledAt !== null);
  const last = received.at(-1)?.settledAt ?? null;
  const phoneChange = history.find(({ event, detail }) => event === 'person.updated' && saysPhone(detail));
  const refusal =
    smsRefusedAt === null
      ? null
      : `Depuis le ${dayOf(smsRefusedAt)}, ${ORIGINS[smsRefusedOrigin ?? 'agent']}.`;
  return {
    word: reachOf(person),
    phone:
      phone === null
        ? null
        : { masked: maskedPhone(phone.e164), whole: spacedPhone(phone.e164), mobile: phone.mobile },
    noPhone: person.noPhone,
    lastReceived: last === null ? null : dayOf(last),
    phoneSince: dayOf(phoneChange?.at ?? person.createdAt),
    refusal,
    register:
      person.register === 'discreet'
        ? 'Discret (ne nomme jamais la justice)'
        : 'Standard (peut nommer le SPIP)',
    email: person.email,
  };
}

function saysPhone(detail: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(detail.fields) && detail.fields.includes('phone');
}

function nextView(next: ConvocationView, sent: readonly MessageView[], office: Office): NextView {
  const today = toLocal(office.now, next.timeZone).date;
  return {
    href: `/convocations/${next.id}`,
    promise: capital(moment(next, office.timeZone)),
    where: `${capital(relativeDay(next.date, today))}. ${next.typeName}, ${next.agendaName}, ${next.placeName}.`,
    state: convocationWord(next.state, next.cancelledBy),
    lines: linesOf(next, sent, office),
    canChange: next.allowedEvents.includes('reschedule'),
  };
}

function linesOf(convocation: ConvocationView, sent: readonly MessageView[], office: Office) {
  return sent
    .filter(({ convocationId }) => convocationId === convocation.id)
    .map((message) => messageLine(message, convocation.timeZone, office));
}

function timelineOf(
  convocations: readonly ConvocationView[],
  sent: readonly MessageView[],
  history: readonly HistoryView[],
  office: Office,
  filter: TimelineFilter,
): TimelineEntry[] {
  const dated = [
    ...(filter === 'file'
      ? []
      : convocations.map((one) => ({ at: one.startsAt, entry: convocationEntry(one, sent, office) }))),
    ...(filter === 'convocations' ? [] : history.flatMap((fact) => fileEntry(fact, office))),
  ];
  return dated.sort((a, b) => b.at.getTime() - a.at.getTime()).map(({ entry }) => entry);
}

function convocationEntry(
  convocation: ConvocationView,
  sent: readonly MessageView[],
  office: Office,
): TimelineEntry {
  return {
    id: convocation.id,
    kind: 'convocation',
    title: `${convocation.typeName}, ${moment(convocation, office.timeZone)}`,
    href: `/convocations/${convocation.id}`,
    state: convocationWord(convocation.state, convocation.cancelledBy),
    when: null,
    detail: null,
    lines: linesOf(convocation, sent, office).reverse(),
  };
}

const FACTS: Readonly<Record<string, string>> = {
  'person.registered': 'Enregistrement',
  'person.updated': 'Fiche modifiée',
  'messages.stopped': 'Arrêt des SMS',
  'person.messages-stopped': 'Arrêt des SMS',
  'messages.resumed': 'Reprise des SMS',
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

function fileEntry(fact: HistoryView, office: Office): { at: Date; entry: TimelineEntry }[] {
  const title = FACTS[fact.event];
  if (title === undefined) return [];
  const entry: TimelineEntry = {
    id: fact.id,
    kind: 'file',
    title,
    href: null,
    state: null,
    when: day(toLocal(instantOf(fact.at), office.timeZone).date),
    detail: detailOf(fact),
    lines: [],
  };
  return [{ at: fact.at, entry }];
}

function detailOf({ event, detail, agentName, byProgram }: HistoryView): string {
  const fields = Array.isArray(detail.fields)
    ? detail.fields.flatMap((name) => FIELD_WORDS[String(name)] ?? [])
    : [];
  const what =
    event === 'person.updated' && fields.length > 0 ? `Champs modifiés\u00a0: ${fields.join(', ')}. ` : '';
  if (agentName !== null) return `${what}Par ${agentName}.`;
  if (byProgram) return `${what}Par un logiciel.`;
  return detail.origin === 'operator' ? 'Signalé par l’opérateur.' : 'Par la personne elle-même.';
}
