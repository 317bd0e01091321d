import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { digest } from '../shared/tokens.js';

const TOKEN_BYTES = 32;

/** For a query on `session s`: idle for less than 30 minutes, younger than 12 hours. */
export const SESSION_IS_LIVE = `s.last_seen_at > app_now() - interval '30 minutes'
  AND s.created_at > app_now() - interval '12 hours'`;

export interface NewSession {
  /** A second factor was shown, here or at the provider who vouches for the agent. */
  readonly showedSecondFactor?: boolean;
  /** Family of browser and system, as the list of sessions names it. */
  readonly browser?: string | null;
  /** Sealed identity token of an OpenID provider: the hint of its logout. */
  readonly oidcIdToken?: Buffer | null;
}

/** @returns the token of a new session, 256 random bits; only its digest is stored */
export async function openSession(
  tx: EntityManager,
  agentId: string,
  given: NewSession = {},
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const csrfToken = randomBytes(TOKEN_BYTES).toString('base64url');
  const { showedSecondFactor = false, browser = null, oidcIdToken = null } = given;
  await tx.query(
    `INSERT INTO session (token_hash, agent_id, csrf_token, second_factor_at, browser, oidc_id_token)
     VALUES ($1, $2, $3, CASE WHEN $4::boolean THEN app_now() END, $5, $6)`,
    [digest(token), agentId, csrfToken, showedSecondFactor, browser, oidcIdToken],
  );
  return token;
}

export async function closeSession(tx: EntityManager, token: string): Promise<void> {
  await tx.query('DELETE FROM session WHERE token_hash = $1', [digest(token)]);
}

export async function closeSessionsOf(tx: EntityManager, agentId: string): Promise<void> {
  await tx.query('DELETE FROM session WHERE agent_id = $1', [agentId]);
}
