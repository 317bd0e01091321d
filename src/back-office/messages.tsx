import { type MessageView, stateOfText } from '../notifications/message.queries.js';
import { instantOf } from '../shared/time.js';
import { State, type StateWord } from '../ui/state.js';
import { shortMoment } from '../ui/typography.js';
import type { Office } from './office-hours.js';
import { messageName, messageWord, whyOf } from './words.js';

export interface MessageLine {
  readonly id: string;
  readonly name: string;
  readonly state: StateWord;
  readonly when: string;
  readonly why: string | null;
}

const SAID_OTHERWISE = 'L’opérateur a dit ensuite le contraire : vérifiez que la personne est prévenue.';
const WAITING: readonly string[] = ['planned', 'queued'];
const NOT_LEFT: readonly string[] = ['withdrawn', 'suppressed', 'expired'];

/** @param timeZone of the place: the hour shown is the one at which the person gets it */
export function messageLine(message: MessageView, timeZone: string, office: Office): MessageLine {
  const isWaiting = WAITING.includes(message.state);
  const at = isWaiting ? message.dueAt : (message.settledAt ?? message.acceptedAt ?? message.dueAt);
  const moment = shortMoment(instantOf(at), timeZone, office.timeZone, office.now);
  const isOnceAtMost = NOT_LEFT.includes(message.state) && message.attempts < 2;
  const duplicate = message.possibleDuplicate && !isOnceAtMost ? ' Envoyé peut-être deux fois.' : '';
  const why = whyOf(message.reason, message.errorCode) ?? '';
  const conflict = message.conflictingStatus === null ? '' : ` ${SAID_OTHERWISE}`;
  return {
    id: message.id,
    name: messageName(message.kind, message.retry ?? message.channel),
    state: messageWord(message.state, message.reason, message.channel),
    when: whenOf(message, moment, office),
    why:
      message.retry === null
        ? `${why}${duplicate}${conflict}`.trim() || null
        : `Nouvel essai. ${why}${conflict}`.trim(),
  };
}

/** What should have left already says so, and what nothing could carry now; of a doubt, nobody knows whether it left. */
function whenOf(
  { state, dueAt, reason, possibleDuplicate, next }: MessageView,
  moment: string,
  office: Office,
): string {
  if (NOT_LEFT.includes(state))
    return possibleDuplicate || reason === 'in-doubt' ? 'est peut-être parti' : 'n’est pas parti';
  if (WAITING.includes(state) && next === null) return `${moment}, ne peut pas partir pour l’instant`;
  const isLate = WAITING.includes(state) && dueAt.getTime() < office.now.epochMilliseconds;
  return isLate ? `part dès que possible, prévu ${moment}` : moment;
}

/** The messages of one convocation, each in its true state. */
export function MessageList({ lines }: { readonly lines: readonly MessageLine[] }) {
  if (lines.length === 0) return <p class="small muted">Aucun message.</p>;
  return (
    <ul class="messages">
      {lines.map((line) => (
        <li key={line.id}>
          <strong>{line.name}</strong>
          <State {...line.state} />
          <span>{line.when}</span>
          {line.why !== null && <small>{line.why}</small>}
        </li>
      ))}
    </ul>
  );
}

/** One word about whether the person knows: the reminder if it has left, else what announced the promise. */
export function reachWord(messages: readonly MessageView[]): StateWord & { readonly why: string | null } {
  const useful = messages
    .map((message) => ({ ...message, state: stateOfText(message) }))
    .filter(
      ({ kind, state }) => kind !== 'cancellation' && kind !== 'after-absence' && state !== 'withdrawn',
    );
  const left = useful.filter(({ state }) => state !== 'planned');
  const last = left.at(-1) ?? useful.at(0);
  if (last === undefined) return { word: 'Aucun message', shape: 'off', why: null };
  if (last.toStranger) return { word: 'Reçu par quelqu’un d’autre', shape: 'bad', why: null };
  const { word, shape } = messageWord(last.state, last.reason, last.channel);
  const why = whyOf(last.reason, last.errorCode);
  if (last.state === 'suppressed') return { word, shape, why };
  const kind = last.kind === 'reminder' ? 'Rappel' : last.channel === 'email' ? 'E-mail' : 'Texte';
  const joint = last.state === 'sending' ? '\u00a0: ' : ' ';
  return { word: `${kind}${joint}${word.charAt(0).toLowerCase()}${word.slice(1)}`, shape, why };
}
