import type { DataSource } from 'typeorm';
import { loadEnv } from '../../config/load-env.js';
import type { Actor } from '../../src/access/actor.js';
import { BookConvocation } from '../../src/convocations/book-convocation.js';
import { RescheduleConvocation } from '../../src/convocations/reschedule-convocation.js';
import { stepsOfArm, type TrialArm, type TrialPlan } from '../../src/notifications/domain/trial.js';
import { ChangePlan } from '../../src/notifications/plans/change-plan.js';
import { PlanMessages } from '../../src/notifications/plans/plan-messages.js';
import { PreviewMessages } from '../../src/notifications/plans/preview-messages.js';
import { ReplanMessages } from '../../src/notifications/plans/replan-messages.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { SendingRules } from '../../src/notifications/sending/sending-rules.js';
import { CheckTemplate } from '../../src/notifications/templates/check-template.js';
import { PreviewTemplate } from '../../src/notifications/templates/preview-template.js';
import { ChangeTrial } from '../../src/notifications/trials/change-trial.js';
import { DraftTrial } from '../../src/notifications/trials/draft-trial.js';
import { EndTrials } from '../../src/notifications/trials/end-trials.js';
import { Clock } from '../../src/platform/clock.js';
import type { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import type { TestDatabase } from './database.js';

export const DAY_BEFORE: TrialArm = arm('J-1', [1]);
export const TWO_DAYS_BEFORE: TrialArm = arm('J-2', [2]);
export const TWICE: TrialArm = arm('J-4 et J-1', [4, 1]);

export function arm(name: string, days: readonly number[], hour: string | null = null): TrialArm {
  return { name, share: 1, reminders: days.map((offsetDays) => ({ offsetDays, hour })), texts: [] };
}

export function wordedArm(name: string, text: string, share = 1): TrialArm {
  return { name, share, reminders: [], texts: [{ kind: 'reminder', register: 'standard', text }] };
}

/** « J-1 contre J-2 contre J-4 + J-1 », until the end of July 2026. */
export function aTrial(organizationIds: readonly string[], more: Partial<TrialPlan> = {}): TrialPlan {
  return {
    name: 'J-1 contre J-2 contre J-4 et J-1',
    question: 'Combien de jours avant faut-il rappeler pour que les personnes viennent ?',
    differsBy: 'timing',
    unit: 'person',
    byService: true,
    byFirst: false,
    seed: 'graine-2026',
    organizationIds,
    typeCodes: ['suivi-spip'],
    plannedSize: 900,
    endsOn: '2026-07-31',
    looks: [],
    arms: [DAY_BEFORE, TWO_DAYS_BEFORE, TWICE],
    ...more,
  };
}

/** Use cases as the application wires them, on a database of the test's own. */
export class TrialParts {
  readonly clock = new Clock();
  readonly draft: DraftTrial;
  readonly change: ChangeTrial;
  readonly end: EndTrials;
  readonly plans: PlanMessages;
  readonly changePlan: ChangePlan;
  readonly preview: PreviewMessages;
  readonly book: BookConvocation;
  readonly reschedule: RescheduleConvocation;
  private readonly dataSource: DataSource;

  constructor(database: TestDatabase) {
    this.dataSource = database.dataSource;
    const env = loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: database.url,
      SECRET_KEYS: 'k'.repeat(32),
    });
    const gateways = new Gateways(env);
    const rules = new SendingRules(env, gateways);
    const replan = new ReplanMessages(rules);
    this.plans = new PlanMessages(rules);
    this.changePlan = new ChangePlan(replan);
    this.preview = new PreviewMessages(env, this.clock, rules, gateways);
    this.draft = new DraftTrial(this.clock, new CheckTemplate(new PreviewTemplate(env, this.clock)));
    this.change = new ChangeTrial(this.clock, replan);
    this.end = new EndTrials(this.clock, { register: () => undefined } as unknown as ScheduledTasks);
    this.book = new BookConvocation(this.clock, this.plans);
    this.reschedule = new RescheduleConvocation(this.clock, this.plans);
  }

  /** @returns the id of a trial that runs */
  async running(plan: TrialPlan, actor: Actor): Promise<string> {
    const id = await this.dataSource.transaction((tx) => this.draft.execute(tx, plan, actor));
    for (const step of ['register', 'start'] as const)
      await this.dataSource.transaction((tx) => this.change.execute(tx, id, { do: step }, actor));
    return id;
  }
}

