import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

@Injectable()
export class ExtendWeeklySlots {
  /** Scheduled nightly. @returns slots opened */
  execute(tx: EntityManager): Promise<number> {
    throw new Error('skeleton');
  }
}
