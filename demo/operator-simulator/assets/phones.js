// Fetches the page again while it is looked at, and replaces the phones when something new came.
const EVERY_MS = 2000;

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = fresh.getElementById('phones');
  const shown = document.getElementById('phones');
  if (next === null || shown === null || next.dataset.count === shown.dataset.count) return;
  // Whoever is on a link or has selected text keeps it.
  if (shown.contains(document.activeElement) || !(getSelection()?.isCollapsed ?? true)) return;
  shown.replaceWith(document.adoptNode(next));
  document.querySelector('header')?.replaceWith(document.adoptNode(fresh.querySelector('header')));
}

setInterval(() => void refresh(), EVERY_MS);
