import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Limited } from '../../access/limited.decorator.js';
import { Transaction } from '../../platform/transaction.js';
import { formatOf, sendExport } from '../../ui/exports/send-export.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { mineExport } from './mine-export.js';
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

  /** The months of the page, to take away. @throws ValidationFailed for another format */
  @Allow('caseload.read')
  @Limited('export')
  @FreshSignIn()
  @Get('export')
  async export(
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const format = formatOf(query.format);
    const file = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const view = await mineView(tx, actor, office, spanOf(query.months));
      return mineExport(view, new Date(office.now.epochMilliseconds));
    });
    await sendExport(response, file, format);
  }
}
