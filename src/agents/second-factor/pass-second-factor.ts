import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../../access/journal.js';
import { Transaction } from '../../platform/transaction.js';
import { digest } from '../../shared/tokens.js';
import { rotateSession, SESSION_IS_LIVE } from '../sessions.js';
import { SignInThrottle } from '../sign-in-throttle.js';
import { newDeviceToken, type SignedIn } from '../sign-in.js';
import { CodeCheck, type SecondFactor } from './code-check.js';

export interface PassCommand {
  /** Session that owes its second factor. */
  readonly token: string;
  /** Six digits, or a recovery code. */
  readonly code: string;
  readonly address: string;
  readonly deviceToken?: string | undefined;
}

interface Account {
  readonly id: string;
  readonly email: string;
}

/** The second half of a sign-in; a code that was wrong is counted even though nothing else happens. */
@Injectable()
export class PassSecondFactor {
  constructor(
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
    private readonly codes: CodeCheck,
    private readonly journal: Journal,
  ) {}

  /** @returns what the browser keeps, or null for a wrong code. @throws RateLimited */
  execute(command: PassCommand): Promise<(SignedIn & { readonly by: SecondFactor }) | null> {
    return this.transaction.run((tx) => this.pass(tx, command));
  }

  private async pass(tx: EntityManager, command: PassCommand) {
    const account = await accountOf(tx, command.token);
    if (account === undefined) return null;
    const { address, deviceToken } = command;
    const attempt = { subject: 'code', email: account.email, address, deviceToken } as const;
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    const by = await this.codes.spend(tx, account.id, command.code);
    await this.tell(tx, account.id, by);
    if (by === null) {
      await this.throttle.recordFailure(tx, attempt);
      return null;
    }
    await this.throttle.forgetAccount(tx, attempt);
    const device = deviceToken ?? newDeviceToken();
    await this.throttle.remember(tx, account.id, { address, deviceToken: device });
    const token = await rotateSession(tx, command.token, { secondFactor: true });
    return { token, deviceToken: device, by };
  }

  private async tell(tx: EntityManager, agentId: string, by: SecondFactor | null): Promise<void> {
    const about = { agentId, objectId: agentId };
    if (by === 'recovery-code') await this.journal.record(tx, { action: 'recovery-code.used', ...about });
    const action = by === null ? 'sign-in.failed' : 'sign-in.succeeded';
    await this.journal.record(tx, { action, ...about, detail: { by: by ?? 'code' } });
  }
}

async function accountOf(tx: EntityManager, token: string): Promise<Account | undefined> {
  const rows: Account[] = await tx.query(
    `SELECT a.id, a.email FROM session s JOIN agent a ON a.id = s.agent_id
     WHERE s.token_hash = $1 AND a.disabled_at IS NULL AND ${SESSION_IS_LIVE}`,
    [digest(token)],
  );
  return rows[0];
}
