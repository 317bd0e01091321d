/** So many requests of one kind in so much time, by one caller. */
export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/**
 * What one caller may ask at most. Sign-in has a throttle of its own (`agents/domain/throttle.ts`); callbacks of
 * operators have none, since they are signed and at most 16 kB: a refused receipt would be lost.
 */
export const RATE_LIMITS = {
  /** Searches of persons by one agent: a colleague reads names, a copier of the file is slowed down. */
  search: { requests: 60, seconds: 60 },
  /** Files taken away by one agent. */
  export: { requests: 5, seconds: 3600 },
  /** One public page by one network address; many persons share the address of their telephone operator. */
  public: { requests: 120, seconds: 60 },
  /**
   * Links that lead nowhere, from one network address. A token of 128 bits is not guessed: this keeps a flood off the
   * database, and lets through the old links of all the telephones that share an address.
   */
  guess: { requests: 600, seconds: 60 },
  /** Requests of one API key. */
  api: { requests: 6000, seconds: 60 },
} as const satisfies Record<string, RateLimit>;

export type RateClass = keyof typeof RATE_LIMITS;

/** What a caller has left. */
export interface Allowance {
  /** Requests, with a fraction for what has grown back. */
  readonly left: number;
  /** Milliseconds on a clock that never goes back. */
  readonly at: number;
}

/** A full allowance may be spent at once; then it grows back evenly. */
export function grownBack(allowance: Allowance, limit: RateLimit, now: number): Allowance {
  const grown = ((now - allowance.at) / 1000) * (limit.requests / limit.seconds);
  return { left: Math.min(limit.requests, allowance.left + Math.max(0, grown)), at: now };
}

/** @returns whole seconds until one request is allowed again, 0 when one is now */
export function secondsToWait({ left }: Allowance, limit: RateLimit): number {
  return left >= 1 ? 0 : Math.max(1, Math.ceil(((1 - left) * limit.seconds) / limit.requests));
}
