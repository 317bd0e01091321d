import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Public } from '../access/allow.decorator.js';
import { findStopLink, StopMessagesByLink } from '../persons/stop-messages-by-link.js';
import { Transaction } from '../platform/transaction.js';
import { instantOf, toLocal } from '../shared/time.js';
import { renderPage } from '../ui/render-page.js';
import { day } from '../ui/typography.js';
import { StopPage } from './stop.page.js';

/** A day is precise enough here, whatever the zone of the reader. */
const ZONE = 'Europe/Paris';

/** Opening the link changes nothing: previews of messaging apps open it too. The button acts. */
@Controller('s')
export class StopController {
  constructor(
    private readonly transaction: Transaction,
    private readonly stopMessages: StopMessagesByLink,
  ) {}

  @Public()
  @Get(':token')
  show(@Param('token') token: string): Promise<string> {
    return this.transaction.run(async (tx) => page(token, (await findStopLink(tx, token)).stoppedAt));
  }

  @Public()
  @Post(':token')
  @HttpCode(200)
  async stop(
    @Param('token') token: string,
    @Body() _body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    await this.transaction.run((tx) => this.stopMessages.execute(tx, { token }));
    response.redirect(303, `/s/${encodeURIComponent(token)}`);
  }
}

function page(token: string, stoppedAt: Date | null): string {
  const stoppedOn = stoppedAt === null ? null : day(toLocal(instantOf(stoppedAt), ZONE).date);
  return renderPage(h(StopPage, { token, stoppedOn }));
}
