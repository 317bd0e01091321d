import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { PlanStep } from '../domain/reminder-plan.js';
import {
  type ArmText,
  remindersOf,
  type TrialArm,
  type TrialPlan,
  type TrialState,
} from '../domain/trial.js';

/** A trial in a list. */
export interface TrialSummary {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly state: TrialState;
  /** Services, in the order of their names. */
  readonly services: readonly string[];
  readonly startedAt: Date | null;
  readonly endsOn: string;
}

export interface TrialView extends TrialPlan {
  readonly id: string;
  readonly state: TrialState;
  readonly registeredAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly stopReason: string | null;
  readonly services: readonly { readonly id: string; readonly name: string }[];
  readonly types: readonly { readonly code: string; readonly name: string }[];
}

export interface TrialEvent {
  readonly at: Date;
  readonly event: string;
  readonly by: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Those of the actor's service; a central administrator sees all. */
const VISIBLE = `($1 OR EXISTS (SELECT FROM trial_population tp WHERE tp.trial_id = t.id AND tp.organization_id = $2))
  AND ($1 OR t.state <> 'draft')`;

function scope(actor: Actor): readonly unknown[] {
  return [actsEverywhere(actor), actor.organizationId];
}

/** Running first, then the newest. */
export function listTrials(tx: EntityManager, actor: Actor): Promise<TrialSummary[]> {
  return tx.query(
    `SELECT t.id, t.name, t.question, t.state, t.started_at AS "startedAt", t.ends_on AS "endsOn",
            (SELECT coalesce(json_agg(DISTINCT o.name), '[]') FROM trial_population tp
               JOIN organization o ON o.id = tp.organization_id WHERE tp.trial_id = t.id) AS services
       FROM trial t WHERE ${VISIBLE}
      ORDER BY t.state <> 'running', t.created_at DESC, t.id LIMIT 200`,
    [...scope(actor)],
  );
}

type Row = Omit<TrialView, 'arms' | 'organizationIds' | 'typeCodes'> & {
  readonly arms: readonly (Pick<TrialArm, 'name' | 'share'> & {
    readonly reminders: readonly PlanStep[] | null;
    readonly texts: readonly ArmText[];
  })[];
};

/** @throws NotFound, also for a draft of somebody else's services */
export async function findTrial(tx: EntityManager, actor: Actor, id: string): Promise<TrialView> {
  const rows: Row[] = isUuid(id)
    ? await tx.query(`${TRIAL} FROM trial t WHERE ${VISIBLE} AND t.id = $3`, [...scope(actor), id])
    : [];
  const [row] = rows;
  if (row === undefined) throw new NotFound('trial');
  return {
    ...row,
    organizationIds: row.services.map((service) => service.id),
    typeCodes: row.types.map(({ code }) => code),
    arms: row.arms.map((arm) => ({ ...arm, reminders: remindersOf(arm.reminders) })),
  };
}

/** Newest last. */
export function trialEvents(tx: EntityManager, trialId: string): Promise<TrialEvent[]> {
  return tx.query(
    `SELECT e.at, e.event, e.detail, a.first_name || ' ' || a.last_name AS by
       FROM trial_event e LEFT JOIN named_agent a ON a.id = e.agent_id WHERE e.trial_id = $1 ORDER BY e.id`,
    [trialId],
  );
}

/** Appends what happened; a null actor is the schedule. */
export async function recordTrialEvent(
  tx: EntityManager,
  trialId: string,
  event: string,
  actor: Pick<Actor, 'agentId'> | null,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await tx.query('INSERT INTO trial_event (trial_id, event, agent_id, detail) VALUES ($1, $2, $3, $4)', [
    trialId,
    event,
    actor?.agentId ?? null,
    detail,
  ]);
}

const TRIAL = `
  SELECT t.id, t.name, t.question, t.differs_by AS "differsBy", t.unit, t.by_service AS "byService",
         t.by_first AS "byFirst", t.seed, t.planned_size AS "plannedSize", t.ends_on AS "endsOn",
         array_to_json(t.looks) AS looks, t.state, t.registered_at AS "registeredAt", t.started_at AS "startedAt",
         t.finished_at AS "finishedAt", t.stop_reason AS "stopReason",
         (SELECT coalesce(json_agg(json_build_object('name', a.name, 'share', a.share, 'reminders', a.reminders,
                   'texts', (SELECT coalesce(json_agg(json_build_object('kind', x.kind, 'register', x.register,
                                      'text', x.text) ORDER BY x.kind, x.register DESC), '[]')
                               FROM trial_text x WHERE x.trial_id = a.trial_id AND x.arm = a.position))
                 ORDER BY a.position), '[]') FROM trial_arm a WHERE a.trial_id = t.id) AS arms,
         (SELECT coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) ORDER BY o.name), '[]')
            FROM organization o WHERE EXISTS (SELECT FROM trial_population tp
             WHERE tp.trial_id = t.id AND tp.organization_id = o.id)) AS services,
         (SELECT coalesce(json_agg(json_build_object('code', ty.code, 'name', ty.name) ORDER BY ty.position), '[]')
            FROM appointment_type ty WHERE EXISTS (SELECT FROM trial_population tp
             WHERE tp.trial_id = t.id AND tp.type_code = ty.code)) AS types`;
