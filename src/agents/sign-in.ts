import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transaction } from '../platform/transaction.js';
import { isPassword } from './passwords.js';
import { closeSession, openSession } from './sessions.js';
import { type Attempt, SignInThrottle } from './sign-in-throttle.js';

export interface SignInCommand {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  /** Session the browser still had: it ends here. */
  readonly previousToken?: string | undefined;
}

interface Account {
  readonly id: string;
  readonly passwordHash: string | null;
}

/**
 * Opens a session. Not one transaction but two: the password is verified in between, because that takes 0.1 s of
 * processor and must hold no connection.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
  ) {}

  /**
   * @returns the token for the cookie, or null: account unknown, without password, disabled, or wrong password
   * @throws RateLimited while the account or the address has to wait
   */
  async execute(command: SignInCommand): Promise<string | null> {
    const attempt = { email: command.email.trim().toLowerCase(), address: command.address };
    const account = await this.transaction.run(async (tx) => {
      await this.throttle.refuseTooMany(tx, attempt);
      return findAccount(tx, attempt.email);
    });
    const isRight = await isPassword(account?.passwordHash ?? null, command.password);
    const agentId = isRight ? account?.id : undefined;
    return this.transaction.run((tx) => this.conclude(tx, attempt, agentId, command.previousToken));
  }

  /** Asks again whether the account has to wait: of many tries sent at once, the later ones learn nothing. */
  private async conclude(
    tx: EntityManager,
    attempt: Attempt,
    agentId: string | undefined,
    previousToken: string | undefined,
  ): Promise<string | null> {
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    if (agentId === undefined) {
      await this.throttle.recordFailure(tx, attempt);
      return null;
    }
    await this.throttle.forgetAccount(tx, attempt);
    if (previousToken !== undefined) await closeSession(tx, previousToken);
    return openSession(tx, agentId);
  }
}

async function findAccount(tx: EntityManager, email: string): Promise<Account | undefined> {
  const rows: Account[] = await tx.query(
    'SELECT id, password_hash AS "passwordHash" FROM agent WHERE email = $1 AND disabled_at IS NULL',
    [email],
  );
  return rows[0];
}
