import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { digest } from '../shared/tokens.js';

const TOKEN_BYTES = 32;

/** For a query on `session s`: idle for less than 30 minutes, younger than 12 hours. */
export const SESSION_IS_LIVE = `s.last_seen_at > app_now() - interval '30 minutes'
  AND s.created_at > app_now() - interval '12 hours'`;

/** @returns the token of a new session, 256 random bits; only its digest is stored */
export async function openSession(tx: EntityManager, agentId: string): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const csrfToken = randomBytes(TOKEN_BYTES).toString('base64url');
  await tx.query('INSERT INTO session (token_hash, agent_id, csrf_token) VALUES ($1, $2, $3)', [
    digest(token),
    agentId,
    csrfToken,
  ]);
  return token;
}

export async function closeSession(tx: EntityManager, token: string): Promise<void> {
  await tx.query('DELETE FROM session WHERE token_hash = $1', [digest(token)]);
}

export async function closeSessionsOf(tx: EntityManager, agentId: string): Promise<void> {
  await tx.query('DELETE FROM session WHERE agent_id = $1', [agentId]);
}
