import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { Conflict, Forbidden, ValidationFailed } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { findAgent } from '../agent.queries.js';

/** Afterwards the session is its owner's again. */
export const IMPERSONATION_MINUTES = 30;
const REASON = { min: 5, max: 300 } as const;
const TOKEN_BYTES = 32;

export interface ImpersonateCommand {
  readonly agentId: string;
  readonly reason: string;
  /** Session cookie of the administrator. */
  readonly token: string;
}

/**
 * A central administrator sees the service as an agent does, to help. The session stays the administrator's, with a
 * new token; both names are in the journal for all that follows.
 */
@Injectable()
export class Impersonate {
  constructor(private readonly journal: Journal) {}

  /**
   * @returns the new token for the session cookie
   * @throws NotFound, Forbidden (not a central administrator, or already under another name), ValidationFailed,
   * Conflict for an agent who is an administrator too, never came or is gone
   */
  async execute(tx: EntityManager, command: ImpersonateCommand, actor: Actor): Promise<string> {
    if (actor.role !== 'admin' || actor.agentId === null || actor.impersonatorId != null)
      throw new Forbidden('agent.impersonate');
    const { id, role, presence, organizationId } = await findAgent(
      tx,
      actor,
      command.agentId,
      'agent.impersonate',
    );
    if (role === 'admin' || presence === 'gone' || presence === 'invited') throw new Conflict('agent');
    const reason = reasonOf(command.reason);
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO impersonation (impersonator_id, agent_id, reason, ends_at)
       VALUES ($1, $2, $3, app_now() + make_interval(mins => $4)) RETURNING id`,
      [actor.agentId, id, reason, IMPERSONATION_MINUTES],
    );
    const objectId = rows[0]?.id ?? null;
    const token = await turnSession(tx, command.token, objectId);
    await this.journal.record(tx, {
      action: 'impersonation.started',
      objectId,
      organizationId,
      detail: { agentId: id },
    });
    return token;
  }

  /** Back to oneself; again changes nothing but the token. @throws Forbidden without a session */
  async end(tx: EntityManager, { token }: { readonly token: string }, actor: Actor): Promise<string> {
    const [rows]: [{ id: string }[], number] = await tx.query(
      `UPDATE impersonation i SET ended_at = app_now() FROM session s
        WHERE s.token_hash = $1 AND i.id = s.impersonation_id AND i.ended_at IS NULL RETURNING i.id`,
      [digest(token)],
    );
    const objectId = rows[0]?.id;
    if (objectId !== undefined)
      await this.journal.record(tx, {
        action: 'impersonation.ended',
        objectId,
        detail: { agentId: actor.agentId },
      });
    return turnSession(tx, token, null);
  }
}

/** The same session under another token, acting for somebody or not. @throws Conflict when it changed meanwhile */
async function turnSession(
  tx: EntityManager,
  token: string,
  impersonationId: string | null,
): Promise<string> {
  const next = randomBytes(TOKEN_BYTES).toString('base64url');
  const csrf = impersonationId === null ? null : randomBytes(TOKEN_BYTES).toString('base64url');
  const [, count]: [unknown, number] = await tx.query(
    'UPDATE session SET token_hash = $2, impersonation_id = $3, impersonation_csrf = $4 WHERE token_hash = $1',
    [digest(token), digest(next), impersonationId, csrf],
  );
  if (count === 0) throw new Conflict('session');
  return next;
}

function reasonOf(typed: string): string {
  const reason = typed.replace(/\s+/gu, ' ').trim();
  if (reason.length < REASON.min || reason.length > REASON.max)
    throw new ValidationFailed([{ field: 'reason', code: 'reason', message: 'say why' }]);
  return reason;
}

export interface ImpersonationView {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  readonly startedAt: Date;
}

/** Who acted under this agent's name, newest first, at most ten. */
export function impersonationsOf(tx: EntityManager, agentId: string): Promise<ImpersonationView[]> {
  return tx.query(
    `SELECT i.id, b.first_name || ' ' || b.last_name AS by, i.reason, i.started_at AS "startedAt"
       FROM impersonation i JOIN named_agent b ON b.id = i.impersonator_id WHERE i.agent_id = $1
      ORDER BY i.started_at DESC, i.id LIMIT 10`,
    [agentId],
  );
}
