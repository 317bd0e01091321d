import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Sealing } from '../../platform/sealing.js';
import { Forbidden } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { SESSION_IS_LIVE } from '../sessions.js';
import { secretContext } from './code-check.js';
import { newSecret, uriOf } from './totp.js';

/** What an authenticator needs, once: scanned or typed. */
export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
}

interface Row {
  readonly id: string;
  readonly email: string;
  readonly pending: Buffer | null;
}

/** Begins a second factor: the secret waits for its first code (`ConfirmAuthenticator`). */
@Injectable()
export class EnrollAuthenticator {
  constructor(private readonly sealing: Sealing) {}

  /**
   * A secret that waits in this session is shown again, so that a page shown anew fits what was scanned; another
   * session has another.
   * @throws Forbidden in a session that owes the factor in force: a stolen password must not replace it
   */
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<Enrolment> {
    const { id, email, pending } = await enrollable(tx, command.token);
    const secret = pending === null ? await newSecret() : this.sealing.open(pending, secretContext(id));
    if (pending === null)
      await tx.query('UPDATE session SET totp_pending = $2 WHERE token_hash = $1', [
        digest(command.token),
        this.sealing.seal(secret, secretContext(id)),
      ]);
    return { secret, uri: await uriOf(secret, email) };
  }
}

/** The agent of a session that may set up a second factor. @throws Forbidden */
export async function enrollable(tx: EntityManager, token: string): Promise<Row> {
  const rows: Row[] = await tx.query(
    `SELECT a.id, a.email, s.totp_pending AS pending FROM session s JOIN agent a ON a.id = s.agent_id
     WHERE s.token_hash = $1 AND (a.totp_secret IS NULL OR s.second_factor_at IS NOT NULL)
       AND a.disabled_at IS NULL AND ${SESSION_IS_LIVE} FOR UPDATE OF a`,
    [digest(token)],
  );
  const row = rows[0];
  if (row === undefined) throw new Forbidden('a second factor before the one in force');
  return row;
}
