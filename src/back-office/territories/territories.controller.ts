import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import {
  ChangeTerritory,
  type ChangeTerritoryCommand,
  MOST_EARLIER_HOURS,
} from '../../notifications/plans/change-territory.js';
import {
  listTerritories,
  OPERATORS,
  TERRITORIES,
  type TerritoryView,
} from '../../notifications/plans/territory.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites } from '../page-writes.js';
import { ConfirmPage } from '../plans/confirm.page.js';
import { whole } from '../plans/plan-form.js';
import { effectsOf, effectsQuery, effectsSaid } from '../plans/plan-words.js';
import { OPERATOR_WORDS, TerritoriesPage, type TerritoryForm } from './territories.page.js';

const FIELDS = ['territory', 'operator', 'poorCoverage', 'earlierHours', 'act'] as const;
const SENTENCES: Readonly<Record<string, string>> = {
  operator: 'Choisissez un des opérateurs proposés.',
  'earlierHours:none':
    'Heures plus tôt\u00a0: là où le réseau est peu couvert, avancez les rappels d’une heure au moins.',
  earlierHours: `Heures plus tôt\u00a0: un nombre entier de 0 à ${MOST_EARLIER_HOURS}.`,
};

@Controller('territories')
export class TerritoriesController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly changeTerritory: ChangeTerritory,
  ) {}

  @Allow('territory.manage')
  @Get()
  async show(
    @CurrentSession() session: PageSession,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const { territories, effects } = await this.transaction.run(async (tx) => ({
      territories: await listTerritories(tx),
      effects: await effectsSaid(tx, query),
    }));
    const chosen = territories.find(({ territory }) => territory === query.territory) ?? territories[0];
    return this.page(session, territories, formOf(chosen), effects, []);
  }

  @Allow('territory.manage')
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
    const again: Again = (_session, _actor, problems, error) =>
      this.again(session, form, ownProblems(error) ?? problems);
    if (form.act === 'apply')
      return this.writes.answer(request, response, (tx, manager) => this.apply(tx, form, manager), again);
    const page = () =>
      form.act === 'back' ? this.again(session, form, []) : this.confirm(session, actor, form);
    return this.writes.preview(request, response, page, again);
  }

  private async apply(tx: EntityManager, form: TerritoryForm, manager: Actor): Promise<string> {
    const done = await this.changeTerritory.execute(tx, commandOf(form, false), manager);
    return `/territories?territory=${form.territory}&${effectsQuery(done)}`;
  }

  private async confirm(session: PageSession, actor: Actor, form: TerritoryForm): Promise<string> {
    const done = await this.transaction.run((tx) =>
      this.changeTerritory.execute(tx, commandOf(form, true), actor),
    );
    const name = TERRITORIES.find(({ code }) => code === form.territory)?.name ?? '';
    const coverage =
      form.poorCoverage === 'true'
        ? `réseau peu couvert, rappels ${form.earlierHours}\u00a0h plus tôt`
        : 'réseau couvert\u00a0: les rappels gardent leur heure';
    const { territory, operator, poorCoverage, earlierHours } = form;
    const view = {
      frame: frameOf(session),
      title: 'Confirmer le territoire',
      back: { href: `/territories?territory=${territory}`, label: 'Territoires' },
      current: '/plans',
      change: `${name}\u00a0: ${OPERATOR_WORDS[operator] ?? ''}, ${coverage}.`,
      effects: effectsOf(done),
      action: '/territories',
      fields: { territory, operator, poorCoverage, earlierHours },
    };
    return renderPage(h(ConfirmPage, view));
  }

  private async again(session: PageSession, form: TerritoryForm, problems: Problems): Promise<string> {
    const territories = await this.transaction.run((tx) => listTerritories(tx));
    return this.page(session, territories, form, null, problems);
  }

  private page(
    session: PageSession,
    territories: readonly TerritoryView[],
    form: TerritoryForm,
    effects: readonly string[] | null,
    problems: Problems,
  ): string {
    return renderPage(h(TerritoriesPage, { frame: frameOf(session), territories, form, effects, problems }));
  }
}

function formOf(view: TerritoryView | undefined): TerritoryForm {
  return {
    territory: view?.territory ?? '',
    operator: view?.operator ?? '',
    poorCoverage: view?.hasPoorCoverage === true ? 'true' : '',
    earlierHours: String(view?.earlierHours ?? 0),
  };
}

/** @throws ValidationFailed for an operator nobody knows */
function commandOf(form: TerritoryForm, isDryRun: boolean): ChangeTerritoryCommand {
  const operator = OPERATORS.find((known) => known === form.operator) ?? null;
  if (operator === null && form.operator !== '')
    throw new ValidationFailed([{ field: 'operator', code: 'isIn', message: OPERATORS.join(', ') }]);
  return {
    territory: form.territory,
    operator,
    hasPoorCoverage: form.poorCoverage === 'true',
    earlierHours: whole(form.earlierHours),
    isDryRun,
  };
}

function ownProblems(error: unknown): Problems | null {
  if (!(error instanceof ValidationFailed)) return null;
  return error.errors.map(({ field, code }) => ({
    field,
    sentence: SENTENCES[`${field}:${code}`] ?? SENTENCES[field] ?? 'Valeur inconnue.',
  }));
}
