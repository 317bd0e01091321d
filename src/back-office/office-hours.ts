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

  async of(tx: EntityManager, actor: Actor): Promise<Office> {
    const [rows, now] = await Promise.all([
      tx.query<{ timeZone: string }[]>('SELECT time_zone AS "timeZone" FROM organization WHERE id = $1', [
        actor.organizationId,
      ]),
      this.clock.now(tx),
    ]);
    const timeZone = rows[0]?.timeZone ?? 'Europe/Paris';
    const { date, time } = toLocal(now, timeZone);
    return { now, timeZone, today: date, time };
  }
}
