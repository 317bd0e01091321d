import type { EntityManager } from 'typeorm';
import type { SendingRules } from '../sending/sending-rules.js';
import { changesOf, counted, type Replanned, sumOf, written } from './plan-changes.js';
import { replanAnnouncements } from './replan-waiting.js';

/** Which promises a change of plan, or of the hours of a service, may touch. */
export interface PlanScope {
  /** Null: every service. */
  readonly organizationId: string | null;
  /** Null: every type. */
  readonly typeCode: string | null;
}

export interface ReplanScope extends PlanScope {
  /** Null: wherever the telephone of the person is from. */
  readonly territory: string | null;
}

/** A convocation in the order in which they are planned again. */
export interface Place {
  readonly organizationId: string;
  readonly startsAt: Date;
  readonly id: string;
}

/** So many convocations are worked out at a time: it bounds memory, and how long a clerk waits for one of them. */
export const BATCH = 250;

/** SQL, with the convocation as `c`: booked, still to come, and in the scope $1 (service), $2 (type), $3 (territory). */
export const COMING = `
  convocation c JOIN person p ON p.id = c.person_id
   WHERE c.state = 'booked' AND c.starts_at > app_now() AND ($1::uuid IS NULL OR c.organization_id = $1)
     AND ($2::text IS NULL OR c.type_code = $2) AND ($3::text IS NULL OR p.phone_territory = $3)`;

/** The next ones to come, along the index of what is not marked yet; fewer than `BATCH`: they are the last. */
export async function convocationsAfter(
  tx: EntityManager,
  { organizationId, typeCode, territory }: ReplanScope,
  after: Place | null,
): Promise<readonly Place[]> {
  return tx.query(
    `SELECT c.organization_id AS "organizationId", c.starts_at AS "startsAt", c.id FROM ${COMING}
        AND ($4::uuid IS NULL OR (c.organization_id, c.starts_at, c.id) > ($4::uuid, $5::timestamptz, $6::uuid))
      ORDER BY c.organization_id, c.starts_at, c.id LIMIT ${BATCH}`,
    [
      organizationId,
      typeCode,
      territory,
      after?.organizationId ?? null,
      after?.startsAt ?? null,
      after?.id ?? null,
    ],
  );
}

/**
 * What announces these promises first, even in a dry run: where its hour moves, the reminders follow it. Each
 * convocation is locked before it is read: one cancelled or moved meanwhile is left alone.
 */
export async function replanBatch(
  tx: EntityManager,
  rules: SendingRules,
  places: readonly Place[],
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<Replanned> {
  const asked = places.map(({ id }) => id);
  const ids = isDryRun ? asked : await lockBooked(tx, asked);
  const announced = await replanAnnouncements(tx, rules, ids);
  const changes = await changesOf(tx, ids, rules);
  return sumOf([announced, isDryRun ? counted(changes) : await written(tx, changes)]);
}

/** As an agent who changes them does: before their messages, and in the order of their ids. */
async function lockBooked(tx: EntityManager, ids: readonly string[]): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT id FROM convocation WHERE id = ANY($1::uuid[]) AND state = 'booked' ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
