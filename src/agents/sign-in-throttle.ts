import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RateLimited } from '../platform/refusals.js';
import { Secrets } from '../platform/secrets.js';
import { MEMORY_SECONDS, PER_ACCOUNT, PER_ADDRESS, type ThrottleRule, waitAfter } from './domain/throttle.js';

export interface Attempt {
  readonly email: string;
  /** Network address of the caller. */
  readonly address: string;
}

/** Counts failed sign-ins in PostgreSQL, by account and by address, under keyed digests. */
@Injectable()
export class SignInThrottle {
  constructor(private readonly secrets: Secrets) {}

  /** @throws RateLimited while the account or the address has to wait */
  async refuseTooMany(tx: EntityManager, attempt: Attempt): Promise<void> {
    const waits = [
      await this.secondsLeft(tx, this.accountKey(attempt), PER_ACCOUNT),
      await this.secondsLeft(tx, this.addressKey(attempt), PER_ADDRESS),
    ];
    const longest = Math.max(...waits);
    if (longest > 0) throw new RateLimited(Math.ceil(longest));
  }

  /** Verdicts on one account follow one another, so that tries sent all at once are counted like others. */
  async lockAccount(tx: EntityManager, attempt: Attempt): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('sign-in'), hashtext($1))`, [
      this.accountKey(attempt).toString('hex'),
    ]);
  }

  async recordFailure(tx: EntityManager, attempt: Attempt): Promise<void> {
    await tx.query('INSERT INTO sign_in_failure (key_hash) VALUES ($1), ($2)', [
      this.accountKey(attempt),
      this.addressKey(attempt),
    ]);
  }

  async forgetAccount(tx: EntityManager, attempt: Attempt): Promise<void> {
    await tx.query('DELETE FROM sign_in_failure WHERE key_hash = $1', [this.accountKey(attempt)]);
  }

  private async secondsLeft(tx: EntityManager, key: Buffer, rule: ThrottleRule): Promise<number> {
    const rows: { failures: number; since: number | null }[] = await tx.query(
      `SELECT count(*)::integer AS failures, extract(epoch FROM app_now() - max(at))::float8 AS since
       FROM sign_in_failure WHERE key_hash = $1 AND at > app_now() - make_interval(secs => $2)`,
      [key, MEMORY_SECONDS],
    );
    const { failures, since } = rows[0] ?? { failures: 0, since: null };
    // A clock set back must not make anybody wait longer than the rule says.
    return waitAfter(failures, rule) - Math.max(0, since ?? 0);
  }

  private accountKey({ email }: Attempt): Buffer {
    return Buffer.from(this.secrets.sign('throttle', `account:${email}`), 'base64url');
  }

  private addressKey({ address }: Attempt): Buffer {
    return Buffer.from(this.secrets.sign('throttle', `address:${address}`), 'base64url');
  }
}
