import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';

/** What an agent is told by e-mail; words: `notifications/agent-mail`. */
export type AgentMailKind =
  'invitation' | 'transfer-asked' | 'transfer-confirmed' | 'transfer-refused' | 'moved' | 'password-reset';

/** Writes down that agents are to be told something; a worker tells them. */
@Injectable()
export class AgentMail {
  /** False: no e-mail leaves, and who invites hands the link over. */
  readonly isOn: boolean;

  constructor(env: Env) {
    this.isOn = env.SMTP_URL !== undefined;
  }

  /** Once per agent and kind while one waits; nothing when mail is off. */
  async write(tx: EntityManager, kind: AgentMailKind, agentIds: readonly string[]): Promise<void> {
    if (!this.isOn || agentIds.length === 0) return;
    await tx.query(
      `INSERT INTO agent_mail (agent_id, kind) SELECT a.id, $2 FROM agent a
        WHERE a.id = ANY($1::uuid[]) AND a.disabled_at IS NULL AND NOT EXISTS (
          SELECT FROM agent_mail m WHERE m.agent_id = a.id AND m.kind = $2 AND m.sent_at IS NULL AND m.tries = 0)`,
      [agentIds, kind],
    );
  }
}
