import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HoldReason } from './sending-hold.js';

export interface HoldSendingCommand {
  readonly reason: Exclude<HoldReason, 'environment-mismatch'>;
  /** Never personal data: everybody who runs the service reads it. */
  readonly detail: string;
}

/** Lets nothing leave from now on. What is already with the operator is not called back; nothing is lost. */
@Injectable()
export class HoldSending {
  /**
   * A hold in force stays, unless it was asked for by somebody and a restored backup is found: that one is kept,
   * since its release must be thought over again.
   * @param by `agent:<id>`, `cli` or `worker`
   * @returns false when sending was held already
   */
  async execute(tx: EntityManager, command: HoldSendingCommand, by: string): Promise<boolean> {
    if (command.reason === 'restored-backup') await supersede(tx, by);
    const rows: unknown[] = await tx.query(
      `INSERT INTO sending_hold (reason, detail, set_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id`,
      [command.reason, command.detail, by],
    );
    return rows.length > 0;
  }
}

async function supersede(tx: EntityManager, by: string): Promise<void> {
  await tx.query(
    `UPDATE sending_hold SET released_at = app_now(), released_by = $1 WHERE released_at IS NULL AND reason = 'command'`,
    [by],
  );
}
