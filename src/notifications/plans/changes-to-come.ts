import type { EntityManager } from 'typeorm';
import type { SendingRules } from '../sending/sending-rules.js';
import { type Changes, changesOf } from './plan-changes.js';

/** More appointments to come than anybody has. */
const MOST = 50;

/**
 * What the plan in force makes of the appointments to come of one person; one statement where there is none.
 * @param which SQL on `c`, the convocation
 */
export async function changesToCome(
  tx: EntityManager,
  rules: SendingRules,
  which: string,
  values: readonly unknown[],
): Promise<readonly Changes[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT c.id FROM convocation c WHERE c.state = 'booked' AND c.starts_at > app_now() AND ${which}
      ORDER BY c.starts_at LIMIT ${MOST}`,
    [...values],
  );
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  return changesOf(tx, ids, rules);
}
