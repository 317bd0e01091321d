import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../../access/journal.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { digest } from '../../shared/tokens.js';
import { closeOtherSessions } from '../sessions.js';

export interface RevokeSessionCommand {
  /** Session in which it is asked. */
  readonly token: string;
  /** One other session of the same agent; null: all others. */
  readonly sessionId: string | null;
}

/** Ends other sessions of the same agent: a computer left open elsewhere. Signing out ends the current one. */
@Injectable()
export class RevokeSession {
  constructor(private readonly journal: Journal) {}

  /** @returns how many ended. @throws NotFound for a session of somebody else, one that ended, and the current one */
  async execute(tx: EntityManager, { token, sessionId }: RevokeSessionCommand): Promise<number> {
    const ended =
      sessionId === null ? await closeOtherSessions(tx, token) : await closeOne(tx, token, sessionId);
    if (sessionId !== null && ended === 0) throw new NotFound('session');
    await this.journal.record(tx, { action: 'session.revoked', objectId: sessionId, detail: { ended } });
    return ended;
  }
}

async function closeOne(tx: EntityManager, token: string, sessionId: string): Promise<number> {
  if (!isUuid(sessionId)) return 0;
  const [, ended]: [unknown, number] = await tx.query(
    `DELETE FROM session s USING session mine
     WHERE mine.token_hash = $1 AND s.agent_id = mine.agent_id AND s.id = $2 AND s.id <> mine.id`,
    [digest(token), sessionId],
  );
  return ended;
}
