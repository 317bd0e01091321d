import type { EntityManager } from 'typeorm';
import { digest } from '../shared/tokens.js';
import { LINK_WORKS } from './stop-link.query.js';

/** How a person may reach the agent who follows them: what that agent agreed to show, and nothing more. */
export interface ReferentContact {
  readonly name: string;
  /** E.164. */
  readonly phone: string | null;
  readonly email: string | null;
}

/**
 * For whoever holds the link of a text. Nothing when the text left for a number or an address that is no longer the
 * person's, nothing of an agent who left, and only what the agent ticked on the own profile.
 * @returns null when there is nothing to show
 */
export async function referentContactByLink(
  tx: EntityManager,
  token: string,
): Promise<ReferentContact | null> {
  const rows: ReferentContact[] = await tx.query(
    `SELECT a.first_name || ' ' || a.last_name AS name, CASE WHEN a.share_phone THEN a.phone END AS phone,
            CASE WHEN a.share_email THEN a.email END AS email
       FROM stop_link l
       JOIN person p ON p.id = l.person_id AND p.archived_at IS NULL
        AND (l.recipient_id IS NULL OR l.recipient_id IN (p.phone_id, p.email_id))
       JOIN agent a ON a.id = p.referent_id AND a.disabled_at IS NULL
      WHERE l.token_hash = $1 AND ${LINK_WORKS}
        AND (a.share_email OR a.share_phone AND a.phone IS NOT NULL)`,
    [digest(token)],
  );
  return rows[0] ?? null;
}
