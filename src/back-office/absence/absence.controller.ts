import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound } from '../../shared/domain-error.js';
import { ChangeUnitCosts } from '../../statistics/change-unit-costs.js';
import type { UnitCosts } from '../../statistics/domain/savings.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { AbsencePage } from './absence.page.js';
import { AbsencePages } from './absence.view.js';
import { askedFigures } from './filters.js';
import type { AbsenceView } from './page-view.js';
import { COST_FIELDS, costsOf } from './unit-cost-form.js';

const FIELDS = ['service', 'from', 'to', 'type', ...COST_FIELDS.map(({ name }) => name)] as const;
type Form = Readonly<Record<(typeof FIELDS)[number], string>>;

/** Absence at one service: what it was, what it is, what may be concluded, and what an absence costs. */
@Controller('absence')
export class AbsenceController {
  constructor(
    private readonly transaction: Transaction,
    private readonly pages: AbsencePages,
    private readonly writes: PageWrites,
    private readonly changeUnitCosts: ChangeUnitCosts,
  ) {}

  @Allow('statistics.read')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, query, {
      typedCosts: null,
      problems: [],
      wasSaved: query['saved'] === 'costs',
    });
  }

  @Allow('rollout.manage')
  @Post('unit-costs')
  @HttpCode(200)
  async change(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, FIELDS);
    const asked = askedFigures(form);
    if (asked.service === null) throw new NotFound('organization');
    const costs = costsOf(form);
    if (isCosts(costs)) {
      await this.save(request, response, asked.service, costs, form);
      return;
    }
    const page = await this.page(session, actor, form, {
      typedCosts: form,
      problems: costs,
      wasSaved: false,
    });
    response.status(400).type('html').send(page);
  }

  private save(
    request: CallerRequest,
    response: Response,
    service: string,
    costs: UnitCosts,
    form: Form,
  ): Promise<void> {
    return this.writes.follow(request, response, async (tx, actor) => {
      await this.changeUnitCosts.execute(tx, { organizationId: service, ...costs }, actor);
      const { from, to, type } = askedFigures(form);
      const parts = Object.entries({ service, from, to, type }).filter(([, value]) => value !== null);
      return `/absence?${parts.map(([name, value]) => `${name}=${value ?? ''}`).join('&')}&saved=costs#savings`;
    });
  }

  private async page(
    session: PageSession,
    actor: Actor,
    query: Readonly<Record<string, unknown>>,
    form: Pick<AbsenceView, 'typedCosts' | 'problems' | 'wasSaved'>,
  ): Promise<string> {
    const figures = await this.transaction.run((tx) => this.pages.figures(tx, actor, askedFigures(query)));
    return renderPage(h(AbsencePage, { frame: frameOf(session), ...figures, ...form }));
  }
}

function isCosts(found: UnitCosts | Problems): found is UnitCosts {
  return !Array.isArray(found);
}
