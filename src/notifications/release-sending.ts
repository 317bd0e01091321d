import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Lets messages leave again, in the order of their hours. What they would be: `releaseReport`. */
@Injectable()
export class ReleaseSending {
  /**
   * Whatever the operator took before this moment counts as accounted for.
   * @param by `agent:<id>` or `cli`
   * @returns false when nothing was held
   */
  async execute(tx: EntityManager, by: string): Promise<boolean> {
    const [, count]: [unknown, number] = await tx.query(
      `UPDATE sending_hold SET released_at = app_now(), released_by = $1, real_released_at = clock_timestamp()
        WHERE released_at IS NULL`,
      [by],
    );
    return count > 0;
  }
}
