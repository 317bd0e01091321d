import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transaction } from '../platform/transaction.js';
import { NotFound, ValidationFailed } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';
import { passwordFault } from './domain/password.js';
import { hashPassword } from './passwords.js';
import { closeSessionsOf, openSession } from './sessions.js';

export interface Invited {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

const LIVE = 'l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > app_now() AND a.disabled_at IS NULL';

/** @throws NotFound for a link that is unknown, used, replaced or older than 7 days */
export async function findInvitation(tx: EntityManager, token: string): Promise<Invited> {
  const rows: Invited[] = await tx.query(
    `SELECT a.email, a.first_name AS "firstName", a.last_name AS "lastName"
     FROM sign_in_link l JOIN agent a ON a.id = l.agent_id WHERE ${LIVE}`,
    [digest(token)],
  );
  const invited = rows[0];
  if (invited === undefined) throw new NotFound('invitation');
  return invited;
}

/** Chooses the first password and signs in. The password is hashed between two transactions: it takes 0.1 s. */
@Injectable()
export class AcceptInvitation {
  constructor(private readonly transaction: Transaction) {}

  /**
   * @returns the token for the session cookie
   * @throws NotFound, or ValidationFailed on `password` with the fault as its code
   */
  async execute(command: { readonly token: string; readonly password: string }): Promise<string> {
    const invited = await this.transaction.run((tx) => findInvitation(tx, command.token));
    const fault = passwordFault(command.password, wordsOf(invited));
    if (fault !== null)
      throw new ValidationFailed([{ field: 'password', code: fault, message: `password ${fault}` }]);
    const passwordHash = await hashPassword(command.password);
    return this.transaction.run((tx) => this.conclude(tx, command.token, passwordHash));
  }

  private async conclude(tx: EntityManager, token: string, passwordHash: string): Promise<string> {
    const [rows]: [{ agent_id: string }[], number] = await tx.query(
      `UPDATE sign_in_link l SET used_at = app_now() FROM agent a WHERE a.id = l.agent_id AND ${LIVE}
       RETURNING l.agent_id`,
      [digest(token)],
    );
    const agentId = rows[0]?.agent_id;
    if (agentId === undefined) throw new NotFound('invitation');
    await tx.query('UPDATE agent SET password_hash = $2 WHERE id = $1', [agentId, passwordHash]);
    await closeSessionsOf(tx, agentId);
    return openSession(tx, agentId);
  }
}

function wordsOf(invited: Invited): readonly string[] {
  return [...invited.email.split(/[@._-]/), invited.firstName, invited.lastName];
}