export interface AStoredTrial {
  readonly organizationId: string;
  readonly state: 'draft' | 'registered' | 'running' | 'ended';
  readonly name?: string;
  readonly endsOn?: string;
  readonly looks?: readonly string[];
  readonly typeCode?: string;
}

/** A trial of two arms straight into the tables, in the state asked for. @returns its id */
export async function aStoredTrial(dataSource: DataSource, given: AStoredTrial): Promise<string> {
  const { organizationId, state, name = 'La veille ou deux jours avant', endsOn = '2026-12-31' } = given;
  const rows: { id: string }[] = await dataSource.query(
    `INSERT INTO trial (name, question, differs_by, unit, by_service, by_first, seed, planned_size, ends_on, looks)
     VALUES ($1, 'Faut-il rappeler la veille ou deux jours avant ?', 'timing', 'person', true, false, 'graine', 800, $2,
       $3::date[]) RETURNING id`,
    [name, endsOn, given.looks ?? []],
  );
  const id = rows[0]?.id ?? '';
  const steps = (days: number) => JSON.stringify(stepsOfArm([{ offsetDays: days, hour: null }]));
  await dataSource.query(
    `INSERT INTO trial_arm (trial_id, position, name, reminders)
     VALUES ($1, 0, 'La veille', $2), ($1, 1, 'Deux jours avant', $3)`,
    [id, steps(1), steps(2)],
  );
  await dataSource.query('INSERT INTO trial_population VALUES ($1, $2, $3, false)', [
    id,
    organizationId,
    given.typeCode ?? 'suivi-spip',
  ]);
  const times = `registered_at = '2026-03-01T08:00:00Z', started_at = '2026-03-02T08:00:00Z'`;
  if (state === 'registered')
    await dataSource.query(`UPDATE trial SET state = $2, registered_at = app_now() WHERE id = $1`, [
      id,
      state,
    ]);
  if (state === 'running' || state === 'ended')
    await dataSource.query(`UPDATE trial SET state = $2, ${times} WHERE id = $1`, [id, state]);
  if (state === 'running')
    await dataSource.query('UPDATE trial_population SET is_running = true WHERE trial_id = $1', [id]);
  await dataSource.query(`INSERT INTO trial_event (trial_id, event) VALUES ($1, 'trial.drafted')`, [id]);
  return id;
}

export interface Marked {
  readonly trialId: string;
  readonly arm: number;
  readonly persons: number;
  /** Of them. */
  readonly missed: number;
  readonly agendaId: string;
  readonly date?: string;
}

/** Persons of an arm, each summoned once and marked, straight into the tables. */
export async function markInTrial(dataSource: DataSource, given: Marked): Promise<void> {
  const { trialId, arm: armAt, persons, missed, agendaId, date = '2026-06-10' } = given;
  await dataSource.query(
    `WITH p AS (INSERT INTO person (first_name, last_name, search_key)
         SELECT 'A', 'B', gen_random_uuid()::text FROM generate_series(1, $3::int) RETURNING id),
     n AS (SELECT id, row_number() OVER () AS n FROM p),
     s AS (INSERT INTO trial_assignment (trial_id, unit_id, stratum, position, arm)
         SELECT $1, id, 'arm' || $2, n, $2::int FROM n RETURNING unit_id),
     c AS (INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
            time_zone, starts_at, created_by_organization_id, state)
         SELECT n.id, 'suivi-spip', a.id, l.id, l.organization_id, $6::date, '10:00', 'Europe/Paris',
                ($6::date + time '10:00') AT TIME ZONE 'Europe/Paris', l.organization_id,
                CASE WHEN n <= $4::int THEN 'missed' ELSE 'attended' END
           FROM n CROSS JOIN agenda a JOIN place l ON l.id = a.place_id WHERE a.id = $5 RETURNING id, person_id)
     INSERT INTO trial_convocation (convocation_id, trial_id, unit_id, arm)
     SELECT c.id, $1, c.person_id, $2::int FROM c JOIN s ON s.unit_id = c.person_id`,
    [trialId, armAt, persons, missed, agendaId, date],
  );
}
