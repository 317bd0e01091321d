import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { findConvocation } from '../../convocations/convocation.queries.js';
import { mayReschedule } from '../../convocations/visibility.js';
import { RescheduleConvocation } from '../../convocations/reschedule-convocation.js';
import { Transaction } from '../../platform/transaction.js';
import { Forbidden } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { BookingPage } from '../booking/booking.page.js';
import { BOOKING_FIELDS, type BookingForm, NOTHING_SAID } from '../booking/booking-form.js';
import { BookingPages } from '../booking/booking.view.js';
import { targetOf } from '../booking/target.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';

/** The booking page again, with the type given. */
@Controller('convocations/:id/reschedule')
export class RescheduleController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: BookingPages,
    private readonly rescheduleConvocation: RescheduleConvocation,
  ) {}

  @Allow('convocation.change')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<string> {
    return this.page(session, actor, id, NOTHING_SAID, []);
  }

  @Allow('convocation.change')
  @Post('preview')
  @HttpCode(200)
  preview(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, id, readForm(body, BOOKING_FIELDS), []);
  }

  @Allow('convocation.change')
  @Post()
  @HttpCode(200)
  move(
    @Param('id') convocationId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, BOOKING_FIELDS);
    return this.writes.answer(
      request,
      response,
      async (tx, mover) => {
        const command = { convocationId, notify: form.notify === 'true', ...targetOf(form) };
        await this.rescheduleConvocation.execute(tx, command, mover);
        return `/convocations/${convocationId}?done=moved`;
      },
      (session, actor, problems) => this.page(session, actor, convocationId, form, problems),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    id: string,
    form: BookingForm,
    problems: Problems,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => {
      const convocation = await findConvocation(tx, actor, id);
      if (!mayReschedule(actor, convocation)) throw new Forbidden('convocation.reschedule');
      return this.pages.content(tx, actor, convocation.personId, form, convocation);
    });
    return renderPage(h(BookingPage, { frame: frameOf(session), ...content, problems }));
  }
}
