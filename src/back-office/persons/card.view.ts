import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may } from '../../access/domain/rights.js';
import { convocationsOfPerson, type ConvocationView } from '../../convocations/convocation.queries.js';
import { historyOf, type HistoryView } from '../../convocations/history.queries.js';
import { repliesOf, type ReplyView } from '../../notifications/replies/inbound-replies.query.js';
import type { MessageQueries, MessageView } from '../../notifications/message.queries.js';
import { openTasksAbout } from '../../notifications/follow-up/task.queries.js';
import { findPerson, type PersonView } from '../../persons/person.queries.js';
import { agentNames } from '../../persons/resume-colleagues.query.js';
import { relativeDay } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import { capital, moment } from '../../ui/typography.js';
import { messageLine } from '../messages.js';
import type { Office } from '../office-hours.js';
import type { ContactName } from '../masked-contact.js';
import { convocationWord } from '../words.js';
import type { NextView, PersonCardView, TimelineEntry, TimelineFilter } from './card.page.js';
import { fileEntry, heardById, replyEntry } from './file-entries.js';
import { birthWords, fullName } from './person-words.js';
import { reachView } from './reach.view.js';
import { taskLine } from '../tasks/task.view.js';

export type CardContent = Omit<PersonCardView, 'frame' | 'updated'>;

/** Everything a person card shows. @throws NotFound */
export async function cardContent(
  tx: EntityManager,
  actor: Actor,
  personId: string,
  messages: MessageQueries,
  office: Office,
  filter: TimelineFilter,
  shown: ContactName | null = null,
): Promise<CardContent> {
  const person = await findPerson(tx, actor, personId);
  const convocations = await convocationsOfPerson(tx, actor, person);
  const history = await historyOf(tx, actor, person);
  const sent = await messages.ofConvocations(
    tx,
    convocations.map(({ id }) => id),
  );
  const replies = await repliesOf(tx, personId);
  const heardBy = await agentNames(
    tx,
    history.flatMap(({ detail }) => heardById(detail)),
  );
  const tasks = await openTasksAbout(tx, actor, { personId });
  const next = nextOf(convocations, office);
  const past = convocations.filter((one) => one !== next);
  return {
    id: person.id,
    name: fullName(person),
    about: aboutLines(person, office),
    archived: person.archivedAt !== null,
    canReadJournal: may(actor, 'journal.read-person'),
    canCertify: may(actor, 'certificate.make'),
    reach: reachView(person, history, office, actor, shown),
    next: next === null ? null : nextView(next, sent, office),
    tasks: tasks.map((task) => taskLine(task, office, actor.agentId)),
    filter,
    timeline: timelineOf({ past, sent, history, replies, heardBy }, office, filter),
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

interface Told {
  readonly past: readonly ConvocationView[];
  readonly sent: readonly MessageView[];
  readonly history: readonly HistoryView[];
  readonly replies: readonly ReplyView[];
  readonly heardBy: ReadonlyMap<string, string>;
}

function timelineOf(told: Told, office: Office, filter: TimelineFilter): TimelineEntry[] {
  const { past, sent, history, replies, heardBy } = told;
  const shows = (part: TimelineFilter) => filter === 'all' || filter === part;
  const dated = [
    ...(shows('convocations')
      ? past.map((one) => ({ at: one.startsAt, entry: convocationEntry(one, sent, office) }))
      : []),
    ...(shows('replies')
      ? replies.map((reply) => ({ at: reply.receivedAt, entry: replyEntry(reply, office) }))
      : []),
    ...(shows('file') ? history.flatMap((fact) => fileEntry(fact, office, heardBy)) : []),
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
