import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { Sealing } from '../../platform/sealing.js';
import { spendRecoveryCode } from './recovery-codes.js';
import { stepOf } from './totp.js';

/** What was shown as second factor. */
export type SecondFactor = 'code' | 'recovery-code';

/** Is this the agent's code? Each code is good once: the newest step that served is kept. */
@Injectable()
export class CodeCheck {
  constructor(
    private readonly clock: Clock,
    private readonly sealing: Sealing,
  ) {}

  /** Six digits of the authenticator in force, or a recovery code; either is spent by this. */
  async spend(tx: EntityManager, agentId: string, typed: string): Promise<SecondFactor | null> {
    if (await this.spendCode(tx, agentId, typed)) return 'code';
    return (await spendRecoveryCode(tx, agentId, typed)) ? 'recovery-code' : null;
  }

  async spendCode(tx: EntityManager, agentId: string, typed: string): Promise<boolean> {
    const rows: { secret: Buffer | null }[] = await tx.query(
      'SELECT totp_secret AS secret FROM agent WHERE id = $1 AND disabled_at IS NULL',
      [agentId],
    );
    const sealed = rows[0]?.secret ?? null;
    if (sealed === null) return false;
    const secret = this.sealing.open(sealed, secretContext(agentId));
    const step = await this.stepNow(tx, secret, typed);
    if (step === null) return false;
    const [, spent]: [unknown, number] = await tx.query(
      `UPDATE agent SET totp_last_step = $2
       WHERE id = $1 AND (totp_last_step IS NULL OR totp_last_step < $2)`,
      [agentId, step],
    );
    return spent === 1;
  }

  /** The step of 30 s whose code was typed, or null. */
  async stepNow(tx: EntityManager, secret: string, typed: string): Promise<number | null> {
    const now = await this.clock.now(tx);
    return stepOf(secret, typed.replace(/\s/g, ''), now.epochMilliseconds / 1000);
  }
}

/** Sealed bytes open for this agent only. */
export function secretContext(agentId: string): string {
  return `agent/totp/${agentId}`;
}
