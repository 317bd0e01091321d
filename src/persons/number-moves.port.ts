import type { EntityManager } from 'typeorm';

export interface NumberMove {
  readonly personId: string;
  /** Territories by the code of their numbers; null: no number, or none of a known territory. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * What the messages of a person become whose number is of another territory now, in the same transaction. Declared
 * here, implemented by `notifications` and bound in `app.module.ts`.
 */
export abstract class NumberMoves {
  abstract moved(tx: EntityManager, move: NumberMove): Promise<void>;
}
