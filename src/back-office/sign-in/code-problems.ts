import type { Response } from 'express';
import { RateLimited } from '../../platform/refusals.js';
import type { Problems } from '../../ui/forms.js';

/** How long to wait before the next try. */
export function tooMany({ retryAfterSeconds }: RateLimited): string {
  return `Trop d’essais. Réessayez dans ${retryAfterSeconds}\u00a0s.`;
}

/**
 * What a form says when a secret is asked for and too many were tried; sets status and delay.
 * @throws the error itself when it is another one
 */
export function waitProblems(error: unknown, response: Response): Problems {
  if (!(error instanceof RateLimited)) throw error;
  response.status(429).setHeader('Retry-After', String(error.retryAfterSeconds));
  return [{ sentence: tooMany(error) }];
}
