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

/** What the register says of one service. */
export interface Register {
  readonly id: string;
  readonly name: string;
  /** That hold, oldest first. */
  readonly rollouts: readonly Rollout[];
  /** That hold, by first day. */
  readonly targets: readonly RolloutTarget[];
}

/** By name of the service; one statement. */
export async function registersOf(
  tx: EntityManager,
  organizationIds: readonly string[],
): Promise<readonly Register[]> {
  return tx.query(REGISTERS, [organizationIds]);
}

const ROLLOUT = `
  SELECT id, organization_id AS "organizationId", place_id AS "placeId", type_code AS "typeCode",
         agent_id AS "agentId", started_on AS "startedOn", stopped_on AS "stoppedOn", note
    FROM rollout WHERE withdrawn_at IS NULL`;

const ROLLOUTS = prepared(`
${ROLLOUT} AND ($1::uuid[] IS NULL OR organization_id = ANY($1)) ORDER BY started_on, organization_id, id`);

const TARGET = `
  SELECT organization_id AS "organizationId", relative_change::double precision AS "relativeChange",
         from_on AS "fromOn", until_on AS "untilOn"
    FROM rollout_target WHERE withdrawn_at IS NULL`;

const REGISTERS = prepared(`
SELECT o.id, o.name,
       (SELECT coalesce(json_agg(r ORDER BY r."startedOn", r.id), '[]')
          FROM (${ROLLOUT} AND organization_id = o.id) AS r) AS rollouts,
       (SELECT coalesce(json_agg(t ORDER BY t."fromOn"), '[]')
          FROM (${TARGET} AND organization_id = o.id) AS t) AS targets
  FROM organization o WHERE o.id = ANY($1) ORDER BY o.name, o.id`);
