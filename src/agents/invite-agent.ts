import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { digest, newToken } from '../shared/tokens.js';

/** Makes the one-time link by which an agent chooses a password: 7 days, one use; it replaces earlier ones. */
@Injectable()
export class InviteAgent {
  constructor(private readonly env: Env) {}

  /** @returns the link, shown once: only a digest of its token is kept */
  async execute(tx: EntityManager, command: { readonly agentId: string }): Promise<{ readonly url: string }> {
    const token = newToken();
    await tx.query('DELETE FROM sign_in_link WHERE agent_id = $1', [command.agentId]);
    await tx.query(
      `INSERT INTO sign_in_link (token_hash, agent_id, expires_at) VALUES ($1, $2, app_now() + interval '7 days')`,
      [digest(token), command.agentId],
    );
    return { url: new URL(`/welcome/${token}`, this.env.PUBLIC_BASE_URL).href };
  }
}
