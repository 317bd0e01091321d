import { Controller, Get } from '@nestjs/common';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { may } from '../../access/domain/rights.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { listApiKeys } from '../../agents/keys/api-key.queries.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { webhookTroubles } from '../../webhooks/webhook.queries.js';
import { frameOf } from '../frame.js';
import { ConsolePage } from './console.page.js';
import { CONSOLE_ROOMS } from './console-rooms.js';

/** The rooms of a central administrator, and what asks for attention in them. */
@FreshSignIn()
@Controller('console')
export class ConsoleController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
  ) {}

  @Allow('console.use')
  @Get()
  async show(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const rooms = CONSOLE_ROOMS.filter(
      ({ href, right }) => may(actor, right) && (href !== '/console/jobs' || this.env.JOBS_BOARD === 'on'),
    );
    const concerns = await this.transaction.run(async (tx) => ({
      webhooks: await webhookTroubles(tx, actor),
      isHeld: (await holdOf(tx, this.env.APP_ENV)) !== null,
      endlessKeys: (await listApiKeys(tx, actor)).filter(
        ({ state, expiresAt }) => state === 'live' && expiresAt === null,
      ).length,
    }));
    return renderPage(h(ConsolePage, { frame: frameOf(session), rooms, ...concerns }));
  }
}
