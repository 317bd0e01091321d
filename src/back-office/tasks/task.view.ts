import type { TaskEnd } from '../../notifications/follow-up/task-end.query.js';
import type { TaskView } from '../../notifications/follow-up/task.queries.js';
import { relativeDay } from '../../shared/french-dates.js';
import { instantOf, toLocal } from '../../shared/time.js';
import type { StateWord } from '../../ui/state.js';
import { capital, maskedPhone, moment, shortMoment } from '../../ui/typography.js';
import type { Office } from '../office-hours.js';
import { fullName } from '../persons/person-words.js';
import {
  OUTCOMES,
  type OutcomeChoice,
  TASK_TITLES,
  taskFact,
  whatHappened,
  whatToSay,
} from './task-words.js';

/** One task as a page shows it. */
export interface TaskLine {
  readonly id: string;
  readonly title: StateWord;
  readonly personId: string;
  readonly personName: string;
  /** « Avant mercredi 10 juin à 14 h 00, demain », or null when no hour presses. */
  readonly deadline: string | null;
  readonly happened: string;
  readonly toSay: string | null;
  /** The person's own words. */
  readonly replies: readonly string[];
  readonly convocation: { readonly href: string; readonly words: string } | null;
  /** Of the number, its two ends only. */
  readonly phone: string | null;
  readonly resend: TaskView['resend'];
  readonly assignedTo: string;
  readonly outcomes: readonly OutcomeChoice[];
  /** The number itself is in question. */
  readonly checksNumber: boolean;
  /** The e-mail address is in question. */
  readonly checksAddress: boolean;
}

export function taskLine(task: TaskView, office: Office, agentId: string | null): TaskLine {
  const isOver = task.actBefore !== null && task.actBefore.getTime() <= office.now.epochMilliseconds;
  const { phone, convocation } = task;
  return {
    id: task.id,
    title: { word: TASK_TITLES[task.kind], shape: isOver ? 'bad' : 'warn' },
    personId: task.personId,
    personName: fullName(task),
    deadline: deadlineOf(task, office, isOver),
    happened: whatHappened(task.reason),
    toSay: whatToSay(task.messageKind),
    replies: task.replies.filter((text) => text.trim() !== ''),
    convocation:
      convocation === null
        ? null
        : {
            href: `/convocations/${convocation.id}`,
            words: `${convocation.typeName}, ${moment(convocation, office.timeZone)}, ${convocation.placeName}`,
          },
    phone: phone === null ? null : maskedPhone(phone.e164),
    resend: task.resend,
    assignedTo: assignment(task, agentId),
    outcomes: OUTCOMES[task.kind],
    checksNumber: task.kind === 'correct-number' || NUMBER_REASONS.includes(task.reason),
    checksAddress: task.kind === 'correct-address' || ADDRESS_REASONS.includes(task.reason),
  };
}

const NUMBER_REASONS: readonly string[] = [
  'wrong-number',
  'three-failures',
  'number-flagged',
  'no-phone',
  'not-a-mobile',
  'wrong-person',
  'said-by-link',
  'said-by-reply',
];

const ADDRESS_REASONS: readonly string[] = ['email-returned', 'email-refused'];

function deadlineOf({ actBefore, convocation }: TaskView, office: Office, isOver: boolean): string | null {
  if (actBefore === null) return null;
  const timeZone = convocation?.timeZone ?? office.timeZone;
  const at = instantOf(actBefore);
  const words = shortMoment(at, timeZone, office.timeZone, office.now);
  if (isOver) return `L’heure est passée\u00a0: ${words}`;
  const today = toLocal(office.now, timeZone).date;
  const relative = relativeDay(toLocal(at, timeZone).date, today);
  return words.startsWith(relative) ? `Avant ${words}` : `Avant ${words}, ${relative}`;
}

/** A task that a colleague closed while this agent was typing. */
export interface Overtaken {
  readonly personId: string;
  readonly personName: string;
  /** « Par Nadia Benali, aujourd’hui à 9 h 30. Fin de « joindre autrement » : personne jointe ». */
  readonly words: string;
  /** What was typed and is stored nowhere; empty: nothing. */
  readonly note: string;
}

export function overtakenBy(end: TaskEnd, note: string, { timeZone, now }: Office): Overtaken {
  const who = end.byName === null ? 'Par le service' : `Par ${capital(end.byName)}`;
  const when = shortMoment(instantOf(end.at), timeZone, timeZone, now);
  const what = taskFact('task.closed', end.detail) ?? 'Tâche close';
  return { personId: end.personId, personName: fullName(end), words: `${who}, ${when}. ${what}.`, note };
}

function assignment(task: TaskView, agentId: string | null): string {
  if (task.assignedToAgentId === null) return 'Sans référent';
  if (task.assignedToAgentId === agentId) return 'Pour vous';
  const name = capital(task.assignedToName ?? '');
  return task.isStandIn ? `Vous remplacez ${name}` : `Pour ${name}`;
}
