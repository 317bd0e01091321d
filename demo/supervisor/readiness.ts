import { waitFor } from '../support/processes.js';
import type { Child } from './child.js';

const READY_WITHIN_MS = 60_000;
const GIVE_UP_AFTER_CRASHES = 3;

export type Starting = Pick<Child, 'name' | 'crashCount' | 'isServing' | 'hasLostPort' | 'lastWords'>;

/**
 * Waits until the process itself answers at its address; an answer where another program took the port is none.
 * @throws Error saying what to do
 */
export async function untilReady(child: Starting, url: string): Promise<void> {
  const gaveUp = () => child.hasLostPort || child.crashCount >= GIVE_UP_AFTER_CRASHES;
  const answers = async () => (await answersOk(url)) && child.isServing;
  const decided = await waitFor(async () => gaveUp() || (await answers()), READY_WITHIN_MS);
  if (child.hasLostPort) throw portTaken(Number(new URL(url).port));
  if (!decided || gaveUp())
    throw new Error(`The ${child.name} process does not start:\n${child.lastWords()}`);
}

export function portTaken(port: number): Error {
  return new Error(
    `Port ${port} is taken by another program. Choose another one: npm run demo -- --port ${port + 1}`,
  );
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
