import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IdempotencyConflict } from './refusals.js';
import { type Sealing, sealingOf } from './sealing.js';

export interface IdempotentRequest {
  /** Who asks: keys of two callers never meet. */
  readonly caller: string;
  readonly key: string;
  readonly requestHash: Buffer;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Row {
  readonly id: string;
  readonly request_hash: Buffer;
  readonly status: number;
  readonly body_sealed: Buffer;
}

/**
 * Makes a write that is asked twice happen once. The key row is inserted first, in the transaction of the write:
 * a second caller waits on the unique index until the first commits (then gets its answer) or fails (then does
 * the work itself). Only success is kept.
 */
@Injectable()
export class Idempotency {
  /** @throws IdempotencyConflict when the key was used for another request */
  async run<T extends StoredAnswer>(
    tx: EntityManager,
    request: IdempotentRequest,
    work: () => Promise<T>,
  ): Promise<T | StoredAnswer> {
    const { caller, key, requestHash } = request;
    const sealing = sealingOf(tx);
    const inserted: { id: string }[] = await tx.query(
      `INSERT INTO idempotency_key (caller, key, request_hash) VALUES ($1, $2, $3)
       ON CONFLICT (caller, key) DO NOTHING RETURNING id`,
      [caller, key, keyedHash(sealing, requestHash)],
    );
    const [row] = inserted;
    if (row === undefined) return this.replay(tx, request);
    const answer = await work();
    await tx.query('UPDATE idempotency_key SET status = $2, body_sealed = $3 WHERE id = $1', [
      row.id,
      answer.status,
      sealAnswer(sealing, row.id, JSON.stringify(answer.body ?? null)),
    ]);
    return answer;
  }

  /** Answers are kept two days: they hold what the caller was told, sealed. */
  async forget(tx: EntityManager): Promise<void> {
    await tx.query("DELETE FROM idempotency_key WHERE created_at < app_now() - interval '2 days'");
  }

  private async replay(
    tx: EntityManager,
    { caller, key, requestHash }: IdempotentRequest,
  ): Promise<StoredAnswer> {
    const rows: Row[] = await tx.query(
      'SELECT id, request_hash, status, body_sealed FROM idempotency_key WHERE caller = $1 AND key = $2',
      [caller, key],
    );
    const row = rows[0];
    const sealing = sealingOf(tx);
    const known = sealing.blindIndexes('request', requestHash.toString('hex'));
    if (row === undefined || !known.some((hash) => hash.equals(row.request_hash)))
      throw new IdempotencyConflict();
    return {
      status: row.status,
      body: JSON.parse(sealing.open(row.body_sealed, answerContext(row.id))) as unknown,
    };
  }
}

export function answerContext(id: string): string {
  return `idempotency_key:${id}:body`;
}

export function sealAnswer(sealing: Sealing, id: string, body: string): Buffer {
  return sealing.seal(body, answerContext(id));
}

/** Keyed: names are in clear beside it, and a plain digest would let the number in the request be guessed. */
export function keyedHash(sealing: Sealing, hash: Buffer): Buffer {
  return sealing.blindIndex('request', hash.toString('hex'));
}

/** Digest of what is asked, whatever the order of the keys of its body. */
export function requestHash(route: string, body: unknown): Buffer {
  return createHash('sha256').update(route).update('\n').update(canonical(body)).digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === undefined) return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
