import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * Adds the differences of the last minute to the cells, so that few are left to be read one by one. Figures are the
 * same before, during and after. Safe to run twice, and beside bookings.
 */
@Injectable()
export class FoldAttendance {
  async execute(tx: EntityManager): Promise<void> {
    await tx.query('SELECT fold_attendance()');
  }
}
