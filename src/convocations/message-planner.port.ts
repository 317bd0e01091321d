import type { EntityManager } from 'typeorm';

export type PromiseChange =
  'booked' | 'rescheduled' | 'cancelled' | 'excused' | 'attended' | 'missed' | 'reopened';

/**
 * What a change of a convocation asks of the messages, in the same transaction. Declared here, implemented by
 * `notifications` and bound in `app.module.ts`.
 */
export abstract class MessagePlanner {
  /** @param notify whether this very change is told to the person (the reminder is planned either way) */
  abstract plan(
    tx: EntityManager,
    change: { readonly convocationId: string; readonly change: PromiseChange; readonly notify: boolean },
  ): Promise<void>;
}
