import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ProofAttempt, ProofCheck } from '../access/fresh-sign-in.js';
import { Transaction } from '../platform/transaction.js';
import { digest } from '../shared/tokens.js';
import { isPassword } from './passwords.js';
import { SESSION_IS_LIVE } from './sessions.js';
import { SignInThrottle } from './sign-in-throttle.js';

interface Account {
  readonly email: string;
  readonly passwordHash: string | null;
}

/** The agent proves again who they are, in a session that is open. */
@Injectable()
export class ConfirmIdentity extends ProofCheck {
  constructor(
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
  ) {
    super();
  }

  async prove({ token, proof, address }: ProofAttempt): Promise<boolean> {
    const account = await this.transaction.run(async (tx) => {
      const found = await accountOf(tx, token);
      if (found !== undefined) await this.throttle.refuseTooMany(tx, { email: found.email, address });
      return found;
    });
    const isRight = await isPassword(account?.passwordHash ?? null, proof);
    if (account === undefined) return false;
    await this.transaction.run((tx) => this.conclude(tx, { email: account.email, address }, token, isRight));
    return isRight;
  }

  private async conclude(
    tx: EntityManager,
    attempt: { email: string; address: string },
    token: string,
    isRight: boolean,
  ): Promise<void> {
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    if (isRight)
      await tx.query('UPDATE session SET proved_at = app_now() WHERE token_hash = $1', [digest(token)]);
    else await this.throttle.recordFailure(tx, attempt);
  }
}

async function accountOf(tx: EntityManager, token: string): Promise<Account | undefined> {
  const rows: Account[] = await tx.query(
    `SELECT a.email, a.password_hash AS "passwordHash" FROM session s JOIN agent a ON a.id = s.agent_id
     WHERE s.token_hash = $1 AND a.disabled_at IS NULL AND ${SESSION_IS_LIVE}`,
    [digest(token)],
  );
  return rows[0];
}
