import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Idempotency } from '../platform/idempotency.js';

/** Deletes what has served: ended sessions, old failures, used links, answers kept for retries. */
@Injectable()
export class ForgetSessions {
  constructor(private readonly idempotency: Idempotency) {}

  async execute(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM session WHERE last_seen_at < app_now() - interval '30 minutes'
         OR created_at < app_now() - interval '12 hours'`,
    );
    await tx.query("DELETE FROM sign_in_failure WHERE at < app_now() - interval '1 day'");
    await tx.query("DELETE FROM sign_in_link WHERE expires_at < app_now() - interval '30 days'");
    await tx.query('DELETE FROM oidc_login WHERE expires_at < app_now()');
    await tx.query("DELETE FROM known_origin WHERE last_seen_at < app_now() - interval '180 days'");
    await this.idempotency.forget(tx);
  }
}
