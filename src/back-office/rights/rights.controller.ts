import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { Limited } from '../../access/limited.decorator.js';
import { Clock } from '../../platform/clock.js';
import { Transaction } from '../../platform/transaction.js';
import { sendExport } from '../../ui/exports/send-export.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { rightsExport } from './rights-export.js';
import { RightsPage } from './rights.page.js';
import { rightsView } from './rights.view.js';

/** The table of rights as it is applied, for those who audit it. */
@Controller('rights')
export class RightsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  @Allow('rights.read')
  @Get()
  show(@CurrentSession() session: PageSession, @Query('role') role: unknown): string {
    return renderPage(h(RightsPage, { frame: frameOf(session), view: rightsView(role) }));
  }

  @Allow('rights.read')
  @Limited('export')
  @FreshSignIn()
  @Get('export')
  async file(@Res() response: Response): Promise<void> {
    const now = await this.transaction.run((tx) => this.clock.now(tx));
    await sendExport(response, rightsExport(new Date(now.epochMilliseconds)), 'csv');
  }
}
