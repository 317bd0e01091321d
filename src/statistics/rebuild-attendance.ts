import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * Counts every convocation again and replaces cells and differences by the result. Bookings and readers go on
 * meanwhile; only folding waits.
 */
@Injectable()
export class RebuildAttendance {
  /** Reads the whole table: minutes for ten million rows. @returns how many cells were written */
  async execute(tx: EntityManager): Promise<number> {
    await tx.query(`SET LOCAL statement_timeout = '1h'`);
    await tx.query('SELECT rebuild_attendance()');
    const rows: { n: number }[] = await tx.query('SELECT count(*)::integer AS n FROM attendance_cell');
    return rows[0]?.n ?? 0;
  }
}
