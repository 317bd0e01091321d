/** No figure is published that stands on fewer persons than this. */
export const LEAST_PERSONS = 11;

/** A cell as it was counted, before anything is hidden. */
export interface CountedCell {
  readonly key: string;
  /** Convocations missed, and convocations with another known outcome; they add up from parts to total. */
  readonly missed: number;
  readonly kept: number;
  /** Distinct persons behind each of the two; they do not add up: the same person comes to several services. */
  readonly personsMissed: number;
  readonly personsKept: number;
}

/**
 * Too few persons on either side: a rate tells both how many were missing and how many were not, so that each is a
 * figure of its own.
 */
export function isTooSmall({ personsMissed, personsKept }: CountedCell): boolean {
  return personsMissed < LEAST_PERSONS || personsKept < LEAST_PERSONS;
}

/**
 * Keys of the cells to hide in a table of one total that is told apart in one or several ways (by service, by month).
 *
 * Whatever is left out of a published total can be had by subtraction, all hidden parts together. So in each division
 * either nothing is hidden, or at least two parts, and at least one of them has persons enough on each side by itself:
 * the sum of the hidden ones is then no smaller than what may be published, and each of them may be anything from
 * nothing to that sum. The smallest part that would have been shown is hidden for it. Each division stands alone:
 * cells that cross two of them are never published.
 */
export function hiddenCells(
  total: CountedCell,
  divisions: readonly (readonly CountedCell[])[],
): ReadonlySet<string> {
  const everything = new Set([total, ...divisions.flat()].map(({ key }) => key));
  if (isTooSmall(total)) return everything;
  const hidden = divisions.map(hiddenParts);
  return hidden.includes(null) ? everything : new Set(hidden.flatMap((keys) => keys ?? []));
}

/** Keys to hide among the parts of a published total; null when no choice of parts protects them. */
function hiddenParts(parts: readonly CountedCell[]): readonly string[] | null {
  const small = parts.filter(isTooSmall);
  if (small.length === 0) return [];
  const others = parts.filter((part) => !isTooSmall(part)).toSorted(smallestFirst);
  const [companion] = others;
  const hidden = companion === undefined ? small : [...small, companion];
  return hidden.length < 2 ? null : hidden.map(({ key }) => key);
}

function smallestFirst(a: CountedCell, b: CountedCell): number {
  return a.missed + a.kept - (b.missed + b.kept) || (a.key < b.key ? -1 : 1);
}
