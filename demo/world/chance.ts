import { createHash } from 'node:crypto';

/** Asked a hundred thousand times while the world is made, mostly for the same few services, agents and agendas. */
const ids = new Map<string, string>();

/** The same key always gives the same row: the demo world can be topped up without being doubled. */
export function idOf(key: string): string {
  const known = ids.get(key) ?? madeOf(key);
  ids.set(key, known);
  return known;
}

function madeOf(key: string): string {
  const hex = createHash('md5').update(`demo:${key}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Repeatable chance (mulberry32, seeded by FNV-1a): one stream per subject, so that adding one changes no other. */
export class Chance {
  private state: number;

  constructor(subject: string) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < subject.length; i++) hash = Math.imul(hash ^ subject.charCodeAt(i), 0x01000193);
    this.state = hash;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.next() * from.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
}
