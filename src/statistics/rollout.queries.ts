import type { EntityManager } from 'typeorm';
import { prepared } from '../platform/prepared.js';

/** Where and since when the service works; a row without place, type and agent is the whole service. */
export interface Rollout {
  readonly id: string;
  readonly organizationId: string;
  readonly placeId: string | null;
  readonly typeCode: string | null;
  readonly agentId: string | null;
  /** First day with messages, `YYYY-MM-DD`. */
  readonly startedOn: string;
  /** First day without messages again; null while it goes on. */
  readonly stoppedOn: string | null;
  readonly note: string;
}

/** What a service aims at: this relative change of its absence rate, from then until then. */
export interface RolloutTarget {
  readonly organizationId: string;
  /** -0.3 is thirty per cent less. */
  readonly relativeChange: number;
  /** `YYYY-MM-DD`, both included. */
  readonly fromOn: string;
  readonly untilOn: string;
}

/** Starts and stops that hold (nothing withdrawn), oldest first. @param organizationIds all services when absent */
export async function rolloutsOf(
  tx: EntityManager,
  organizationIds?: readonly string[],
): Promise<readonly Rollout[]> {
  return tx.query(ROLLOUTS, [organizationIds ?? null]);
}

/** Targets that hold, by service and first day. @param organizationIds all services when absent */
export async function targetsOf(
  tx: EntityManager,
  organizationIds?: readonly string[],
): Promise<readonly RolloutTarget[]> {
  return tx.query(TARGETS, [organizationIds ?? null]);
}

const ROLLOUTS = prepared(`
SELECT id, organization_id AS "organizationId", place_id AS "placeId", type_code AS "typeCode",
       agent_id AS "agentId", started_on AS "startedOn", stopped_on AS "stoppedOn", note
  FROM rollout
 WHERE withdrawn_at IS NULL AND ($1::uuid[] IS NULL OR organization_id = ANY($1))
 ORDER BY started_on, organization_id, id`);

const TARGETS = prepared(`
SELECT organization_id AS "organizationId", relative_change::double precision AS "relativeChange",
       from_on AS "fromOn", until_on AS "untilOn"
  FROM rollout_target
 WHERE withdrawn_at IS NULL AND ($1::uuid[] IS NULL OR organization_id = ANY($1))
 ORDER BY organization_id, from_on`);
