import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Transaction } from '../../platform/transaction.js';
import { CorrectRollout } from '../../statistics/rollouts/correct-rollout.js';
import { heldEntry, managedService } from '../../statistics/rollouts/register.query.js';
import { StopRollout } from '../../statistics/rollouts/stop-rollout.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { type RowForm, RolloutRowPage } from './rollout-row.page.js';
import { registerProblems, typedDay } from './rollout-words.js';

const FIELDS = ['rollout', 'startedOn', 'stoppedOn', 'note', 'act'] as const;

/** One row of the register: to stop, to correct, to withdraw. */
@Controller('rollouts/row')
export class RolloutRowController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly stopRollout: StopRollout,
    private readonly correctRollout: CorrectRollout,
  ) {}

  @Allow('rollout.manage')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, String(query.rollout), null, []);
  }

  @Allow('rollout.manage')
  @Post()
  @HttpCode(200)
  change(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, FIELDS);
    return this.writes.answer(
      request,
      response,
      (tx, keeper) => this.act(tx, form, keeper),
      (session, actor, problems, error) =>
        this.page(session, actor, form.rollout, form, registerProblems(error) ?? problems),
    );
  }

  private async act(tx: EntityManager, form: RowForm, keeper: Actor): Promise<string> {
    const { organizationId } = await heldEntry(tx, keeper, form.rollout);
    const [rolloutId, stoppedOn] = [form.rollout, typedDay(form.stoppedOn)];
    const next = (done: string) => `/rollouts?organization=${organizationId}&done=${done}`;
    if (form.act === 'stop') {
      await this.stopRollout.execute(tx, { rolloutId, stoppedOn, note: form.note }, keeper);
      return next('stopped');
    }
    if (form.act === 'withdraw') {
      await this.correctRollout.execute(tx, { rolloutId, corrected: null }, keeper);
      return next('withdrawn');
    }
    const corrected = {
      startedOn: typedDay(form.startedOn),
      stoppedOn: stoppedOn === '' ? null : stoppedOn,
      note: form.note,
    };
    await this.correctRollout.execute(tx, { rolloutId, corrected }, keeper);
    return next('corrected');
  }

  private async page(
    session: PageSession,
    actor: Actor,
    rollout: string,
    form: RowForm | null,
    problems: Problems,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => {
      const entry = await heldEntry(tx, actor, rollout);
      return { entry, service: await managedService(tx, actor, entry.organizationId) };
    });
    return renderPage(h(RolloutRowPage, { frame: frameOf(session), ...content, form, problems }));
  }
}
