import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock.js';
import { type Instant, toLocal } from '../shared/time.js';

/** The clock of the reader: hours of other zones carry their place. */
export interface Office {
  readonly now: Instant;
  readonly timeZone: string;
  /** At the office, `YYYY-MM-DD` and `HH:mm`. */
  readonly today: string;
  readonly time: string;
}

@Injectable()
export class OfficeHours {
  constructor(private readonly clock: Clock) {}

  /** Known from the beginning of the request and of the transaction: asks nothing. */
  async of(tx: EntityManager, { timeZone }: Actor): Promise<Office> {
    const now = await this.clock.now(tx);
    const { date, time } = toLocal(now, timeZone);
    return { now, timeZone, today: date, time };
  }
}
