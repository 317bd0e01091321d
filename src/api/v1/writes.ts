import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { CallerRequest } from '../../access/caller.decorators.js';
import { Unauthenticated } from '../../access/refusals.js';
import { Idempotency, requestHash } from '../../platform/idempotency.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Runs a write of a program in one transaction, once per `Idempotency-Key` when it gives one. */
@Injectable()
export class Writes {
  constructor(
    private readonly transaction: Transaction,
    private readonly idempotency: Idempotency,
  ) {}

  /** @param status of success, the one the route declares */
  async run<T>(
    request: CallerRequest,
    status: number,
    work: (tx: EntityManager, actor: Actor) => Promise<T>,
  ): Promise<unknown> {
    const { actor } = request;
    if (actor?.apiKeyId == null) throw new Unauthenticated();
    const key = request.get('Idempotency-Key');
    if (key === undefined) return this.transaction.run((tx) => work(tx, actor));
    if (!KEY.test(key))
      throw new ValidationFailed([
        { field: 'Idempotency-Key', code: 'pattern', message: '1 to 255 visible ASCII characters' },
      ]);
    const hash = requestHash(
      `${request.method} ${request.path} ${request.get('If-Match') ?? ''}`,
      request.body,
    );
    const asked = { caller: `api-key:${actor.apiKeyId}`, key, requestHash: hash };
    const answer = await this.transaction.run((tx) =>
      this.idempotency.run(tx, asked, async () => ({ status, body: await work(tx, actor) })),
    );
    return answer.body;
  }
}
