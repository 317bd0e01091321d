import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Header, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { Tells } from '../../access/journal/running-route.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { Limited } from '../../access/limited.decorator.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { addCounts } from '../../statistics/domain/counts.js';
import { monthlyFigures } from '../../statistics/monthly-figures.query.js';
import { savedPlan, savedPlans, serviceNames } from '../../statistics/planner/plan.queries.js';
import { SavePlan } from '../../statistics/planner/save-plan.js';
import { designFaults, drawWedge } from '../../statistics/planner/stepped-wedge.js';
import { managedServices } from '../../statistics/rollouts/register.query.js';
import { csvOf } from '../../ui/exports/csv.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { PlanPage } from './plan.page.js';
import { designOf, designProblems, plannerFrom, PLANNER_FIELDS, type PlannerForm } from './planner-form.js';
import { PlannerPage } from './planner.page.js';

const SAVED = ['services', 'name', ...PLANNER_FIELDS] as const;
/** What is supposed of a service of which nothing is known yet. */
const USUAL = { outcomes: 60, rate: 0.28 };

/** A plan in which chance decides who starts when, so that those who wait can be compared with. */
@Controller('rollouts/planner')
export class PlannerController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly savePlan: SavePlan,
  ) {}

  @Allow('rollout.manage')
  @Get()
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.content(actor);
    const form = plannerFrom(query, content.defaults);
    const isAsked = query.steps !== undefined;
    const problems = isAsked ? designProblems(designFaults(designOf(form))) : [];
    return this.page(session, content, form, { problems, isAsked, name: '' });
  }

  @Allow('rollout.manage')
  @Post()
  @HttpCode(200)
  save(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { services, name, ...typed } = readForm(body, SAVED);
    const form = { ...typed, services: services === '' ? [] : [...new Set(services.split(','))] };
    return this.writes.answer(
      request,
      response,
      async (tx, keeper) => {
        const id = await this.savePlan.execute(tx, { name, design: designOf(form) }, keeper);
        return `/rollouts/planner/plan?plan=${id}`;
      },
      async (session, actor, refused, error) => {
        const problems =
          error instanceof ValidationFailed
            ? designProblems(error.errors.map(({ field }) => field))
            : refused;
        return this.page(session, await this.content(actor), form, { problems, isAsked: true, name });
      },
    );
  }

  @Allow('rollout.manage')
  @Get('plan')
  async plan(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => ({
      ...(await this.saved(tx, actor, query.plan)),
      timeZone: (await this.officeHours.of(tx, actor)).timeZone,
    }));
    return renderPage(h(PlanPage, { frame: frameOf(session), ...content }));
  }

  @Allow('rollout.manage')
  @Limited('export')
  @FreshSignIn()
  @Tells('export.made')
  @Get('plan.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="plan-de-deploiement.csv"')
  async csv(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<string> {
    const { plan, names } = await this.transaction.run((tx) => this.saved(tx, actor, query.plan));
    return csvOf([
      ['Plan', 'Graine', 'Étape', 'Service', 'Identifiant', 'Premier jour avec des textes'],
      ...drawWedge(plan.design).map(({ organizationId, step, startsOn }) => [
        plan.name,
        plan.design.seed,
        step,
        names.get(organizationId) ?? '',
        organizationId,
        startsOn,
      ]),
    ]);
  }

  private async saved(tx: EntityManager, actor: Actor, id: unknown) {
    const plan = await savedPlan(tx, actor, String(id));
    return { plan, names: await serviceNames(tx, plan.design.organizationIds) };
  }

  private content(actor: Actor) {
    return this.transaction.run(async (tx) => {
      const services = await managedServices(tx, actor);
      const { today, timeZone } = await this.officeHours.of(tx, actor);
      return {
        services,
        plans: await savedPlans(tx, actor),
        timeZone,
        defaults: await defaultsOf(
          tx,
          actor,
          services.map(({ id }) => id),
          today,
        ),
      };
    });
  }

  private page(
    session: PageSession,
    content: Awaited<ReturnType<PlannerController['content']>>,
    form: PlannerForm,
    shown: { readonly problems: Problems; readonly isAsked: boolean; readonly name: string },
  ): string {
    const known = new Map(content.services.map(({ id, name }) => [id, name]));
    const services = form.services.filter((id) => known.has(id));
    const asked = { ...form, services };
    const isDrawn = shown.isAsked && designFaults(designOf(asked)).length === 0;
    const view = { frame: frameOf(session), ...content, form: asked, names: known, ...shown, isDrawn };
    return renderPage(h(PlannerPage, view));
  }
}

/** The last twelve months of the services, and a fresh seed. */
async function defaultsOf(
  tx: EntityManager,
  actor: Actor,
  services: readonly string[],
  today: string,
): Promise<PlannerForm> {
  const current = Temporal.PlainYearMonth.from(today.slice(0, 7));
  const period = {
    from: current.subtract({ months: 12 }).toString(),
    to: current.subtract({ months: 1 }).toString(),
  };
  const figures = await monthlyFigures(tx, actor, period);
  const none = { attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };
  const all = figures.reduce(addCounts, none);
  const known = figures.length === 0 ? USUAL.outcomes : Math.round(knownOutcomes(all) / figures.length);
  return {
    services: services.slice(0, 200),
    steps: String(Math.max(1, Math.min(4, services.length))),
    firstMonth: current.add({ months: 2 }).toString(),
    months: '2',
    outcomes: String(Math.max(1, known)),
    rate: String(Math.round((absenceRate(all) ?? USUAL.rate) * 100)),
    effect: '5',
    icc: '0,02',
    seed: randomBytes(6).toString('hex'),
  };
}
