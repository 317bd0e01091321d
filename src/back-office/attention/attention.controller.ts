import { Controller, Get, Param } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { convocationsByIds } from '../../convocations/convocation.queries.js';
import { MessageQueries } from '../../notifications/message.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound } from '../../shared/domain-error.js';
import { renderPage } from '../../ui/render-page.js';
import { dayRows } from '../day-list/day-row.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { AttentionPage } from './attention.page.js';
import { ATTENTION_LISTS, attentionIds } from './attention.query.js';

@Controller('attention')
export class AttentionController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
    private readonly messages: MessageQueries,
  ) {}

  @Allow('convocation.read')
  @Get(':list')
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('list') name: string,
  ): Promise<string> {
    const list = ATTENTION_LISTS.find((known) => known === name);
    if (list === undefined) throw new NotFound('list');
    const rows = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const convocations = await convocationsByIds(tx, actor, await attentionIds(tx, actor, list));
      return dayRows(tx, convocations, this.messages, office);
    });
    return renderPage(h(AttentionPage, { frame: frameOf(session), list, rows }));
  }
}
