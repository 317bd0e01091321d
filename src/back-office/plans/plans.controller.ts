import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { isAllowed } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import { ChangePlan, type ChangePlanCommand } from '../../notifications/plans/change-plan.js';
import { ONE_DAY, RECOMMENDED, TWO_DAYS } from '../../notifications/domain/reminder-plan-presets.js';
import type { ReminderPlan } from '../../notifications/domain/reminder-plan.js';
import { Transaction } from '../../platform/transaction.js';
import { Conflict, ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { plural } from '../../ui/typography.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites } from '../page-writes.js';
import { NATIONAL } from '../service-switch.js';
import { ConfirmPage } from './confirm.page.js';
import { PlanEditorPage } from './plan-editor.page.js';
import {
  formOf,
  type PlanForm,
  planOf,
  problemsOfPlan,
  readPlanForm,
  whole,
  withOneMore,
} from './plan-form.js';
import { effectsOf, effectsQuery, effectsSaid, planInWords } from './plan-words.js';
import { PlansPage } from './plans.page.js';
import { PlanPages } from './plans.view.js';

const PRESETS: Readonly<Record<string, ReminderPlan>> = {
  recommended: RECOMMENDED,
  'one-day': ONE_DAY,
  'two-days': TWO_DAYS,
};

const LIMIT_AT_SENDING =
  'Cette limite s’applique au moment de l’envoi\u00a0: les nombres ci-dessous n’en tiennent pas compte.';

@Controller('plans')
export class PlansController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: PlanPages,
    private readonly changePlan: ChangePlan,
  ) {}

  @Allow('plan.manage')
  @Get()
  async list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => ({
      ...(await this.pages.list(tx, actor, query.organization)),
      effects: await effectsSaid(tx, query),
    }));
    const view = {
      frame: frameOf(session),
      ...content,
      mayManageTerritories: isAllowed(actor.role, 'territory.manage'),
      problems: [],
    };
    return renderPage(h(PlansPage, view));
  }

  @Allow('plan.manage')
  @Get('edit')
  edit(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.editor(session, actor, query, null, []);
  }

  /** One form, several buttons: only « apply » writes. */
  @Allow('plan.manage')
  @Post('edit')
  @HttpCode(200)
  change(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readPlanForm(body);
    const again: Again = (_session, _actor, problems, error) => {
      const own = error instanceof ValidationFailed ? problemsOfPlan(error, form) : problems;
      return this.editor(session, actor, form, form, own, error instanceof Conflict);
    };
    if (form.act === 'apply')
      return this.writes.answer(request, response, (tx, manager) => this.apply(tx, form, manager), again);
    const isChecked = form.act === 'check' || form.act === 'follow';
    const page = () =>
      isChecked
        ? this.confirm(session, actor, { ...form, follows: form.act === 'follow' ? 'true' : '' })
        : this.editor(session, actor, form, filled(form), []);
    return this.writes.preview(request, response, page, again);
  }

  private async apply(tx: EntityManager, form: PlanForm, manager: Actor): Promise<string> {
    const service = await this.pages.service(tx, manager, form.organization);
    const done = await this.changePlan.execute(tx, commandOf(form, service.id, false), manager);
    return `/plans?organization=${service.id ?? NATIONAL}&${effectsQuery(done)}`;
  }

  private async confirm(session: PageSession, actor: Actor, form: PlanForm): Promise<string> {
    const { typeName, service, follows, trials, effects } = await this.transaction.run(async (tx) => {
      const content = await this.pages.editor(tx, actor, form.organization, form.type);
      const command = commandOf(form, content.service.id, true);
      return { ...content, effects: effectsOf(await this.changePlan.execute(tx, command, actor)) };
    });
    const change =
      form.follows === 'true'
        ? `${service.name}, ${typeName}\u00a0: suit le plan ${follows ?? 'général'}.`
        : `${service.name}, ${typeName}\u00a0: ${planInWords(planOf(form))}. ${weekInWords(form)} ${LIMIT_AT_SENDING}`;
    const view = {
      frame: frameOf(session),
      title: 'Confirmer le plan',
      back: { href: `/plans?organization=${form.organization}`, label: 'Plans' },
      current: '/plans',
      change,
      effects,
      trials,
      action: '/plans/edit',
      fields: fieldsOf(form),
    };
    return renderPage(h(ConfirmPage, view));
  }

  private async editor(
    session: PageSession,
    actor: Actor,
    asked: { readonly organization?: unknown; readonly type?: unknown },
    typed: PlanForm | null,
    problems: Problems,
    isStale = false,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => {
      const found = await this.pages.editor(tx, actor, asked.organization, asked.type);
      const form = isStale ? rebased(typed, found.form) : (typed ?? found.form);
      const plan = readable(form);
      const wrong = plan instanceof ValidationFailed ? problemsOfPlan(plan, form) : [];
      const preview =
        plan instanceof ValidationFailed
          ? { samples: null, calendar: null }
          : await this.pages.samples(tx, found.service, plan, whole(form.weeklyLimit));
      const meanwhile = isStale ? `${planInWords(planOf(found.form))}. ${weekInWords(found.form)}` : null;
      return { ...found, form, ...preview, meanwhile, problems: problems.length > 0 ? problems : wrong };
    });
    return renderPage(h(PlanEditorPage, { frame: frameOf(session), ...content }));
  }
}

function commandOf(form: PlanForm, organizationId: string | null, isDryRun: boolean): ChangePlanCommand {
  return {
    organizationId,
    typeCode: form.type === '' ? null : form.type,
    plan: form.follows === 'true' ? null : planOf(form),
    weeklyLimit: whole(form.weeklyLimit),
    basedOn: whole(form.version) || 0,
    isDryRun,
  };
}

function weekInWords({ weeklyLimit }: PlanForm): string {
  return `${plural(whole(weeklyLimit), 'texte', 'textes')} au plus par semaine à une même personne.`;
}

/** What a button that saves nothing makes of the form. */
function filled(form: PlanForm): PlanForm {
  const preset = PRESETS[form.act];
  if (preset !== undefined) return formOf(preset, form);
  return form.act === 'more' ? withOneMore(form) : { ...form, follows: '' };
}

/** What was typed, on top of the plan that is now stored and shown beside it: the next try is an informed one. */
function rebased(typed: PlanForm | null, stored: PlanForm): PlanForm {
  return typed === null ? stored : { ...typed, version: stored.version };
}

function readable(form: PlanForm): ReminderPlan | ValidationFailed {
  try {
    return planOf(form);
  } catch (error) {
    if (error instanceof ValidationFailed) return error;
    throw error;
  }
}

/** Everything but the button, by the names of the form. */
function fieldsOf({ reminders, act: _pressed, ...values }: PlanForm): Readonly<Record<string, string>> {
  const rows = reminders.flatMap((row, at) =>
    Object.entries(row).map(([name, value]) => [`${name}.${at + 1}`, value] as const),
  );
  return { ...values, ...Object.fromEntries(rows) };
}
