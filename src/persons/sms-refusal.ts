import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { recordHistory } from './history.js';

type Who = Pick<Actor, 'agentId' | 'apiKeyId'> | null;

/**
 * Dates the refusal of text messages; the first one stays. A null actor is the person or the operator.
 * @returns false when they were refused already
 */
export async function stopMessages(
  tx: EntityManager,
  actor: Who,
  refusal: {
    readonly personId: string;
    readonly origin: 'agent' | 'person' | 'operator';
    readonly convocationId?: string;
  },
): Promise<boolean> {
  const [, stopped]: [unknown, number] = await tx.query(
    `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = $2,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1 AND sms_refused_at IS NULL`,
    [refusal.personId, refusal.origin],
  );
  if (stopped === 0) return false;
  const { personId, convocationId, origin } = refusal;
  await recordHistory(tx, actor, { event: 'messages.stopped', personId, convocationId, detail: { origin } });
  return true;
}

/** @returns false when nothing was refused */
export async function resumeMessages(tx: EntityManager, actor: Actor, personId: string): Promise<boolean> {
  const [, resumed]: [unknown, number] = await tx.query(
    `UPDATE person SET sms_refused_at = NULL, sms_refused_origin = NULL,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1 AND sms_refused_at IS NOT NULL`,
    [personId],
  );
  if (resumed === 0) return false;
  await recordHistory(tx, actor, { event: 'messages.resumed', personId });
  return true;
}
