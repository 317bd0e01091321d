import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../access/journal.js';
import { Sealing } from '../platform/sealing.js';
import { digest } from '../shared/tokens.js';
import { ID_TOKEN_CONTEXT } from './oidc/sign-in-by-provider.js';

/** Ends the session for good: its cookie is worth nothing afterwards. */
@Injectable()
export class SignOut {
  constructor(
    private readonly sealing: Sealing,
    private readonly journal: Journal,
  ) {}

  /** @returns the identity token of an OpenID provider whose session should end too, or null */
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<string | null> {
    const [rows]: [{ idToken: Buffer | null; agentId: string }[], number] = await tx.query(
      `DELETE FROM session WHERE token_hash = $1
       RETURNING oidc_id_token AS "idToken", agent_id AS "agentId"`,
      [digest(command.token)],
    );
    const ended = rows[0];
    if (ended === undefined) return null;
    const { agentId, idToken } = ended;
    await this.journal.record(tx, { action: 'sign-out', agentId, objectId: agentId });
    return idToken === null ? null : this.sealing.open(idToken, ID_TOKEN_CONTEXT);
  }
}
