import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ProofAttempt, ProofCheck } from '../access/fresh-sign-in.js';
import { Journal } from '../access/journal.js';
import { Transaction } from '../platform/transaction.js';
import { digest } from '../shared/tokens.js';
import { isPassword } from './passwords.js';
import { CodeCheck } from './second-factor/code-check.js';
import { SESSION_IS_LIVE } from './sessions.js';
import { type Attempt, SignInThrottle } from './sign-in-throttle.js';

interface Account {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string | null;
  readonly hasSecondFactor: boolean;
}

/** The agent proves again who they are, in a session that is open: password, or six digits of the authenticator. */
@Injectable()
export class ConfirmIdentity extends ProofCheck {
  constructor(
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
    private readonly codes: CodeCheck,
    private readonly journal: Journal,
  ) {
    super();
  }

  async prove(asked: ProofAttempt): Promise<boolean> {
    const { token, proof, address, deviceToken } = asked;
    const account = await this.transaction.run((tx) => accountOf(tx, token));
    if (account === undefined) return false;
    const isCode = account.hasSecondFactor && /^[\d\s]{6,8}$/.test(proof);
    const subject = isCode ? 'code' : 'password';
    const attempt = { subject, email: account.email, address, deviceToken } as const;
    await this.transaction.run((tx) => this.throttle.refuseTooMany(tx, attempt));
    const isRight = !isCode && (await isPassword(account.passwordHash, proof));
    return this.transaction.run((tx) => this.conclude(tx, attempt, account, { ...asked, isRight }));
  }

  private async conclude(
    tx: EntityManager,
    attempt: Attempt,
    { id }: Account,
    { token, proof, isRight }: ProofAttempt & { readonly isRight: boolean },
  ): Promise<boolean> {
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    const proved = isRight || (attempt.subject === 'code' && (await this.codes.spendCode(tx, id, proof)));
    const action = proved ? 'sign-in.refreshed' : 'sign-in.failed';
    await this.journal.record(tx, { action, agentId: id, objectId: id, detail: { by: attempt.subject } });
    if (proved)
      await tx.query('UPDATE session SET proved_at = app_now() WHERE token_hash = $1', [digest(token)]);
    else await this.throttle.recordFailure(tx, attempt);
    return proved;
  }
}

async function accountOf(tx: EntityManager, token: string): Promise<Account | undefined> {
  const rows: Account[] = await tx.query(
    `SELECT a.id, a.email, a.password_hash AS "passwordHash", a.totp_secret IS NOT NULL AS "hasSecondFactor"
     FROM session s JOIN agent a ON a.id = s.agent_id
     WHERE s.token_hash = $1 AND a.disabled_at IS NULL AND ${SESSION_IS_LIVE}`,
    [digest(token)],
  );
  return rows[0];
}
