import type { Caller } from './callers.js';
import type { Cell } from './cells.js';
import { kinOf } from './expected.js';
import type { Answer } from './fire.js';
import { HOMES, type World } from './world.js';

/** What differs from one answer to the next whoever asks. */
const CHANGING = /^(date|etag|content-length|x-request-id|set-cookie|connection|keep-alive)$/;

/** Two answers compare equal when they tell the same: ids, tokens and hours are masked. */
export function masked({ status, headers, text }: Answer, address: string): string {
  const kept = Object.entries(headers).filter(([name]) => !CHANGING.test(name));
  const body = text.replaceAll(address, 'ADDRESS').replaceAll(encodeURIComponent(address), 'ADDRESS');
  return JSON.stringify([status, kept.toSorted(), body])
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}x?|not-a-uuid/gi, 'ID')
    .replaceAll(/[\w-]{20,}/g, 'TOKEN');
}

const isPage = ({ route }: Cell) => !route.path.startsWith('/api/');

/** What is wrong with the answer, in words; null: nothing. */
export function faultOf(cell: Cell, answer: Answer): string | null {
  const { status, headers } = answer;
  if (status >= 500 && cell.route.path !== '/health/ready') return `${status}`;
  switch (cell.verdict) {
    case 'public':
      return null;
    case 'signed-out':
      if (!isPage(cell)) return status === 401 ? null : `${status} for nobody`;
      if (cell.route.method !== 'GET' && status === 403) return null;
      return status === 303 && /^\/sign-in/.test(headers['location'] ?? '') ? null : `${status} for nobody`;
    case 'forbidden':
      return status === 403 ? null : `${status}, not 403`;
    case 'refused':
      return status === 403 || status === 404 ? null : `${status}, not 403`;
    case 'hidden':
      return status === 404 || status === 400 || status === 422 ? null : `${status}, not 404`;
    case 'overlooked':
      return status === 200 || status === 400 ? null : `${status}, not their own page`;
    case 'seen':
      if (status === cell.alsoSeen) return null;
      return [401, 403, 404].includes(status) ? `${status}, not seen` : null;
  }
}

/** Names, numbers and addresses of strangers in an answer, and words of their services. */
export function leaksIn(world: World, caller: Caller, answer: Answer): readonly string[] {
  const text = answer.text.toLowerCase();
  if (!text.includes('qz') && !/[67]/.test(text)) return [];
  const digits = text.replaceAll(/[\s.\u00a0\u202f]|&nbsp;/g, '');
  return strangeMarks(world, caller).filter((mark) => text.includes(mark) || digits.includes(mark));
}

const remembered = new Map<Caller, readonly string[]>();

/** A court meets the persons of its SPIP, and who follows them, by hearing exits; a SPIP nobody of the court. */
function strangeMarks(world: World, caller: Caller): readonly string[] {
  const known = remembered.get(caller);
  if (known !== undefined) return known;
  const isSomebody = caller.family !== 'nobody';
  const marks = HOMES.flatMap((name) => {
    const kin = kinOf(caller, name);
    const meets =
      isSomebody &&
      (caller.family === 'admin' ||
        kin === 'own' ||
        (kin === 'linked' && caller.home === 'T') ||
        (caller.isAttached && name === 'S2') ||
        caller.isInterRessort);
    return meets ? [] : Object.values(world[name].marks).flat();
  });
  remembered.set(caller, marks);
  return marks;
}
