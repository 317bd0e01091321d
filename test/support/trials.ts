import type { DataSource } from 'typeorm';
import { loadEnv } from '../../config/env.js';
import type { Actor } from '../../src/access/actor.js';
import { BookConvocation } from '../../src/convocations/book-convocation.js';
import { RescheduleConvocation } from '../../src/convocations/reschedule-convocation.js';
import type { TrialArm, TrialPlan } from '../../src/notifications/domain/trial.js';
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
      SECRET_KEYS: 'a test key that is long enough to be accepted',
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
