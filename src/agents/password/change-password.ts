import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../../access/journal.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { faultOf } from '../password-guesses.js';
import { hashPassword, isPassword } from '../passwords.js';
import { closeOtherSessions, rotateSession, SESSION_IS_LIVE } from '../sessions.js';
import { type Attempt, SignInThrottle } from '../sign-in-throttle.js';
import { wordsOfAccount } from './account-words.query.js';

export interface ChangePasswordCommand {
  /** Session in which it is asked. */
  readonly token: string;
  readonly current: string;
  readonly next: string;
  readonly address: string;
  readonly deviceToken?: string | undefined;
}

interface Account {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string | null;
}

/** Passwords are verified and hashed between transactions: 0.1 s of processor each, no connection held. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
    private readonly journal: Journal,
  ) {}

  /**
   * @returns the new token of this session; all others end
   * @throws ValidationFailed on `current` or `password`, RateLimited
   */
  async execute(command: ChangePasswordCommand): Promise<string> {
    const { account, words, attempt } = await this.transaction.run((tx) => this.read(tx, command));
    const isRight = await isPassword(account.passwordHash, command.current);
    await this.transaction.run((tx) => this.judge(tx, account, attempt, isRight));
    if (!isRight) throw fault('current', 'wrong');
    await refuseFaulty(command.next, words);
    const passwordHash = await hashPassword(command.next);
    return this.transaction.run((tx) => this.conclude(tx, account, command.token, passwordHash));
  }

  private async read(tx: EntityManager, { token, address, deviceToken }: ChangePasswordCommand) {
    const rows: Account[] = await tx.query(
      `SELECT a.id, a.email, a.password_hash AS "passwordHash" FROM session s JOIN agent a ON a.id = s.agent_id
       WHERE s.token_hash = $1 AND a.disabled_at IS NULL AND ${SESSION_IS_LIVE}`,
      [digest(token)],
    );
    const account = rows[0];
    if (account === undefined) throw new NotFound('session');
    const attempt = { subject: 'password', email: account.email, address, deviceToken } as const;
    await this.throttle.refuseTooMany(tx, attempt);
    return { account, attempt, words: await wordsOfAccount(tx, account.id) };
  }

  /** Verdicts follow one another: of many tries sent at once, the later ones learn nothing. @throws RateLimited */
  private async judge(tx: EntityManager, { id }: Account, attempt: Attempt, isRight: boolean): Promise<void> {
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    if (isRight) return;
    await this.throttle.recordFailure(tx, attempt);
    const detail = { by: 'password' };
    await this.journal.record(tx, { action: 'sign-in.failed', agentId: id, objectId: id, detail });
  }

  private async conclude(
    tx: EntityManager,
    { id, passwordHash: old }: Account,
    token: string,
    passwordHash: string,
  ): Promise<string> {
    const [, changed]: [unknown, number] = await tx.query(
      'UPDATE agent SET password_hash = $2 WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $3',
      [id, passwordHash, old],
    );
    if (changed === 0) throw fault('current', 'wrong');
    await tx.query("DELETE FROM sign_in_link WHERE agent_id = $1 AND purpose = 'reset'", [id]);
    await this.journal.record(tx, { action: 'password.changed', agentId: id, objectId: id });
    await closeOtherSessions(tx, token);
    return rotateSession(tx, token);
  }
}

/** @throws ValidationFailed on `password`, with the fault as its code */
export async function refuseFaulty(password: string, words: readonly string[]): Promise<void> {
  const found = await faultOf(password, words);
  if (found !== null) throw fault('password', found);
}

function fault(field: string, code: string): ValidationFailed {
  return new ValidationFailed([{ field, code, message: `${field} ${code}` }]);
}
