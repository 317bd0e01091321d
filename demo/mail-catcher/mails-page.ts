import { escapeHtml, withLinks } from '../support/http.js';
import type { Mail } from './read-mail.js';

const SHOWN = 50;

/** The mails caught, newest first; `to` shows those of one address. */
export function mailsPage(mails: readonly Mail[], to: string | undefined): string {
  const title = to === undefined ? 'Les courriels' : `Les courriels de ${escapeHtml(to)}`;
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · messagerie simulée</title>
<link rel="stylesheet" href="/assets/mails.css">
</head>
<body>
<header>
  <p class="brand">Messagerie simulée</p>
  <h1>${title}</h1>
  <p>Aucun courriel ne quitte cette machine. Le plus récent est en haut. <a href="">Actualiser</a></p>
  ${to === undefined ? '' : '<p><a href="/">Tous les courriels</a></p>'}
</header>
<main>
${mails.length === 0 ? '<p class="empty">Aucun courriel pour l’instant.</p>' : [...mails].slice(-SHOWN).reverse().map(article).join('')}
</main>
</body>
</html>`;
}

function article(mail: Mail): string {
  return `<article>
  <h2>${escapeHtml(mail.subject)}</h2>
  <p class="meta">À <a href="/?to=${encodeURIComponent(mail.to)}">${escapeHtml(mail.to)}</a>,
    de ${escapeHtml(mail.from)}, <time datetime="${mail.at}">${hour(mail.at)}</time> (heure de Paris)</p>
  <p class="body">${withLinks(mail.body)}</p>
</article>`;
}

function hour(iso: string): string {
  const format = new Intl.DateTimeFormat('fr-FR', {
    timeZone: 'Europe/Paris',
    dateStyle: 'long',
    timeStyle: 'short',
  });
  return format.format(new Date(iso));
}
