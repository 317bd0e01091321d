import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { type ConvocationView, findConvocation } from '../../convocations/convocation.queries.js';
import { historyOf, type HistoryView } from '../../convocations/history.queries.js';
import { mayRecordOutcome } from '../../convocations/visibility.js';
import { MessageQueries, type MessageView, stateOfText } from '../../notifications/message.queries.js';
import { ReachQueries } from '../../notifications/follow-up/reach.query.js';
import { openTasksAbout } from '../../notifications/follow-up/task.queries.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { hourInWords, relativeDay } from '../../shared/french-dates.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { capital, hourAt, moment, shortMoment } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { messageLine } from '../messages.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { fullName } from '../persons/person-words.js';
import { taskLine } from '../tasks/task.view.js';
import { taskFact } from '../tasks/task-words.js';
import { ALL_HELD, convocationWord, reachStateWord } from '../words.js';
import type { ConvocationPageView, Done, HistoryLine } from './convocation.page.js';

export type ConvocationContent = Omit<ConvocationPageView, 'frame' | 'typed' | 'problems'>;

const UNDO_SECONDS = 60;
const PENDING = ['planned', 'queued'];

@Injectable()
export class ConvocationPages {
  constructor(
    private readonly env: Env,
    private readonly officeHours: OfficeHours,
    private readonly messages: MessageQueries,
    private readonly reach: ReachQueries,
  ) {}

  /** @param done what has just been done, as the address says @throws NotFound */
  async content(
    tx: EntityManager,
    actor: Actor,
    id: string,
    done: string | null,
  ): Promise<ConvocationContent> {
    const office = await this.officeHours.of(tx, actor);
    const convocation = await findConvocation(tx, actor, id);
    const messages = await this.messages.ofConvocations(tx, [id]);
    const history = await historyOf(tx, actor, convocation);
    const tasks = await openTasksAbout(tx, actor, { convocationId: id });
    const isHeld = done !== null && (await holdOf(tx, this.env.APP_ENV)) !== null;
    const reach = convocation.state === 'booked' ? (await this.reach.reachOf(tx, [id])).get(id) : undefined;
    return {
      ...promiseView(convocation, office),
      id,
      personId: convocation.personId,
      personName: fullName(convocation),
      typeName: convocation.typeName,
      state: convocationWord(convocation.state, convocation.cancelledBy),
      lines: messages.map((message) => messageLine(message, convocation.timeZone, office)),
      reach: reach === undefined ? null : reachStateWord(reach),
      tasks: tasks.map((task) => taskLine(task, office, actor.agentId)),
      can: convocation.allowedEvents,
      outcomeFrom: outcomeFrom(convocation, actor, office),
      reachable: !messages.some(({ state }) => state === 'suppressed'),
      isCourt: actor.organizationKind === 'tj',
      about: aboutOf(convocation),
      history: history.map((fact) => historyLine(fact, convocation, office)),
      done: done === null ? null : doneOf(done, convocation, messages, { ...office, isHeld }),
    };
  }

  /** True when an announcement has left already: taking the booking back must then be told. */
  async hasToldAnything(tx: EntityManager, id: string): Promise<boolean> {
    const messages = await this.messages.ofConvocations(tx, [id]);
    return messages.some((message) =>
      ['sending', 'uncertain', 'accepted', 'delivered'].includes(stateOfText(message)),
    );
  }
}

function promiseView(convocation: ConvocationView, office: Office) {
  const today = toLocal(office.now, convocation.timeZone).date;
  return {
    promise: capital(moment(convocation, office.timeZone)),
    relative: capital(relativeDay(convocation.date, today)),
    where: `${convocation.agendaName}, ${convocation.placeName}, ${convocation.placeAddress}.`,
  };
}

function aboutOf({ createdByName, assignedToName, organizationName }: ConvocationView): string {
  const by = createdByName === null ? '' : `Convocation saisie par ${createdByName}. `;
  const to = assignedToName === null ? '' : `Suivi\u00a0: ${assignedToName}. `;
  return `${by}${to}Service du lieu\u00a0: ${organizationName}.`;
}

function outcomeFrom(convocation: ConvocationView, actor: Actor, office: Office): string | null {
  if (convocation.state !== 'booked') return null;
  if (!mayRecordOutcome(actor, convocation)) return 'L’issue sera marquée par le service du lieu.';
  if (convocation.allowedEvents.includes('attend')) return null;
  const hour = hourAt(convocation.time, convocation.timeZone, office.timeZone);
  return `L’issue se marque à partir de ${hour}, le jour dit.`;
}

