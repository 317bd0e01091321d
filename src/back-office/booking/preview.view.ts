import type { MessagePreview, MessagesPreview } from '../../notifications/plans/preview-messages.js';
import type { MessageKind } from '../../notifications/domain/notification.states.js';
import type { MoveReason } from '../../notifications/domain/reminder-hour.js';
import type { PersonView } from '../../persons/person.queries.js';
import { hourInWords } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import { dayOfYear, hourAt, maskedPhone, NBSP, plural } from '../../ui/typography.js';
import type { Office } from '../office-hours.js';
import { KIND_TITLES, UNREACHABLE } from '../words.js';
import type { PreviewView, TextView } from './preview.js';

/** Characters a text of so many parts may hold, by encoding. */
const ROOM = { 'GSM-7': [160, 153], 'UCS-2': [70, 67] } as const;

/** Whoever books must not know the arm before: it could weigh on the booking. */
const DRAWN = {
  timing: 'Un essai est en cours\u00a0: les jours des rappels sont tirés au sort à l’enregistrement.',
  wording: 'Un essai est en cours\u00a0: les mots des messages sont tirés au sort à l’enregistrement.',
} as const;

const SURELY_REMINDED = 'Quel que soit le tirage, au moins un rappel est prévu.';
const PERHAPS_NOT_REMINDED =
  'Ce rendez-vous est proche\u00a0: selon le tirage, il se peut qu’aucun rappel ne parte.';

const TOLD_WHOLE = 'Ce qu’il dira d’un autre lieu ou d’un autre type n’est ni montré ni compté ici.';

const REVEALING =
  'L’adresse du lieu nomme la justice, et cette personne reçoit des textes discrets\u00a0: un texte ne partira pas. Prévenez la personne autrement.';

export function previewView(
  preview: MessagesPreview,
  person: PersonView,
  office: Office,
): Omit<PreviewView, 'isHeld'> {
  const sayable = preview.messages.filter(({ isRevealing }) => !isRevealing);
  const texts = sayable.map((message) => textView(message, preview, office));
  return {
    recipient:
      preview.channel === 'email'
        ? 'l’adresse e-mail'
        : `le ${person.phone === null ? '' : maskedPhone(person.phone.e164)}`,
    unreachable: preview.unreachable === null ? null : UNREACHABLE[preview.unreachable],
    impossible: [
      ...preview.impossible.map((kind) => impossible(kind, preview)),
      ...(sayable.length < preview.messages.length ? [REVEALING] : []),
    ],
    merged: mergedWords(preview),
    drawn: drawnWords(preview),
    texts,
    cost: costOf({ ...preview, messages: sayable }),
  };
}

function textView(message: MessagePreview, preview: MessagesPreview, office: Office): TextView {
  const { timeZone } = preview.promise;
  const today = toLocal(office.now, timeZone);
  const date = dayOfYear(message.localDate);
  return {
    id: `${message.kind}-${message.offsetDays}`,
    title: titleOf(message),
    leavesOn: message.localDate === today.date ? `aujourd’hui, ${date},` : date,
    leavesAt: hourAt(message.localTime, timeZone, office.timeZone),
    why: message.reason === null ? null : why(message.reason, today.time, timeZone, message, office),
    text: message.text,
    size: message.channel === 'email' ? 'par e-mail' : sizeOf(message),
  };
}

function drawnWords({ drawn, isSurelyReminded }: MessagesPreview): string | null {
  if (drawn !== 'timing') return drawn === null ? null : DRAWN[drawn];
  return `${DRAWN.timing} ${isSurelyReminded ? SURELY_REMINDED : PERHAPS_NOT_REMINDED}`;
}

/** « Rappel, 7 jours avant »: there may be several. */
function titleOf({ kind, offsetDays, reason }: MessagePreview): string {
  if (kind !== 'reminder' || reason === 'late') return KIND_TITLES[kind];
  return offsetDays === 1
    ? `${KIND_TITLES[kind]}, la veille`
    : `${KIND_TITLES[kind]}, ${offsetDays}${NBSP}jours avant`;
}

function mergedWords({ alsoThatDay, messages }: MessagesPreview): string | null {
  if (alsoThatDay.length === 0 || !messages.some(({ kind }) => kind === 'reminder')) return null;
  const hours = alsoThatDay.map(({ time }) => hourInWords(time)).join(', ');
  const together = `Cette personne a un autre rendez-vous ce jour-là (${hours})\u00a0: un seul rappel les dira tous si leurs heures d’envoi le permettent.`;
  return alsoThatDay.every(({ isAlike }) => isAlike) ? together : `${together} ${TOLD_WHOLE}`;
}

function why(
  reason: MoveReason,
  now: string,
  timeZone: string,
  message: MessagePreview,
  office: Office,
): string {
  if (reason === 'gap') return 'Décalé d’une heure\u00a0: on change d’heure cette nuit-là.';
  if (reason === 'closed-day') return 'Rien ne part un jour fermé.';
  if (reason === 'spaced') return 'Au moins trois heures après un autre message à cette personne.';
  if (reason === 'late') return 'Son heure est déjà passée\u00a0: part dès que possible.';
  if (reason === 'poor-coverage') return 'Plus tôt\u00a0: le réseau est peu couvert dans ce territoire.';
  if (message.kind === 'reminder')
    return 'Rien ne part si tôt ni si tard\u00a0: avancé ou reculé dans les heures permises.';
  return `Pas tout de suite\u00a0: il est ${hourAt(now, timeZone, office.timeZone)}, et rien ne part avant ${hourInWords(message.localTime)}.`;
}

function impossible(kind: MessageKind, { messages }: MessagesPreview): string {
  if (kind === 'reminder' && messages.some((message) => message.kind !== 'reminder'))
    return 'Pas de rappel\u00a0: il suivrait de trop près la convocation, qui dit la même chose.';
  return `${KIND_TITLES[kind]}\u00a0: ne peut pas partir à temps. Prévenez la personne autrement.`;
}

function sizeOf({ segments, encoding, text, costlyCharacters }: MessagePreview): string {
  const [alone, part] = ROOM[encoding];
  const room = segments === 1 ? alone : part * segments;
  const costly = costlyCharacters.length === 0 ? '' : `, à cause de ${costlyCharacters.join(' ')}`;
  return `${plural(segments, 'SMS facturé', 'SMS facturés')}, ${text.length}${NBSP}caractères sur ${room}${costly}`;
}

function costOf({ messages, channel }: MessagesPreview): string {
  const texts = plural(messages.length, 'texte');
  const bySms = messages.filter((message) => message.channel === 'sms');
  if (channel !== 'sms' || bySms.length === 0) return texts;
  const parts = bySms.reduce((total, { segments }) => total + segments, 0);
  return `${texts}, ${plural(parts, 'SMS facturé', 'SMS facturés')}`;
}
