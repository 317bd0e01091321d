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
import { readNationalQuery } from './national-filter.js';
import { NationalPage } from './national.page.js';
import { nationalView } from './national.view.js';

/**
 * Services beside each other. A central administrator sees them by name; anybody else sees the own service by name
 * and where the others lie as points without one, when they are enough to hide among.
 */
@Controller('absence/national')
export class NationalController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
  ) {}

  @Allow('statistics.national')
  @Get()
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const { today } = await this.officeHours.of(tx, actor);
      return nationalView(tx, actor, readNationalQuery(query, actor, today));
    });
    return renderPage(h(NationalPage, { frame: frameOf(session), ...view }));
  }
}
