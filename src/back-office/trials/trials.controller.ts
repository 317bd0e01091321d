import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Limited } from '../../access/limited.decorator.js';
import { ChangeTrial, type TrialStep } from '../../notifications/trials/change-trial.js';
import { DraftTrial } from '../../notifications/trials/draft-trial.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { formatOf, sendExport } from '../../ui/exports/send-export.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { PageWrites } from '../page-writes.js';
import { planOf, readTrialForm, type TrialForm, withExample, withOneMoreArm } from './trial-form.js';
import { TrialFormPage } from './trial-form.page.js';
import { problemsOfTrial } from './trial-words.js';
import { TrialPage } from './trial.page.js';
import { TrialsPage } from './trials.page.js';
import { TrialPages } from './trials.view.js';

/** What the buttons of the form that write nothing show instead. */
const FILL: Readonly<Record<string, (form: TrialForm) => TrialForm>> = {
  again: (form) => form,
  more: withOneMoreArm,
  example: withExample,
};

/** Trials of reminders: written down, registered, run, read. */
@Controller('trials')
export class TrialsController {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: TrialPages,
    private readonly draftTrial: DraftTrial,
    private readonly changeTrial: ChangeTrial,
  ) {}

  @Allow('statistics.read')
  @Get()
  async list(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    return renderPage(h(TrialsPage, await this.pages.list(session, actor)));
  }

  @Allow('trial.manage')
  @Get('new')
  async open(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return renderPage(h(TrialFormPage, await this.pages.form(session, actor, null, query, [])));
  }

  /** One form, several buttons: only « draft » writes. */
  @Allow('trial.manage')
  @Post('new')
  @HttpCode(200)
  async draft(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readTrialForm(body);
    const filled = FILL[form.act]?.(form) ?? null;
    const page = async (shown: TrialForm, problems: Problems) =>
      renderPage(h(TrialFormPage, await this.pages.form(session, actor, shown, {}, problems)));
    if (filled !== null) {
      response.type('html').send(await page(filled, []));
      return;
    }
    await this.writes.answer(
      request,
      response,
      async (tx, manager) =>
        `/trials/${await this.draftTrial.execute(tx, planOf(form), manager)}?done=drafted`,
      (_session, _actor, problems, error) => page(form, ownProblems(error) ?? problems),
    );
  }

  @Allow('statistics.read')
  @Get(':id')
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() { done }: Record<string, unknown>,
  ): Promise<string> {
    return renderPage(h(TrialPage, await this.pages.one(session, actor, id, { done })));
  }

  /** The tables of the page, to take away. @throws ValidationFailed for another format */
  @Allow('statistics.read')
  @Limited('export')
  @FreshSignIn()
  @Get(':id/export')
  async export(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const format = formatOf(query.format);
    await sendExport(response, await this.pages.file(actor, id), format, { table: query.table });
  }

  @Allow('trial.manage')
  @Post(':id/register')
  @HttpCode(200)
  register(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.step({ id, body, request, response }, { do: 'register' });
  }

  @Allow('trial.manage')
  @Post(':id/start')
  @HttpCode(200)
  start(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.step({ id, body, request, response }, { do: 'start' });
  }

  @Allow('trial.manage')
  @Post(':id/discard')
  @HttpCode(200)
  discard(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.step({ id, body, request, response }, { do: 'discard' });
  }

  @Allow('trial.manage')
  @Post(':id/stop')
  @HttpCode(200)
  stop(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { reason } = readForm(body, ['reason']);
    return this.step({ id, body: {}, request, response }, { do: 'stop', reason });
  }

  private async step(asked: Asked, step: TrialStep): Promise<void> {
    const { id, body, request, response } = asked;
    readForm(body, []);
    await this.writes.answer(
      request,
      response,
      async (tx, manager) => {
        const done = await this.changeTrial.execute(tx, id, step, manager);
        return done === 'discard' ? '/trials' : `/trials/${id}?done=${done}`;
      },
      async (session, actor, refused, error) => {
        const problems = ownProblems(error) ?? refused;
        const reason = step.do === 'stop' ? step.reason : '';
        return renderPage(h(TrialPage, await this.pages.one(session, actor, id, { reason, problems })));
      },
    );
  }
}

interface Asked {
  readonly id: string;
  readonly body: Record<string, unknown>;
  readonly request: CallerRequest;
  readonly response: Response;
}

function ownProblems(error: unknown): Problems | null {
  return error instanceof ValidationFailed ? problemsOfTrial(error.errors) : null;
}
