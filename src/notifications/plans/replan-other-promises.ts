import type { EntityManager } from 'typeorm';
import type { PromiseChange } from '../../convocations/message-planner.port.js';
import type { SendingRules } from '../sending/sending-rules.js';
import { type Changes, changesOf, written } from './plan-changes.js';

/** More appointments to come than anybody has. */
const MOST = 50;

/**
 * An absence was marked, or taken back: the plan may ask for other reminders of what else the person is promised
 * (« deux absences en un an »). An absence takes none away, even of whoever is summoned for the first time no longer.
 * Costs one statement for whoever is promised nothing else.
 */
export async function replanOtherPromises(
  tx: EntityManager,
  rules: SendingRules,
  { convocationId, change }: { readonly convocationId: string; readonly change: PromiseChange },
): Promise<void> {
  const rows: { id: string }[] = await tx.query(
    `SELECT other.id FROM convocation c JOIN convocation other ON other.person_id = c.person_id
      WHERE c.id = $1 AND other.id <> c.id AND other.state = 'booked' AND other.starts_at > app_now()
      ORDER BY other.starts_at LIMIT ${MOST}`,
    [convocationId],
  );
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  const changes = await changesOf(tx, ids, rules);
  await written(tx, change === 'missed' ? changes.map(additionsOf) : changes);
}

function additionsOf({ promise, difference }: Changes): Changes {
  const added = difference.added.filter(({ reason }) => reason !== 'late');
  return { promise, difference: { added, moved: [], altered: [], withdrawn: [] } };
}
