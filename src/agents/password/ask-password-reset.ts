import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { Journal } from '../../access/journal.js';
import { ADMINISTRATORS } from '../domain/session-steps.js';
import { AgentMail } from '../life/agent-mail.js';
import { normalEmail } from '../sign-in.js';
import { SignInThrottle } from '../sign-in-throttle.js';

export interface AskPasswordResetCommand {
  readonly email: string;
  readonly address: string;
}

/**
 * Has a letter sent with a link to choose another password. Whether the account exists shows neither in the answer nor
 * in its time: the same statements run, and a worker sends the letter.
 */
@Injectable()
export class AskPasswordReset {
  constructor(
    private readonly env: Env,
    private readonly throttle: SignInThrottle,
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /** @throws RateLimited when this was asked too often, for an account that exists or not */
  async execute(tx: EntityManager, { email, address }: AskPasswordResetCommand): Promise<void> {
    const attempt = { subject: 'reset', email: normalEmail(email), address } as const;
    await this.throttle.lockAccount(tx, attempt);
    await this.throttle.refuseTooMany(tx, attempt);
    await this.throttle.recordFailure(tx, attempt);
    const agentId = await this.resettable(tx, attempt.email);
    await this.mail.write(tx, 'password-reset', [agentId ?? NOBODY]);
    await this.journal.record(tx, { action: 'password.reset-asked', agentId, objectId: agentId });
  }

  /** Who never joined waits for an invitation; who signs in at the provider has no password to forget. */
  private async resettable(tx: EntityManager, email: string): Promise<string | null> {
    const rows: { id: string }[] = await tx.query(
      `SELECT id FROM agent WHERE email = $1 AND disabled_at IS NULL AND password_hash IS NOT NULL
         AND (NOT $2 OR oidc_sub IS NULL OR role = ANY($3))`,
      [email, this.env.OIDC_ISSUER !== undefined, ADMINISTRATORS],
    );
    return rows[0]?.id ?? null;
  }
}

/** Id of no agent: the same statement runs for an unknown account. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
