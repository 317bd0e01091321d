import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { isAllowed } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import {
  ChangeServiceHours,
  type ChangeServiceHoursCommand,
} from '../../notifications/plans/change-service-hours.js';
import { Transaction } from '../../platform/transaction.js';
import { hourInWords } from '../../shared/french-dates.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites } from '../page-writes.js';
import { ConfirmPage } from './confirm.page.js';
import { effectsOf, effectsQuery } from './plan-words.js';
import { PlansPage } from './plans.page.js';
import { type HoursForm, PlanPages, type PlannedService } from './plans.view.js';

const FIELDS = ['organization', 'opensAt', 'closesAt', 'closedDays', 'act'] as const;
const WINDOW_PROBLEM = 'Donnez les deux heures, la première avant la seconde, ou laissez les deux vides.';

/** The hours and days in which a service lets texts leave; shown on the page of its plans. */
@Controller('plans/hours')
export class ServiceHoursController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: PlanPages,
    private readonly changeHours: ChangeServiceHours,
  ) {}

  @Allow('plan.manage')
  @Post()
  @HttpCode(200)
  change(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, FIELDS);
    const again: Again = (_session, _actor, problems, error) => {
      const own =
        error instanceof ValidationFailed ? [{ field: 'opensAt', sentence: WINDOW_PROBLEM }] : problems;
      return this.plans(session, actor, form, own);
    };
    if (form.act === 'apply')
      return this.writes.answer(request, response, (tx, manager) => this.apply(tx, form, manager), again);
    const page = () =>
      form.act === 'back' ? this.plans(session, actor, form, []) : this.confirm(session, actor, form);
    return this.writes.preview(request, response, page, again);
  }

  private async apply(tx: EntityManager, form: HoursForm, manager: Actor): Promise<string> {
    const service = await this.pages.service(tx, manager, form.organization);
    const done = await this.changeHours.execute(tx, commandOf(form, service, false), manager);
    return `/plans?organization=${service.id ?? ''}&${effectsQuery(done)}`;
  }

  private async confirm(session: PageSession, actor: Actor, form: HoursForm): Promise<string> {
    const { service, done } = await this.transaction.run(async (tx) => {
      const found = await this.pages.service(tx, actor, form.organization);
      return {
        service: found,
        done: await this.changeHours.execute(tx, commandOf(form, found, true), actor),
      };
    });
    const days =
      form.closedDays === 'true' ? 'rien le dimanche ni les jours fériés' : 'tous les jours de la semaine';
    const { opensAt, closesAt } = form;
    const hours =
      opensAt === '' ? this.pages.usualHours() : `de ${hourInWords(opensAt)} à ${hourInWords(closesAt)}`;
    const view = {
      frame: frameOf(session),
      title: 'Confirmer les heures d’envoi',
      back: { href: `/plans?organization=${service.id ?? ''}`, label: 'Plans' },
      current: '/plans',
      change: `${service.name}\u00a0: les textes partent ${hours}, ${days}.`,
      effects: effectsOf(done),
      action: '/plans/hours',
      fields: {
        organization: form.organization,
        opensAt: form.opensAt,
        closesAt: form.closesAt,
        closedDays: form.closedDays,
      },
    };
    return renderPage(h(ConfirmPage, view));
  }

  private async plans(
    session: PageSession,
    actor: Actor,
    form: HoursForm,
    problems: Problems,
  ): Promise<string> {
    const content = await this.transaction.run((tx) => this.pages.list(tx, actor, form.organization));
    const view = {
      frame: frameOf(session),
      ...content,
      hours: content.hours === null ? null : { ...form, organization: content.hours.organization },
      mayManageTerritories: isAllowed(actor.role, 'territory.manage'),
      effects: null,
      problems,
    };
    return renderPage(h(PlansPage, view));
  }
}

/** @throws NotFound for the nation, which has no hours of its own */
function commandOf(form: HoursForm, service: PlannedService, isDryRun: boolean): ChangeServiceHoursCommand {
  if (service.id === null) throw new NotFound('organization');
  const { opensAt, closesAt, closedDays } = form;
  return {
    organizationId: service.id,
    sendWindow: opensAt === '' && closesAt === '' ? null : `${opensAt}-${closesAt}`,
    sendsOnClosedDays: closedDays !== 'true',
    isDryRun,
  };
}
