import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { BookConvocation } from '../../convocations/book-convocation.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { BookingPage } from './booking.page.js';
import { BOOKING_FIELDS, type BookingForm, NOTHING_SAID } from './booking-form.js';
import { BookingPages } from './booking.view.js';
import { targetOf } from './target.js';

@Controller('persons/:id/convoke')
export class BookingController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: BookingPages,
    private readonly bookConvocation: BookConvocation,
  ) {}

  @Allow('convocation.book')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') personId: string,
  ): Promise<string> {
    return this.page(session, actor, personId, NOTHING_SAID, []);
  }

  /** The same page after what has been said so far; books nothing. */
  @Allow('convocation.book')
  @Post('preview')
  @HttpCode(200)
  preview(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, personId, readForm(body, BOOKING_FIELDS), []);
  }

  @Allow('convocation.book')
  @Post()
  @HttpCode(200)
  book(
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, BOOKING_FIELDS);
    return this.writes.answer(
      request,
      response,
      async (tx, booker) => {
        const { typeCode } = form;
        const command = { personId, typeCode, notify: form.notify === 'true', ...targetOf(form) };
        const { id } = await this.bookConvocation.execute(tx, command, booker);
        return `/convocations/${id}?done=booked`;
      },
      (session, actor, problems) => this.page(session, actor, personId, form, problems),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    personId: string,
    form: BookingForm,
    problems: Problems,
  ): Promise<string> {
    const content = await this.transaction.run((tx) => this.pages.content(tx, actor, personId, form, null));
    return renderPage(h(BookingPage, { frame: frameOf(session), ...content, problems }));
  }
}
