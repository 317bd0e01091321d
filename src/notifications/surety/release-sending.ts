import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Lets messages leave again, in the order of their hours. What they would be: `releaseReport`. */
@Injectable()
export class ReleaseSending {
  /**
   * Whatever the operator took before this moment counts as accounted for.
   * @param by `agent:<id>` or `cli`
   * @param holdId the one whose report was read: another may have come meanwhile
   * @returns false when that one is not in force
   */
  async execute(tx: EntityManager, by: string, holdId: string): Promise<boolean> {
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE sending_hold SET released_at = app_now(), released_by = $1, real_released_at = clock_timestamp()
        WHERE released_at IS NULL AND id::text = $2`,
      [by, holdId],
    );
    return count > 0;
  }
}
