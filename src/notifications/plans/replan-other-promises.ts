import type { EntityManager } from 'typeorm';
import type { PromiseChange } from '../../convocations/message-planner.port.js';
import type { SendingRules } from '../sending/sending-rules.js';
import { changesToCome } from './changes-to-come.js';
import { type Changes, written } from './plan-changes.js';

const OTHERS = 'c.id <> $1 AND c.person_id = (SELECT person_id FROM convocation WHERE id = $1)';

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
  const changes = await changesToCome(tx, rules, OTHERS, [convocationId]);
  await written(tx, change === 'missed' ? changes.map(additionsOf) : changes);
}

function additionsOf({ promise, difference }: Changes): Changes {
  const added = difference.added.filter(({ reason }) => reason !== 'late');
  return { promise, difference: { added, moved: [], altered: [], withdrawn: [] } };
}
