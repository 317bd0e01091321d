import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../access/journal.js';
import { Transaction } from '../platform/transaction.js';
import { NotFound } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';
import { wordsOfAccount } from './password/account-words.query.js';
import { refuseFaulty } from './password/change-password.js';
import { hashPassword } from './passwords.js';
import { closeSessionsOf, openSession } from './sessions.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { type Origin, newDeviceToken, type SignedIn } from './sign-in.js';

export interface Invited {
  readonly agentId: string;
  readonly email: string;
  readonly firstName: string;
  readonly hasSecondFactor: boolean;
}

/** An invitation lives 7 days; a link for a forgotten password 30 minutes. */
export type LinkPurpose = 'invitation' | 'reset';

const LIVE = `l.token_hash = $1 AND l.purpose = $2 AND l.used_at IS NULL AND l.expires_at > app_now()
  AND a.disabled_at IS NULL`;

/** @throws NotFound for a link that is unknown, used, replaced or too old */
export async function findInvitation(
  tx: EntityManager,
  token: string,
  purpose: LinkPurpose,
): Promise<Invited> {
  const rows: Invited[] = await tx.query(
    `SELECT a.id AS "agentId", a.email, a.first_name AS "firstName",
       a.totp_secret IS NOT NULL AS "hasSecondFactor"
     FROM sign_in_link l JOIN agent a ON a.id = l.agent_id WHERE ${LIVE}`,
    [digest(token), purpose],
  );
  const invited = rows[0];
  if (invited === undefined) throw new NotFound('invitation');
  return invited;
}

export interface AcceptCommand extends Origin {
  readonly token: string;
  readonly purpose: LinkPurpose;
  readonly password: string;
}

/**
 * Chooses a password by a one-time link, and signs in; a second factor in force is asked next. The password is hashed
 * between two transactions: it takes 0.1 s.
 */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly throttle: SignInThrottle,
    private readonly journal: Journal,
  ) {}

  /**
   * @returns what the browser keeps; every session of before ends
   * @throws NotFound, or ValidationFailed on `password` with the fault as its code
   */
  async execute(command: AcceptCommand): Promise<SignedIn> {
    const words = await this.transaction.run(async (tx) => {
      const { agentId } = await findInvitation(tx, command.token, command.purpose);
      return wordsOfAccount(tx, agentId);
    });
    await refuseFaulty(command.password, words);
    const passwordHash = await hashPassword(command.password);
    return this.transaction.run((tx) => this.conclude(tx, command, passwordHash));
  }

  private async conclude(tx: EntityManager, command: AcceptCommand, passwordHash: string): Promise<SignedIn> {
    const { token, purpose, address, browser } = command;
    const invited = await findInvitation(tx, token, purpose);
    await spendLink(tx, token);
    const { agentId, email } = invited;
    await tx.query('UPDATE agent SET password_hash = $2 WHERE id = $1', [agentId, passwordHash]);
    const action = purpose === 'invitation' ? 'agent.joined' : 'password.changed';
    await this.journal.record(tx, { action, agentId, objectId: agentId, detail: { by: purpose } });
    // Whoever holds the link reads the agent's mail: failures of strangers no longer stand in the way.
    await this.throttle.forgetAccount(tx, { subject: 'password', email, address });
    const deviceToken = command.deviceToken ?? newDeviceToken();
    if (!invited.hasSecondFactor) await this.throttle.remember(tx, agentId, { address, deviceToken });
    await closeSessionsOf(tx, agentId);
    return { token: await openSession(tx, agentId, { browser }), deviceToken };
  }
}

/** @throws NotFound when somebody was faster */
async function spendLink(tx: EntityManager, token: string): Promise<void> {
  const [, used]: [unknown, number] = await tx.query(
    'UPDATE sign_in_link SET used_at = app_now() WHERE token_hash = $1 AND used_at IS NULL',
    [digest(token)],
  );
  if (used === 0) throw new NotFound('invitation');
}
