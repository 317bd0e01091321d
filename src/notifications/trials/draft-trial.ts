import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Clock } from '../../platform/clock.js';
import { type FieldError, Forbidden, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { toLocal } from '../../shared/time.js';
import { faultsOfTrial, stepsOfArm, type TrialPlan } from '../domain/trial.js';
import { CheckTemplate, faultsOf } from '../templates/check-template.js';
import { recordTrialEvent } from './trial.queries.js';

/** Days of a trial are those of the mainland. */
export const TRIAL_ZONE = 'Europe/Paris';

/** Writes down what a trial will ask, do and count; nobody is drawn before it is registered and started. */
@Injectable()
export class DraftTrial {
  constructor(
    private readonly clock: Clock,
    private readonly check: CheckTemplate,
  ) {}

  /**
   * @returns the id of the draft
   * @throws Forbidden, ValidationFailed naming each faulty value of the form
   */
  async execute(tx: EntityManager, plan: TrialPlan, actor: Actor): Promise<string> {
    if (!isAllowed(actor.role, 'trial.manage')) throw new Forbidden('trial.manage');
    const today = toLocal(await this.clock.now(tx), TRIAL_ZONE).date;
    const faults = [...faultsOfTrial(plan, today), ...(await unknownPopulation(tx, plan))];
    if (faults.length > 0) throw new ValidationFailed(faults);
    const refused = await this.refusedTexts(tx, plan);
    if (refused.length > 0) throw new ValidationFailed(refused);
    const id = await insertTrial(tx, plan, actor);
    await insertParts(tx, id, plan);
    await recordTrialEvent(tx, id, 'trial.drafted', actor);
    return id;
  }

  /** Every text by the rules of any other text, on the places of every service. */
  private async refusedTexts(tx: EntityManager, plan: TrialPlan): Promise<FieldError[]> {
    const shows: { shows: boolean }[] = await tx.query(
      'SELECT DISTINCT shows_address AS shows FROM appointment_type WHERE code = ANY($1) ORDER BY 1',
      [plan.typeCodes],
    );
    const places = plan.organizationIds.flatMap((organizationId) =>
      shows.map(({ shows: showsAddress }) => ({ organizationId, showsAddress })),
    );
    const refused: FieldError[] = [];
    for (const [at, { texts }] of plan.arms.entries())
      for (const { text, kind, register } of texts) {
        const codes = new Set<string>();
        for (const place of places) {
          const key = { ...place, typeCode: null, kind, register, language: 'fr' } as const;
          for (const code of faultsOf(await this.check.execute(tx, text, key))) codes.add(code);
        }
        const field = register === 'standard' ? `text.${at + 1}` : `discreet.${at + 1}`;
        refused.push(...[...codes].map((code) => ({ field, code, message: 'cannot be sent' })));
      }
    return refused;
  }
}

async function unknownPopulation(
  tx: EntityManager,
  { organizationIds, typeCodes }: TrialPlan,
): Promise<FieldError[]> {
  const rows: { organizations: number; types: number }[] = await tx.query(
    `SELECT (SELECT count(*)::int FROM organization WHERE id::text = ANY($1::text[])) AS organizations,
            (SELECT count(*)::int FROM appointment_type WHERE code = ANY($2::text[])) AS types`,
    [organizationIds.filter(isUuid), typeCodes],
  );
  const [known] = rows;
  return [
    ...(known?.organizations === organizationIds.length ? [] : [{ field: 'organizations', code: 'unknown' }]),
    ...(known?.types === typeCodes.length ? [] : [{ field: 'types', code: 'unknown' }]),
  ].map((one) => ({ ...one, message: 'unknown' }));
}

async function insertTrial(tx: EntityManager, plan: TrialPlan, actor: Actor): Promise<string> {
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO trial (name, question, differs_by, unit, by_service, by_first, seed, planned_size, ends_on, looks,
       created_by_agent_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::date[], $11) RETURNING id`,
    [
      plan.name,
      plan.question,
      plan.differsBy,
      plan.unit,
      plan.byService,
      plan.byFirst,
      plan.seed,
      plan.plannedSize,
      plan.endsOn,
      plan.looks,
      actor.agentId,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a trial was not written');
  return row.id;
}

async function insertParts(tx: EntityManager, id: string, plan: TrialPlan): Promise<void> {
  const { arms, organizationIds, typeCodes } = plan;
  await tx.query(
    `INSERT INTO trial_population (trial_id, organization_id, type_code)
     SELECT $1, o.id, t.code FROM unnest($2::uuid[]) AS o(id) CROSS JOIN unnest($3::text[]) AS t(code)`,
    [id, organizationIds, typeCodes],
  );
  await tx.query(
    `INSERT INTO trial_arm (trial_id, position, name, share, reminders)
     SELECT $1, a.position, a.name, a.share, a.reminders
       FROM jsonb_to_recordset($2::jsonb) AS a(position smallint, name text, share int, reminders jsonb)`,
    [
      id,
      JSON.stringify(
        arms.map(({ name, share, reminders }, position) => ({
          position,
          name,
          share,
          reminders: reminders.length === 0 ? null : stepsOfArm(reminders),
        })),
      ),
    ],
  );
  await tx.query(
    `INSERT INTO trial_text (trial_id, arm, kind, register, text)
     SELECT $1, x.arm, x.kind, x.register, x.text
       FROM jsonb_to_recordset($2::jsonb) AS x(arm smallint, kind text, register text, text text)`,
    [id, JSON.stringify(arms.flatMap(({ texts }, arm) => texts.map((text) => ({ ...text, arm }))))],
  );
}
