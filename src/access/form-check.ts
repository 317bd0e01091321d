import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Env } from '../../config/env.js';
import { Secrets } from '../platform/secrets.js';
import { cookieName, cookieOptions, readCookie } from './cookies.js';

/**
 * Was this form shown by us, to this browser? Three fences: where the browser says it comes from, the token of the
 * session, and, before there is a session, a signed cookie sent twice.
 */
@Injectable()
export class FormCheck {
  constructor(
    private readonly env: Env,
    private readonly secrets: Secrets,
  ) {}

  /** `Sec-Fetch-Site`, else `Origin`; programs that send neither carry no ambient rights and pass. */
  isSameSite(request: Request): boolean {
    const site = request.get('Sec-Fetch-Site');
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    const origin = request.get('Origin');
    return origin === undefined || this.ownHosts(request).includes(hostOf(origin));
  }

  /** The token of a form shown before sign-in; sets the cookie it goes with. */
  issue(request: Request, response: Response): string {
    const name = cookieName(this.env, 'form');
    const known = readCookie(request, name);
    const nonce =
      known !== undefined && /^[\w-]{22}$/.test(known) ? known : randomBytes(16).toString('base64url');
    if (nonce !== known) response.cookie(name, nonce, cookieOptions(this.env));
    return this.secrets.sign('sign-in-form', nonce);
  }

  /** True when the token was issued with the cookie that comes back. */
  isIssued(request: Request, token: unknown): boolean {
    const nonce = readCookie(request, cookieName(this.env, 'form'));
    return (
      nonce !== undefined && typeof token === 'string' && this.secrets.verify('sign-in-form', nonce, token)
    );
  }

  private ownHosts(request: Request): readonly string[] {
    return [hostOf(this.env.PUBLIC_BASE_URL), request.get('Host') ?? ''];
  }
}

/** In constant time for tokens of equal length. */
export function sameToken(expected: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
