import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { digest } from '../../shared/tokens.js';
import type { Ties } from './openid-provider.js';

const BYTES = 32;
const MINUTES = 10;

type Purpose = 'sign-in' | 'sign-out';

export interface Awaited extends Ties {
  /** Path of ours the agent was going to. */
  readonly returnTo: string;
  /** The agent had to prove who they are there, whatever session they have. */
  readonly asksAgain: boolean;
}

/**
 * What ties an answer of the provider to its question and to the browser that asked: state, nonce and proof key are
 * kept in PostgreSQL for ten minutes and serve once; the browser holds another secret in a cookie.
 */
@Injectable()
export class ProviderTies {
  constructor(private readonly env: Env) {}

  /** 256 random bits each: 43 characters. */
  draw(): Ties {
    const codeVerifier = this.env.OIDC_PKCE === 'on' ? secret() : null;
    return { state: secret(), nonce: secret(), codeVerifier };
  }

  /** @returns the secret of the cookie */
  async keep(tx: EntityManager, purpose: Purpose, awaited: Awaited): Promise<string> {
    const browser = secret();
    const { state, nonce, codeVerifier, returnTo, asksAgain } = awaited;
    await tx.query(
      `INSERT INTO oidc_login (state_hash, browser_hash, purpose, nonce, code_verifier, return_to, asks_again, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, app_now() + interval '${MINUTES} minutes')`,
      [digest(state), digest(browser), purpose, nonce, codeVerifier, returnTo, asksAgain],
    );
    return browser;
  }

  /** @returns undefined for an answer nobody waits for: forged, replayed, too late, or brought by another browser */
  async take(
    tx: EntityManager,
    purpose: Purpose,
    given: { readonly state: string; readonly browser: string },
  ): Promise<Awaited | undefined> {
    const [rows]: [Omit<Awaited, 'state'>[], number] = await tx.query(
      `DELETE FROM oidc_login
       WHERE state_hash = $1 AND browser_hash = $2 AND purpose = $3 AND expires_at > app_now()
       RETURNING nonce, code_verifier AS "codeVerifier", return_to AS "returnTo", asks_again AS "asksAgain"`,
      [digest(given.state), digest(given.browser), purpose],
    );
    const row = rows[0];
    return row === undefined ? undefined : { ...row, state: given.state };
  }
}

function secret(): string {
  return randomBytes(BYTES).toString('base64url');
}
