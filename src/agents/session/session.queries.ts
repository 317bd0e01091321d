import type { EntityManager } from 'typeorm';
import { digest } from '../../shared/tokens.js';
import { SESSION_IS_LIVE } from '../sessions.js';

/** A session of an agent, as its owner sees it. */
export interface OwnSession {
  readonly id: string;
  readonly since: Date;
  readonly lastSeen: Date;
  /** Family of browser and system, or null when it was not told. */
  readonly browser: string | null;
  /** The one that asks. */
  readonly isCurrent: boolean;
}

/** Live sessions of the agent who holds this one, the current one first, then the latest seen. */
export function ownSessions(tx: EntityManager, token: string): Promise<readonly OwnSession[]> {
  return tx.query(
    `SELECT s.id, s.created_at AS since, s.last_seen_at AS "lastSeen", s.browser,
       s.token_hash = mine.token_hash AS "isCurrent"
     FROM session mine JOIN session s ON s.agent_id = mine.agent_id
     WHERE mine.token_hash = $1 AND ${SESSION_IS_LIVE}
     ORDER BY (s.token_hash = mine.token_hash) DESC, s.last_seen_at DESC, s.id LIMIT 100`,
    [digest(token)],
  );
}

/** How an agent's account is kept safe. */
export interface AccountSafety {
  readonly email: string;
  readonly hasPassword: boolean;
  readonly usesProvider: boolean;
  /** When the authenticator in force was confirmed, or null. */
  readonly secondFactorSince: Date | null;
  readonly recoveryCodesLeft: number;
  readonly sessions: number;
}

/** Of the agent who holds this session. */
export async function accountSafety(tx: EntityManager, token: string): Promise<AccountSafety | undefined> {
  const rows: AccountSafety[] = await tx.query(
    `SELECT a.email, a.password_hash IS NOT NULL AS "hasPassword", a.oidc_sub IS NOT NULL AS "usesProvider",
       a.totp_confirmed_at AS "secondFactorSince",
       (SELECT count(*)::int FROM recovery_code c WHERE c.agent_id = a.id AND c.used_at IS NULL)
         AS "recoveryCodesLeft",
       (SELECT count(*)::int FROM session s WHERE s.agent_id = a.id AND ${SESSION_IS_LIVE}) AS sessions
     FROM session mine JOIN agent a ON a.id = mine.agent_id WHERE mine.token_hash = $1`,
    [digest(token)],
  );
  return rows[0];
}
