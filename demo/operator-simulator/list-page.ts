import type { MessageStore } from './message-store.js';
import { resource } from './resource.js';
import type { Message } from './types.js';

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 1000;

/** One page of the list, newest first, as `GET …/Messages.json` gives it. */
export function listPage(
  store: MessageStore,
  url: URL,
  { accountSid, lagMs }: { readonly accountSid: string; readonly lagMs: number },
): Record<string, unknown> {
  const query = url.searchParams;
  const size = clamp(query.get('PageSize'), DEFAULT_SIZE, 1, LARGEST_SIZE);
  const page = clamp(query.get('Page'), 0, 0, Number.MAX_SAFE_INTEGER);
  const youngest = Date.now() - lagMs;
  const matching = matches(store, query).filter(({ createdAt }) => Date.parse(createdAt) <= youngest);
  const start = page * size;
  const items = matching.slice(start, start + size);
  const uri = (index: number) => pageUri(url, index, size);
  return {
    messages: items.map((message) => resource(message, accountSid)),
    page,
    page_size: size,
    start,
    end: start + Math.max(items.length - 1, 0),
    uri: `${url.pathname}${url.search}`,
    first_page_uri: uri(0),
    next_page_uri: start + size < matching.length ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  };
}

function matches(store: MessageStore, query: URLSearchParams): Message[] {
  const from = query.get('From');
  const to = query.get('To') ?? undefined;
  return [...store.all(to === '' ? undefined : to)]
    .reverse()
    .filter(({ operator }) => operator === 'twilio')
    .filter((message) => (from === null || from === message.from) && isSentWithin(message, query));
}

/** `DateSent=`, `DateSent<=`, `DateSent>=`: a day or an instant. What is still queued has no such date. */
function isSentWithin(message: Message, query: URLSearchParams): boolean {
  const day = query.get('DateSent');
  const before = query.get('DateSent<');
  const after = query.get('DateSent>');
  if (day === null && before === null && after === null) return true;
  if (message.sentAt === null) return false;
  const sent = toSecond(message.sentAt);
  return (
    (day === null || message.sentAt.slice(0, 10) === day.slice(0, 10)) &&
    (before === null || sent <= endOf(before)) &&
    (after === null || sent >= Date.parse(after))
  );
}

function toSecond(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000) * 1000;
}

function endOf(bound: string): number {
  return Date.parse(bound.length === 10 ? `${bound}T23:59:59Z` : bound);
}

function pageUri(url: URL, page: number, size: number): string {
  const query = new URLSearchParams(url.search);
  query.set('Page', String(page));
  query.set('PageSize', String(size));
  return `${url.pathname}?${query.toString()}`;
}

function clamp(text: string | null, fallback: number, least: number, most: number): number {
  const value = text === null || !/^\d+$/.test(text) ? fallback : Number(text);
  return Math.min(Math.max(value, least), most);
}
