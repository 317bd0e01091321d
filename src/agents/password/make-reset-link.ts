import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { digest } from '../../shared/tokens.js';

const TOKEN_BYTES = 32;

/** Makes the link of a forgotten password when its letter leaves: 256 bits, 30 minutes, one use; it replaces earlier ones. */
@Injectable()
export class MakeResetLink {
  constructor(private readonly env: Env) {}

  /** @returns the link: only a digest of its token is kept */
  async execute(tx: EntityManager, command: { readonly agentId: string }): Promise<{ readonly url: string }> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await tx.query("DELETE FROM sign_in_link WHERE agent_id = $1 AND purpose = 'reset'", [command.agentId]);
    await tx.query(
      `INSERT INTO sign_in_link (token_hash, agent_id, purpose, expires_at)
       VALUES ($1, $2, 'reset', app_now() + interval '30 minutes')`,
      [digest(token), command.agentId],
    );
    return { url: new URL(`/sign-in/reset/${token}`, this.env.PUBLIC_BASE_URL).href };
  }
}
