import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { baselineImports } from '../../statistics/baseline/baseline.queries.js';
import { type BaselineReport, ImportBaseline } from '../../statistics/baseline/import-baseline.js';
import { UndoBaseline } from '../../statistics/baseline/undo-baseline.js';
import { managedService, managedServices } from '../../statistics/rollouts/register.query.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites, type Work } from '../page-writes.js';
import { uploadedText } from '../uploaded-text.js';
import { BASELINE_SENTENCES, LARGEST_FILE } from './baseline-words.js';
import type { BaselineForm } from './baseline-form.js';
import { BaselinePage } from './baseline.page.js';

const FIELDS = ['organization', 'source', 'file', 'act'] as const;

/** The counts of before: looked at first, then taken all together, and taken back if need be. */
@Controller('rollouts/baseline')
export class BaselineController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly importBaseline: ImportBaseline,
    private readonly undoBaseline: UndoBaseline,
  ) {}

  @Allow('rollout.manage')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() { organization, done }: Record<string, unknown>,
  ): Promise<string> {
    const asked = typeof organization === 'string' && organization !== '' ? organization : undefined;
    const form = { organization: asked ?? actor.organizationId, source: '', text: '', act: '' };
    return this.page(session, actor, form, { done: typeof done === 'string' ? done : null });
  }

  @Allow('rollout.manage')
  @Post()
  @HttpCode(200)
  check(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = { ...readForm(withoutGroup(body, 'text'), FIELDS), text: exactText(body, 'text') };
    const again: Again = (_session, _actor, problems, error) =>
      this.page(session, actor, form, { problems: baselineProblems(error) ?? problems });
    const read = (tx: EntityManager, isDryRun: boolean) => {
      const { organization: organizationId, source } = form;
      const text = uploadedText(request, form.text, LARGEST_FILE);
      return this.importBaseline.execute(tx, { organizationId, source, text, isDryRun }, actor);
    };
    if (form.act === 'apply') {
      const take: Work = async (tx) => {
        await read(tx, false);
        return `/rollouts/baseline?organization=${form.organization}&done=imported`;
      };
      return this.writes.answer(request, response, take, again);
    }
    const page = async () => {
      const report = await this.transaction.run((tx) => read(tx, true));
      const problems = problemsOfReport(report);
      if (problems.length > 0) response.status(400);
      return this.page(session, actor, form, { report, problems });
    };
    return this.writes.preview(request, response, page, again);
  }

  @Allow('rollout.manage')
  @Post('undo')
  undo(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { importId } = readForm(body, ['importId']);
    return this.writes.follow(request, response, async (tx, keeper) => {
      const organizationId = await this.undoBaseline.execute(tx, { importId }, keeper);
      return `/rollouts/baseline?organization=${organizationId}&done=undone`;
    });
  }

  private async page(
    session: PageSession,
    actor: Actor,
    form: BaselineForm,
    shown: {
      readonly done?: string | null;
      readonly report?: BaselineReport;
      readonly problems?: Problems;
    },
  ): Promise<string> {
    const content = await this.transaction.run((tx) => this.content(tx, actor, form.organization));
    const { done = null, report = null, problems = [] } = shown;
    const view = { frame: frameOf(session), ...content, form, done, report, problems };
    return renderPage(h(BaselinePage, view));
  }

  private async content(tx: EntityManager, actor: Actor, organization: string) {
    const service = await managedService(tx, actor, organization);
    return {
      service,
      services: actsEverywhere(actor) ? await managedServices(tx, actor) : [],
      imports: await baselineImports(tx, service.id),
    };
  }
}

function baselineProblems(error: unknown): Problems | null {
  return error instanceof ValidationFailed
    ? error.errors.map(({ field, code }) => problem(field, code))
    : null;
}

/** A dry run that could not be confirmed says so like any refused form. */
function problemsOfReport({ faults, imported }: BaselineReport): Problems {
  if (faults.length > 0) return [problem('file', 'lines')];
  return imported.size > 0 ? [problem('file', 'imported')] : [];
}

function problem(field: string, code: string): Problems[number] {
  const sentence = BASELINE_SENTENCES[`${field}:${code}`] ?? BASELINE_SENTENCES[field];
  return sentence === undefined ? { sentence: 'Une valeur n’est pas valable.' } : { field, sentence };
}
