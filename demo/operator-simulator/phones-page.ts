import { escapeHtml, withLinks } from '../support/http.js';
import type { MessageStore } from './message-store.js';
import { type Misbehaviour, MISBEHAVIOURS } from './misbehaviours.js';
import { replyPart } from './replies.js';
import { territoryOf } from './territories.js';
import type { LogEntry, Message, Status } from './types.js';

const PHONES_SHOWN = 24;
const TEXTS_SHOWN = 3;

const STATUS_LABELS: Readonly<Record<Status, string>> = {
  queued: 'en route',
  accepted: 'en route',
  sent: 'parti',
  delivered: 'reçu',
  undelivered: 'non remis',
  failed: 'échoué',
  canceled: 'annulé',
};

/** The phones one watches; `to` shows one of them whole. */
export function phonesPage(store: MessageStore, to: string | undefined, log: readonly LogEntry[]): string {
  const phones = to === undefined ? store.phones().slice(0, PHONES_SHOWN) : [[to, store.all(to)] as const];
  const count = store.all().length;
  return layout(
    to === undefined ? 'Les téléphones' : `Le téléphone ${spaced(to)}`,
    `${to === undefined ? '' : '<p><a href="/">Tous les téléphones</a></p>'}
    <div id="phones" class="phones" data-count="${count}-${store.all().filter(isSettled).length}">
      ${phones.map(([number, messages]) => phone(number, messages, to === undefined, log)).join('')}
      ${count === 0 ? '<p class="empty">Aucun message pour l’instant. Convoquez quelqu’un : son téléphone apparaîtra ici.</p>' : ''}
    </div>`,
    count,
  );
}

function isSettled(message: Message): boolean {
  return message.status === 'delivered' || message.status === 'undelivered';
}

function phone(
  number: string,
  messages: readonly Message[],
  shortened: boolean,
  log: readonly LogEntry[],
): string {
  const territory = territoryOf(number);
  const shown = shortened ? messages.slice(-TEXTS_SHOWN) : messages;
  const hidden = messages.length - shown.length;
  return `<article class="phone">
    <h2><a href="/?to=${encodeURIComponent(number)}">${spaced(number)}</a></h2>
    <p class="where">${territory.name}, heure locale</p>
    ${hidden > 0 ? `<p class="where">${hidden} plus ancien${hidden > 1 ? 's' : ''}</p>` : ''}
    <ol>${shown.map((message) => text(message, territory.timeZone)).join('')}</ol>
    ${replyPart(number, log)}
  </article>`;
}

function text(message: Message, timeZone: string): string {
  const at = message.simulatedAt ?? message.createdAt;
  const bad = message.status === 'undelivered' || message.status === 'failed';
  return `<li class="text">
    <p class="sender">${escapeHtml(message.from || 'service de messagerie')}${message.operator === 'link-mobility' ? ', par LINK Mobility' : ''}</p>
    <p class="bubble">${message.body === '' ? '<em>texte effacé</em>' : withLinks(message.body)}</p>
    <p class="stamp"><time datetime="${at}">${localHour(at, timeZone)}</time>,
      <span class="${bad ? 'bad' : 'state'}">${STATUS_LABELS[message.status]}${message.errorCode === null ? '' : ` (${message.errorCode})`}</span></p>
  </li>`;
}

function localHour(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('fr-FR', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso));
}

/** `+33 6 12 34 56 78`. */
function spaced(number: string): string {
  const national = /^(\+33|\+262|\+5\d\d|\+6\d\d)(\d+)$/.exec(number);
  if (national === null) return escapeHtml(number);
  const [, code = '', rest = ''] = national;
  const odd = rest.length % 2 === 0 ? '' : rest.slice(0, 1);
  return [code, odd, ...(rest.slice(odd.length).match(/\d{2}/g) ?? [])].filter(Boolean).join('\u00a0');
}

function misbehaviour({ ending, label, link }: Misbehaviour): string {
  const other = link === undefined ? '' : ` <small>(par LINK Mobility : ${link})</small>`;
  return `<div><dt>…${ending}</dt><dd>${label}${other}</dd></div>`;
}

function layout(title: string, main: string, count: number): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · opérateur simulé</title>
<link rel="stylesheet" href="/assets/phones.css">
<script src="/assets/phones.js" defer></script>
</head>
<body>
<header>
  <p class="brand">Opérateur simulé</p>
  <h1>${title}</h1>
  <p>Aucun message ne quitte cette machine. Ce que les personnes recevraient s’affiche ici à mesure,
    le plus récent d’abord. Un vrai téléphone ne peut pas répondre à un expéditeur qui est un mot&nbsp;; ici, si. <span id="total">${count}</span> message${count > 1 ? 's' : ''} en tout.</p>
</header>
<main>${main}</main>
<footer>
  <h2>Numéros qui se conduisent mal</h2>
  <p>Les deux derniers chiffres du numéro décident de ce que fait l’opérateur.</p>
  <dl>${MISBEHAVIOURS.map(misbehaviour).join('')}</dl>
  <p><a href="/log">Le journal de l’opérateur</a> (JSON), qui sert de juge aux essais.</p>
</footer>
</body>
</html>`;
}
