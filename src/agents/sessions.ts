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
  /** False: the agent proved elsewhere and earlier who they are, and does so again before grave acts. */
  readonly isProof?: boolean;
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
  const token = newSessionToken();
  const { showedSecondFactor = false, isProof = true, browser = null, oidcIdToken = null } = given;
  await tx.query(
    `INSERT INTO session (token_hash, agent_id, csrf_token, second_factor_at, browser, oidc_id_token, proved_at)
     VALUES ($1, $2, $3, CASE WHEN $4::boolean THEN app_now() END, $5, $6,
       CASE WHEN $7::boolean THEN app_now() ELSE app_now() - interval '1 day' END)`,
    [digest(token), agentId, newSessionToken(), showedSecondFactor, browser, oidcIdToken, isProof],
  );
  await tx.query('UPDATE agent SET last_signed_in_at = app_now() WHERE id = $1', [agentId]);
  return token;
}

export interface Rotation {
  /** A second factor was just shown. */
  readonly secondFactor?: boolean;
  /** The agent just proved who they are; false: only what the session may do changes. */
  readonly isProof?: boolean;
}

/**
 * Another token for the same session, after a proof or a change of what it may do: whoever held the old one holds
 * nothing.
 * @returns the new token
 */
export async function rotateSession(
  tx: EntityManager,
  token: string,
  { secondFactor = false, isProof = true }: Rotation = {},
): Promise<string> {
  const next = newSessionToken();
  await tx.query(
    `UPDATE session SET token_hash = $2, csrf_token = $3,
       proved_at = CASE WHEN $5::boolean THEN app_now() ELSE proved_at END,
       second_factor_at = CASE WHEN $4::boolean THEN app_now() ELSE second_factor_at END
     WHERE token_hash = $1`,
    [digest(token), digest(next), newSessionToken(), secondFactor, isProof],
  );
  return next;
}

export async function closeSession(tx: EntityManager, token: string): Promise<void> {
  await tx.query('DELETE FROM session WHERE token_hash = $1', [digest(token)]);
}

/** All of them, at once: at a change of role or service, and when the account ends. */
export async function closeSessionsOf(tx: EntityManager, agentId: string): Promise<void> {
  await tx.query('DELETE FROM session WHERE agent_id = $1', [agentId]);
}

/** All sessions of the same agent but this one. @returns how many ended */
export async function closeOtherSessions(tx: EntityManager, token: string): Promise<number> {
  const [, ended]: [unknown, number] = await tx.query(
    `DELETE FROM session s USING session kept
     WHERE kept.token_hash = $1 AND s.agent_id = kept.agent_id AND s.token_hash <> kept.token_hash`,
    [digest(token)],
  );
  return ended;
}

function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}
