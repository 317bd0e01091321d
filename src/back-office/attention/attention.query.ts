import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { KEPT_CONVOCATION, keptScope } from '../../convocations/visibility.js';

export const ATTENTION_LISTS = ['unsent', 'unmarked'] as const;
export type AttentionList = (typeof ATTENTION_LISTS)[number];

/** Never left, in the last seven days, whatever became of the convocation. */
const UNSENT = `EXISTS (SELECT FROM message m WHERE m.convocation_id = c.id
  AND m.state IN ('expired', 'failed', 'suppressed') AND m.settled_at > (SELECT app_now()) - interval '7 days')`;

const UNMARKED = `c.state = 'booked' AND c.starts_at < (SELECT app_now())`;

const CONDITIONS: Readonly<Record<AttentionList, string>> = {
  unsent: UNSENT,
  unmarked: UNMARKED,
};

export type AttentionCounts = Readonly<Record<AttentionList, number>>;

/** What needs somebody, at the places of the actor's service. */
export async function attentionCounts(tx: EntityManager, actor: Actor): Promise<AttentionCounts> {
  const counts = ATTENTION_LISTS.map(
    (list) =>
      `(SELECT count(*)::int FROM convocation c WHERE ${KEPT_CONVOCATION} AND ${CONDITIONS[list]}) AS "${list}"`,
  );
  const rows: AttentionCounts[] = await tx.query(`SELECT ${counts.join(', ')}`, keptScope(actor));
  return rows[0] ?? { unsent: 0, unmarked: 0 };
}

/** Ids of one list, soonest promise first; at most 200. */
export async function attentionIds(tx: EntityManager, actor: Actor, list: AttentionList): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT c.id FROM convocation c WHERE ${KEPT_CONVOCATION} AND ${CONDITIONS[list]} ORDER BY c.starts_at, c.id LIMIT 200`,
    keptScope(actor),
  );
  return rows.map(({ id }) => id);
}
