import type { CookieOptions, Request } from 'express';
import type { Env } from '../../config/env.js';

/** Reads one cookie of the `Cookie` header, or undefined. */
export function readCookie(request: Pick<Request, 'headers'>, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

type Address = Pick<Env, 'PUBLIC_BASE_URL'>;

/** Session; form shown before sign-in; browser in which an agent signed in before; login under way at a provider. */
export type CookieName = 'sid' | 'form' | 'device' | 'oidc';

/** `__Host-` ties a cookie to this host over https; browsers refuse it over plain http. */
export function cookieName(env: Address, name: CookieName): string {
  return isHttps(env) ? `__Host-${name}` : name;
}

/** Lives as long as the browser; its real limits are in the database. */
export function cookieOptions(env: Address): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps(env) };
}

function isHttps(env: Address): boolean {
  return env.PUBLIC_BASE_URL.startsWith('https:');
}
