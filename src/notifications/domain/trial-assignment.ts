/** What decides the arms of a trial, together with the order in which units enter it. */
export interface TrialDraw {
  /** Published with the trial; the same seed and the same order always give the same arms. */
  readonly seed: string;
  /** Units that are balanced among themselves: a service, or first and later appointments of it. */
  readonly stratum: string;
  /** Whole parts of each arm, in the order of the arms; for instance 1, 1, 2. */
  readonly shares: readonly number[];
}

/** Blocks of one draw out of three: one single and one double, in an order that is drawn too. */
const BLOCKS_OF_A_ROUND = 3;

/**
 * The arm of the unit that enters a stratum at a place in line, by permuted blocks of two sizes, one part and two
 * parts: within a stratum no arm is ever further from its share than one such block, and the size of the next block
 * is not known to who books.
 * @param position how many units of the stratum came before: 0, 1, 2…
 * @returns the place of the arm: 0, 1, 2…
 * @throws RangeError on an impossible position or share
 */
export function armAt({ seed, stratum, shares }: TrialDraw, position: number): number {
  const size = sizeOf(shares);
  if (!Number.isInteger(position) || position < 0) throw new RangeError('a position is 0, 1, 2…');
  const round = Math.floor(position / (BLOCKS_OF_A_ROUND * size));
  const random = randomOf(JSON.stringify([seed, stratum, round]));
  const arms = random() < 0.5 ? [1, 2] : [2, 1];
  const drawn = arms.flatMap((parts) => shuffled(block(shares, parts), random));
  const arm = drawn[position % (BLOCKS_OF_A_ROUND * size)];
  if (arm === undefined) throw new RangeError('a block has as many places as parts');
  return arm;
}

/** The stratum of a person: what the trial said it balances on. */
export function stratumOf(
  by: { readonly byService: boolean; readonly byFirst: boolean },
  unit: { readonly organizationId: string; readonly isFirst: boolean },
): string {
  const service = by.byService ? unit.organizationId : 'all';
  return by.byFirst ? `${service}/${unit.isFirst ? 'first' : 'later'}` : service;
}

function sizeOf(shares: readonly number[]): number {
  if (shares.some((share) => !Number.isInteger(share) || share < 1))
    throw new RangeError('a share is a whole number, at least 1');
  return shares.reduce((sum, share) => sum + share, 0);
}

function block(shares: readonly number[], parts: number): number[] {
  return shares.flatMap((share, arm) => Array.from({ length: share * parts }, () => arm));
}

/** Fisher and Yates. */
function shuffled(items: readonly number[], random: () => number): number[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = result[last];
    const taken = result[other];
    if (kept === undefined || taken === undefined) continue;
    result[last] = taken;
    result[other] = kept;
  }
  return result;
}

/** A stream of numbers in [0, 1) from a text: FNV-1a in four lanes feeds sfc32 (C. Doty-Humphrey, PractRand). */
function randomOf(text: string): () => number {
  const lanes = [0x811c9dc5, 0x9e3779b9, 0x243f6a88, 0xb7e15162].map((start) => mixed(text, start));
  let [a = 0, b = 0, c = 0, counter = 0] = lanes;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first numbers of the stream still resemble the seed.
  for (let skipped = 0; skipped < 15; skipped++) next();
  return next;
}

function mixed(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
