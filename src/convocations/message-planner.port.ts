import type { EntityManager } from 'typeorm';

export type PromiseChange =
  'booked' | 'rescheduled' | 'cancelled' | 'excused' | 'attended' | 'missed' | 'reopened';

export interface PlannedChange {
  readonly convocationId: string;
  readonly change: PromiseChange;
  /** Whether this very change is told to the person (reminders are planned either way). */
  readonly notify: boolean;
  /** One of many changed by the same act: its messages let through what is due for its own sake. */
  readonly isBulk?: boolean;
}

/**
 * What a change of a convocation asks of the messages, in the same transaction. Declared here, implemented by
 * `notifications` and bound in `app.module.ts`.
 */
export abstract class MessagePlanner {
  abstract plan(tx: EntityManager, change: PlannedChange): Promise<void>;
}
