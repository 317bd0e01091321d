import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { OpenDuring } from '../../access/open-during.decorator.js';
import { CHARTER_VERSION } from '../../agents/domain/charter.js';
import { AcceptCharter } from '../../agents/life/accept-charter.js';
import { ownProfile } from '../../agents/life/change-profile.js';
import { Transaction } from '../../platform/transaction.js';
import { instantOf, toLocal } from '../../shared/time.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { plainDate } from '../../ui/typography.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { localPath } from '../local-path.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { CharterPage } from './charter.page.js';

/** What every agent accepts before anything else, and may read again. */
@Controller('charter')
export class CharterController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly acceptCharter: AcceptCharter,
  ) {}

  @SignedIn()
  @OpenDuring('charter')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('returnTo') returnTo: unknown,
  ): Promise<string> {
    return this.page(session, actor, localPath(returnTo), []);
  }

  @SignedIn()
  @OpenDuring('charter')
  @Post()
  @HttpCode(200)
  accept(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { charterVersion, returnTo } = readForm(body, ['charterVersion', 'returnTo']);
    const command = { version: charterVersion === String(CHARTER_VERSION) ? CHARTER_VERSION : 0 };
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.acceptCharter.execute(tx, command, actor);
        return localPath(returnTo);
      },
      (session, actor, problems) => this.page(session, actor, localPath(returnTo), problems),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    returnTo: string,
    problems: Problems,
  ): Promise<string> {
    const acceptedOn = session.pendingStep === 'charter' ? null : await this.acceptedOn(actor);
    return renderPage(h(CharterPage, { frame: frameOf(session), acceptedOn, returnTo, problems }));
  }

  private acceptedOn(actor: Actor): Promise<string | null> {
    return this.transaction.run(async (tx) => {
      const { charterAcceptedAt } = await ownProfile(tx, actor.agentId ?? '');
      const { timeZone } = await this.officeHours.of(tx, actor);
      return charterAcceptedAt === null
        ? null
        : plainDate(toLocal(instantOf(charterAcceptedAt), timeZone).date);
    });
  }
}
