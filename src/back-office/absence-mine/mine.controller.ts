import { Controller, Get, Query } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { MinePage } from './mine.page.js';
import { mineView, spanOf } from './mine.view.js';

/** The own caseload of whoever signed in: the address has no place for another agent. */
@Controller('absence/mine')
export class MineController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
  ) {}

  @Allow('caseload.read')
  @Get()
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) =>
      mineView(tx, actor, await this.officeHours.of(tx, actor), spanOf(query.months)),
    );
    return renderPage(h(MinePage, { frame: frameOf(session), ...view }));
  }
}
