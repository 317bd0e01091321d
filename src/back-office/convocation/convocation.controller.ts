import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { CancelConvocation } from '../../convocations/cancel-convocation.js';
import { CANCELLED_BY } from '../../convocations/domain/convocation.states.js';
import { type Outcome, RECORDED, RecordAttendance } from '../../convocations/record-attendance.js';
import { ReopenConvocation } from '../../convocations/reopen-convocation.js';
import { Transaction } from '../../platform/transaction.js';
import { AGAIN } from '../../ui/default-button.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites, type Work } from '../page-writes.js';
import type { Typed } from './actions.js';
import { ConvocationPage } from './convocation.page.js';
import { ConvocationPages } from './convocation.view.js';

/** Besides the convocation itself. */
interface Shown {
  /** What has just been done, as the address says. */
  readonly done: string | null;
  readonly typed: Typed | null;
  readonly problems: Problems;
}

@Controller('convocations')
export class ConvocationController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: ConvocationPages,
    private readonly recordAttendance: RecordAttendance,
    private readonly cancelConvocation: CancelConvocation,
    private readonly reopenConvocation: ReopenConvocation,
  ) {}

  @Allow('convocation.read')
  @Get(':id')
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const done = typeof query.done === 'string' ? query.done : null;
    return this.page(session, actor, id, { done, typed: null, problems: [] });
  }

  @Allow('attendance.record')
  @Post(':id/attend')
  @HttpCode(200)
  attend(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    return this.outcome(id, 'attend', body, request, response);
  }

  @Allow('attendance.record')
  @Post(':id/miss')
  @HttpCode(200)
  miss(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    return this.outcome(id, 'miss', body, request, response);
  }

  @Allow('attendance.record')
  @Post(':id/excuse')
  @HttpCode(200)
  excuse(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    return this.outcome(id, 'excuse', body, request, response);
  }

  @Allow('convocation.change')
  @Post(':id/cancel')
  @HttpCode(200)
  cancel(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    const form = readForm(body, ['cancelledBy', 'notify', 'undo', 'act']);
    const told = form.notify === 'true';
    const isUndo = form.undo === 'true';
    const page = this.again(id, isUndo ? null : { of: 'cancel', notify: told, by: form.cancelledBy });
    if (form.act === AGAIN) return this.writes.again(request, response, page);
    const work: Work = async (tx, actor) => {
      const notify = isUndo ? await this.pages.hasToldAnything(tx, id) : told;
      const cancelledBy = CANCELLED_BY.find((by) => by === form.cancelledBy) ?? 'service';
      await this.cancelConvocation.execute(tx, { convocationId: id, cancelledBy, notify }, actor);
      return `/convocations/${id}?done=cancelled`;
    };
    return this.writes.answer(request, response, work, page);
  }

  @Allow('attendance.record')
  @Post(':id/reopen')
  @HttpCode(200)
  reopen(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    readForm(body, []);
    const work: Work = async (tx, actor) => {
      await this.reopenConvocation.execute(tx, { convocationId: id }, actor);
      return `/convocations/${id}?done=reopened`;
    };
    return this.writes.answer(request, response, work, this.again(id, null));
  }

  private outcome(
    id: string,
    outcome: Outcome,
    body: Record<string, unknown>,
    request: CallerRequest,
    response: Response,
  ): Promise<void> {
    const form = readForm(body, ['notify', 'back', 'act']);
    const told = form.notify === 'true';
    const page = this.again(id, { of: 'outcome', notify: told });
    if (form.act === AGAIN) return this.writes.again(request, response, page);
    const work: Work = async (tx, actor) => {
      const notify = outcome === 'miss' && told;
      await this.recordAttendance.execute(tx, { convocationId: id, outcome, notify }, actor);
      return form.back === 'home' ? '/' : `/convocations/${id}?done=${RECORDED[outcome]}`;
    };
    return this.writes.answer(request, response, work, page);
  }

  /** The page of a form that comes back. */
  private again(id: string, typed: Typed | null): Again {
    return (session, actor, problems) => this.page(session, actor, id, { done: null, typed, problems });
  }

  private async page(
    session: PageSession,
    actor: Actor,
    id: string,
    { done, typed, problems }: Shown,
  ): Promise<string> {
    const content = await this.transaction.run((tx) => this.pages.content(tx, actor, id, done));
    return renderPage(h(ConvocationPage, { frame: frameOf(session), ...content, typed, problems }));
  }
}
