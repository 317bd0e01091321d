import type { Request, Response } from 'express';
import type { Env } from '../../../config/env.js';
import { type CookieName, cookieName, cookieOptions, readCookie } from '../../access/cookies.js';
import { browserFamily } from '../../agents/domain/browser-family.js';
import type { Origin, SignedIn } from '../../agents/sign-in.js';

const TOKEN = /^[\w-]{43}$/;
/** How long a browser is told again: as long as the database keeps it. */
const DEVICE_DAYS = 180;
const LOCAL_PATH = /^\/(?![/\\])[\w/?=&.,:+~%-]{0,300}$/;

/** Where a sign-in comes from. */
export function originOf(env: Env, request: Request): Origin {
  return {
    address: request.ip ?? '',
    browser: browserFamily(request.get('User-Agent')),
    previousToken: tokenOf(env, request, 'sid'),
    deviceToken: tokenOf(env, request, 'device'),
  };
}

/** Token of the session, '' without one. */
export function sessionToken(env: Env, request: Request): string {
  return tokenOf(env, request, 'sid') ?? '';
}

function tokenOf(env: Env, request: Request, name: CookieName): string | undefined {
  const token = readCookie(request, cookieName(env, name));
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** The browser keeps a session, and that it was used before. */
export function keepSignedIn(env: Env, response: Response, { token, deviceToken }: SignedIn): void {
  keepSession(env, response, token);
  const maxAge = DEVICE_DAYS * 24 * 3600 * 1000;
  response.cookie(cookieName(env, 'device'), deviceToken, { ...cookieOptions(env), maxAge });
}

export function keepSession(env: Env, response: Response, token: string): void {
  response.cookie(cookieName(env, 'sid'), token, cookieOptions(env));
}

/** Where the agent was going, when that is a page of ours; else the home page. */
export function localPath(given: unknown): string {
  return typeof given === 'string' && LOCAL_PATH.test(given) ? given : '/';
}
