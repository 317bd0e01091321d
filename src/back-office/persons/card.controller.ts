import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Journal } from '../../access/journal.js';
import { MessageQueries } from '../../notifications/message.queries.js';
import { LiftPhoneBlock } from '../../persons/lift-phone-block.js';
import { StopMessages } from '../../persons/stop-messages.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { CONTACTS } from '../masked-contact.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { PersonCardPage, type TimelineFilter } from './card.page.js';
import { cardContent } from './card.view.js';

@Controller('persons')
export class PersonCardController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly messages: MessageQueries,
    private readonly stopMessages: StopMessages,
    private readonly liftPhoneBlock: LiftPhoneBlock,
    private readonly journal: Journal,
  ) {}

  @Allow('person.read')
  @Get(':id')
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      return cardContent(tx, actor, id, this.messages, office, filterOf(query.show));
    });
    const updated = query.done === 'updated';
    return renderPage(h(PersonCardPage, { frame: frameOf(session), updated, ...content }));
  }

  /** The same page with the number or the address, on this answer only: who asked stays in the journal. */
  @Allow('contact.reveal')
  @Post(':id/contact')
  @HttpCode(200)
  async reveal(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
  ): Promise<string> {
    const { what } = readForm(body, ['what']);
    const shown = CONTACTS.find((name) => name === what) ?? 'phone';
    const content = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const card = await cardContent(tx, actor, personId, this.messages, office, 'all', shown);
      await this.journal.record(tx, { action: 'contact.revealed', personId, detail: { fields: [shown] } });
      return card;
    });
    return renderPage(h(PersonCardPage, { frame: frameOf(session), updated: false, ...content }));
  }

  @Allow('person.write')
  @Post(':id/stop-messages')
  @HttpCode(200)
  stop(
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.writes.follow(request, response, async (tx, actor) => {
      const person = await this.stopMessages.execute(tx, { personId }, actor);
      return `/persons/${person.id}?done=updated`;
    });
  }

  @Allow('person.write')
  @Post(':id/lift-phone-block')
  @HttpCode(200)
  lift(
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const what = readForm(body, ['what']).what === 'email' ? 'email' : 'phone';
    return this.writes.follow(request, response, async (tx, actor) => {
      await this.liftPhoneBlock.execute(tx, { personId, what }, actor);
      return `/persons/${personId}?done=updated`;
    });
  }
}

function filterOf(show: unknown): TimelineFilter {
  return show === 'convocations' || show === 'replies' || show === 'file' ? show : 'all';
}
