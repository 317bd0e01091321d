import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IdempotencyConflict } from './refusals.js';

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
  readonly request_hash: Buffer;
  readonly status: number;
  readonly body: unknown;
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
    const inserted: unknown[] = await tx.query(
      `INSERT INTO idempotency_key (caller, key, request_hash) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING key`,
      [caller, key, requestHash],
    );
    if (inserted.length === 0) return this.replay(tx, request);
    const answer = await work();
    await tx.query('UPDATE idempotency_key SET status = $3, body = $4 WHERE caller = $1 AND key = $2', [
      caller,
      key,
      answer.status,
      JSON.stringify(answer.body ?? null),
    ]);
    return answer;
  }

  /** Answers are kept two days: they hold what the caller was told, personal data included. */
  async forget(tx: EntityManager): Promise<void> {
    await tx.query("DELETE FROM idempotency_key WHERE created_at < app_now() - interval '2 days'");
  }

  private async replay(
    tx: EntityManager,
    { caller, key, requestHash }: IdempotentRequest,
  ): Promise<StoredAnswer> {
    const rows: Row[] = await tx.query(
      'SELECT request_hash, status, body FROM idempotency_key WHERE caller = $1 AND key = $2',
      [caller, key],
    );
    const row = rows[0];
    if (row === undefined || !row.request_hash.equals(requestHash)) throw new IdempotencyConflict();
    return { status: row.status, body: row.body };
  }
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
