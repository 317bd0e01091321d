import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { findPerson } from '../../persons/person.queries.js';
import { colleaguesOf } from '../../persons/resume-colleagues.query.js';
import { ResumeMessages } from '../../persons/resume-messages.js';
import { lastRefusal } from '../../persons/sms-refusal.js';
import { Transaction } from '../../platform/transaction.js';
import { Conflict } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { fullName } from './person-words.js';
import { refusalView } from './reach.view.js';
import { EMPTY_WORD, ResumePage, WORD_FIELDS, type WordValues } from './resume.page.js';

/** Texts are sent again only with the word of the person who refused them. */
@Controller('persons')
export class ResumeController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly resumeMessages: ResumeMessages,
  ) {}

  @Allow('person.write')
  @Get(':id/resume-messages')
  async ask(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<string> {
    return this.transaction.run((tx) => this.page(tx, session, actor, id, null, []));
  }

  @Allow('person.write')
  @Post(':id/resume-messages')
  @HttpCode(200)
  resume(
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, WORD_FIELDS);
    const heardById = form.heardBy === '' ? null : form.heardBy;
    const word = { means: form.wordMeans, saidOn: form.wordSaidOn, heardById, seen: form.version };
    return this.writes.answer(
      request,
      response,
      async (tx, writer) => {
        const person = await this.resumeMessages.execute(tx, { personId, word }, writer);
        return `/persons/${person.id}?done=updated`;
      },
      (session, actor, problems, error) => {
        // The page now shows the refusal that came meanwhile.
        const typed = error instanceof Conflict ? { ...form, version: '' } : form;
        return this.transaction.run((tx) => this.page(tx, session, actor, personId, typed, problems));
      },
    );
  }

  private async page(
    tx: EntityManager,
    session: PageSession,
    actor: Actor,
    id: string,
    typed: WordValues | null,
    problems: Problems,
  ): Promise<string> {
    const person = await findPerson(tx, actor, id);
    const office = await this.officeHours.of(tx, actor);
    const colleagues = await colleaguesOf(tx, actor);
    const form = typed ?? { ...EMPTY_WORD, wordSaidOn: office.today, heardBy: actor.agentId ?? '' };
    const version =
      form.version === '' ? ((await lastRefusal(tx, person.id))?.toString() ?? '') : form.version;
    return renderPage(
      h(ResumePage, {
        frame: frameOf(session),
        person: { id: person.id, name: fullName(person) },
        refusal: refusalView(person, office),
        colleagues,
        today: office.today,
        values: { ...form, version },
        problems,
      }),
    );
  }
}
