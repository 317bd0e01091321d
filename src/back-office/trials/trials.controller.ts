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
import { PageWrites, refusalOf } from '../page-writes.js';
import { planOf, readTrialForm, withExample, withOneMoreArm } from './trial-form.js';
import { TrialFormPage } from './trial-form.page.js';
import { problemsOfTrial } from './trial-words.js';
import { TrialPage } from './trial.page.js';
import { TrialsPage } from './trials.page.js';
import { TrialPages } from './trials.view.js';

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
    const filled =
      form.act === 'more' ? withOneMoreArm(form) : form.act === 'example' ? withExample(form) : null;
    if (filled !== null) {
      response
        .type('html')
        .send(renderPage(h(TrialFormPage, await this.pages.form(session, actor, filled, {}, []))));
      return;
    }
    try {
      const address = await this.writes.run(request, async (tx, manager) => {
        const id = await this.draftTrial.execute(tx, planOf(form), manager);
        return `/trials/${id}?done=drafted`;
      });
      response.redirect(303, address);
    } catch (error) {
      const problems = ownProblems(error, response);
      const view = await this.pages.form(session, actor, form, {}, problems);
      response.type('html').send(renderPage(h(TrialFormPage, view)));
    }
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
    @CurrentSession() session: PageSession,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.step({ session, id, body, request, response }, { do: 'register' });
  }

  @Allow('trial.manage')
  @Post(':id/start')
  @HttpCode(200)
  start(
    @CurrentSession() session: PageSession,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.step({ session, id, body, request, response }, { do: 'start' });
  }

  @Allow('trial.manage')
  @Post(':id/discard')
  @HttpCode(200)
  discard(
    @CurrentSession() session: PageSession,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.step({ session, id, body, request, response }, { do: 'discard' });
  }

  @Allow('trial.manage')
  @Post(':id/stop')
  @HttpCode(200)
  stop(
    @CurrentSession() session: PageSession,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { reason } = readForm(body, ['reason']);
    return this.step({ session, id, body: {}, request, response }, { do: 'stop', reason });
  }

  private async step(asked: Asked, step: TrialStep): Promise<void> {
    const { session, id, body, request, response } = asked;
    readForm(body, []);
    try {
      const address = await this.writes.run(request, async (tx, manager) => {
        await this.changeTrial.execute(tx, id, step, manager);
        return step.do === 'discard' ? '/trials' : `/trials/${id}?done=${step.do}`;
      });
      response.redirect(303, address);
    } catch (error) {
      const problems = ownProblems(error, response);
      const reason = step.do === 'stop' ? step.reason : '';
      const view = await this.pages.one(session, session.actor, id, { reason, problems });
      response.type('html').send(renderPage(h(TrialPage, view)));
    }
  }
}

interface Asked {
  readonly session: PageSession;
  readonly id: string;
  readonly body: Record<string, unknown>;
  readonly request: CallerRequest;
  readonly response: Response;
}

/** @throws what no form can mend */
function ownProblems(error: unknown, response: Response): Problems {
  const problems = refusalOf(error, response);
  return error instanceof ValidationFailed ? problemsOfTrial(error.errors) : problems;
}
