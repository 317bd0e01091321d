import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RateLimited } from '../platform/refusals.js';
import { Secrets } from '../platform/secrets.js';
import { MEMORY_SECONDS, PER_ACCOUNT, PER_ADDRESS, type ThrottleRule, waitAfter } from './domain/throttle.js';

export interface Attempt {
  /** What is guessed: each has failures of its own. A password and its proof in an open session are one. */
  readonly subject: 'password' | 'code' | 'reset';
  readonly email: string;
  /** Network address of the caller. */
  readonly address: string;
  /** Cookie of a browser in which somebody signed in before. */
  readonly deviceToken?: string | undefined;
}

/** Under which keys an attempt counts: its account as seen from where it comes, and its address. */
interface Keys {
  readonly account: Buffer;
  /** Absent for a browser that this agent used before. */
  readonly address: Buffer | null;
}

/**
 * Counts failures in PostgreSQL, by account and by address, under keyed digests.
 *
 * Where an agent signed in before (browser, else network address) failures are counted apart: a stranger who fails
 * on purpose makes strangers wait, never the agent at their own desk.
 */
@Injectable()
export class SignInThrottle {
  constructor(private readonly secrets: Secrets) {}

  /** @throws RateLimited while the account or the address has to wait */
  async refuseTooMany(tx: EntityManager, attempt: Attempt): Promise<void> {
    const { account, address } = await this.keysOf(tx, attempt);
    const ofAccount = await secondsLeft(tx, account, PER_ACCOUNT);
    const ofAddress = address === null ? 0 : await secondsLeft(tx, address, PER_ADDRESS);
    const longest = Math.max(ofAccount, ofAddress);
    if (longest > 0) throw new RateLimited(Math.ceil(longest));
  }

  /** Verdicts on one account follow one another, so that tries sent all at once are counted like others. */
  async lockAccount(tx: EntityManager, { subject, email }: Attempt): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('sign-in'), hashtext($1))`, [
      this.key(`${subject}:${email}`).toString('hex'),
    ]);
  }

  async recordFailure(tx: EntityManager, attempt: Attempt): Promise<void> {
    const { account, address } = await this.keysOf(tx, attempt);
    const keys = address === null ? [account] : [account, address];
    // Since the verdict: from the beginning of a transaction that queued for its turn, the wait would be over too soon.
    await tx.query(
      `INSERT INTO sign_in_failure (key_hash, at)
       SELECT unnest($1::bytea[]), app_now() + (clock_timestamp() - now())`,
      [keys],
    );
  }

  /** After a success: failures from this place are forgotten, those of strangers stay. */
  async forgetAccount(tx: EntityManager, attempt: Attempt): Promise<void> {
    const { account } = await this.keysOf(tx, attempt);
    await tx.query('DELETE FROM sign_in_failure WHERE key_hash = $1', [account]);
  }

  /** This browser and this address are known from now on. */
  async remember(
    tx: EntityManager,
    agentId: string,
    from: { readonly address: string; readonly deviceToken: string },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO known_origin (agent_id, key_hash) SELECT $1, unnest($2::bytea[])
       ON CONFLICT (agent_id, key_hash) DO UPDATE SET last_seen_at = app_now()`,
      [agentId, [this.deviceKey(from.deviceToken), this.placeKey(from.address)]],
    );
  }

  private async keysOf(tx: EntityManager, attempt: Attempt): Promise<Keys> {
    const { subject, email, address, deviceToken } = attempt;
    const device = this.deviceKey(deviceToken ?? '');
    const place = this.placeKey(address);
    const rows: { device: boolean; place: boolean }[] = await tx.query(
      `SELECT coalesce(bool_or(k.key_hash = $2), false) AS device, coalesce(bool_or(k.key_hash = $3), false) AS place
       FROM known_origin k JOIN agent a ON a.id = k.agent_id WHERE a.email = $1 AND k.key_hash IN ($2, $3)`,
      [email, device, place],
    );
    const known = rows[0] ?? { device: false, place: false };
    const account = `account:${subject}:${email}`;
    const ofAddress = this.key(`address:${address}`);
    if (known.device)
      return { account: this.key(`${account}:device:${device.toString('hex')}`), address: null };
    return { account: this.key(known.place ? `${account}:place:${address}` : account), address: ofAddress };
  }

  private deviceKey(deviceToken: string): Buffer {
    return this.key(`device:${deviceToken}`);
  }

  private placeKey(address: string): Buffer {
    return this.key(`place:${address}`);
  }

  private key(text: string): Buffer {
    return Buffer.from(this.secrets.sign('throttle', text), 'base64url');
  }
}

async function secondsLeft(tx: EntityManager, key: Buffer, rule: ThrottleRule): Promise<number> {
  const rows: { failures: number; since: number | null }[] = await tx.query(
    `SELECT count(*)::integer AS failures, extract(epoch FROM app_now() - max(at))::float8 AS since
     FROM sign_in_failure WHERE key_hash = $1 AND at > app_now() - make_interval(secs => $2)`,
    [key, MEMORY_SECONDS],
  );
  const { failures, since } = rows[0] ?? { failures: 0, since: null };
  // A clock set back must not make anybody wait longer than the rule says.
  return waitAfter(failures, rule) - Math.max(0, since ?? 0);
}