const EVENTS: Readonly<Record<string, string>> = {
  'convocation.booked': 'Saisie',
  'convocation.rescheduled': 'Déplacée',
  'convocation.cancelled': 'Annulée',
  'convocation.attended': 'Marquée présent',
  'convocation.missed': 'Marquée absent',
  'convocation.excused': 'Excusée',
  'convocation.reopened': 'Issue corrigée',
  'messages.stopped': 'Arrêt des SMS',
  'reply.yes': 'A répondu qu’elle viendra',
  'reply.no': 'A répondu qu’elle ne viendra pas',
  'address.wrong-person': 'E-mail reçu par quelqu’un d’autre',
};

/** Without an agent these are the work of the service itself. */
const BY_ITSELF = /^task\./;

function historyLine(fact: HistoryView, convocation: ConvocationView, office: Office): HistoryLine {
  const before = oldPromise(fact.detail, office);
  return {
    key: fact.id,
    what: `${taskFact(fact.event, fact.detail) ?? EVENTS[fact.event] ?? 'Modifiée'}${before}${fact.detail.shared === true ? ', depuis un numéro partagé' : ''}`,
    when: shortMoment(instantOf(fact.at), office.timeZone, office.timeZone, office.now),
    who:
      fact.agentName ??
      (fact.byProgram
        ? 'un logiciel'
        : BY_ITSELF.test(fact.event) || (convocation.createdByName === null && !isAnswer(fact))
          ? 'le service'
          : 'la personne'),
  };
}

/** What only the person, or whoever holds the phone, can do. */
function isAnswer({ event }: HistoryView): boolean {
  return event.startsWith('reply.') || event === 'messages.stopped';
}

function oldPromise(detail: Readonly<Record<string, unknown>>, office: Office): string {
  const from = detail.from;
  if (
    typeof from !== 'object' ||
    from === null ||
    !('date' in from) ||
    !('time' in from) ||
    !('timeZone' in from)
  )
    return '';
  const old = {
    date: String(from.date),
    time: String(from.time).slice(0, 5),
    timeZone: String(from.timeZone),
  };
  return ` (avant\u00a0: ${moment(old, office.timeZone)})`;
}

const DONE: Readonly<Record<string, string>> = {
  moved: 'Convocation déplacée.',
  attended: 'Marquée présent.',
  missed: 'Marquée absent.',
  excused: 'Marquée excusée.',
  cancelled: 'Convocation annulée.',
  reopened: 'Issue corrigée\u00a0: la convocation est de nouveau planifiée.',
  'task-closed': 'Tâche close.',
  'task-resent': 'Nouvel envoi demandé.',
};

/** Whether what is due leaves at all. */
type Departing = Office & { readonly isHeld: boolean };

function doneOf(
  done: string,
  convocation: ConvocationView,
  messages: readonly MessageView[],
  office: Departing,
): Done | null {
  if (done === 'booked') return booked(convocation, messages, office);
  const sentence = doneSentence(DONE, done);
  if (sentence === null) return null;
  const pending = messages.filter(({ state }) => PENDING.includes(state));
  return {
    shape: 'ok',
    sentence: `${sentence} ${departures(pending, convocation, office)}`,
    undoUntil: null,
  };
}

function booked(convocation: ConvocationView, messages: readonly MessageView[], office: Departing): Done {
  const end = instantOf(convocation.createdAt).add({ seconds: UNDO_SECONDS });
  const open =
    end.epochMilliseconds > office.now.epochMilliseconds && convocation.allowedEvents.includes('cancel');
  const pending = messages.filter(({ state }) => PENDING.includes(state));
  const until = hourInWords(toLocal(end, office.timeZone).time);
  return {
    shape: 'ok',
    sentence: `Convocation enregistrée. ${departures(pending, convocation, office)}`,
    undoUntil: open ? until : null,
  };
}

function departures(
  pending: readonly MessageView[],
  convocation: ConvocationView,
  office: Departing,
): string {
  const first = pending.find(({ next }) => next !== null);
  if (first === undefined)
    return pending.length === 0 ? 'Aucun message à venir.' : 'Aucun message ne peut partir.';
  if (office.isHeld) return ALL_HELD;
  const due = instantOf(first.dueAt);
  if (due.epochMilliseconds <= office.now.epochMilliseconds) return 'Le texte part maintenant.';
  return `Prochain texte ${shortMoment(due, convocation.timeZone, office.timeZone, office.now)}.`;
}
