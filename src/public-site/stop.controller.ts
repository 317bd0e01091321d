import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { Public } from '../access/allow.decorator.js';
import { ReportWrongPersonByLink } from '../notifications/replies/report-wrong-person-by-link.js';
import { type ReferentContact, referentContactByLink } from '../persons/referent-contact.query.js';
import { findStopLink, type StopLinkView, StopMessagesByLink } from '../persons/stop-messages-by-link.js';
import { Transaction } from '../platform/transaction.js';
import { NotFound } from '../shared/domain-error.js';
import { instantOf, toLocal } from '../shared/time.js';
import { renderPage } from '../ui/render-page.js';
import { day } from '../ui/typography.js';
import { GonePage, StopPage } from './stop.page.js';
import { WrongPersonPage } from './wrong-person.page.js';

/** Opening a link changes nothing: previews of messaging apps open it too. The buttons act. */
@Controller('s')
export class StopController {
  constructor(
    private readonly transaction: Transaction,
    private readonly stopMessages: StopMessagesByLink,
    private readonly reportWrongPerson: ReportWrongPersonByLink,
  ) {}

  @Public('by-token')
  @Get(':token')
  show(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.answer(response, async (tx) => {
      const link = await findStopLink(tx, token);
      return stopPage(token, link, await referentContactByLink(tx, token));
    });
  }

  @Public('by-token')
  @Post(':token')
  @HttpCode(200)
  stop(
    @Param('token') token: string,
    @Body() _body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    return this.answer(response, async (tx) => {
      await this.stopMessages.execute(tx, { token });
      return { goTo: addressOf(token) };
    });
  }

  @Public('by-token')
  @Get(':token/wrong-person')
  ask(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.answer(response, async (tx) => wrongPersonPage(token, await findStopLink(tx, token)));
  }

  @Public('by-token')
  @Post(':token/wrong-person')
  @HttpCode(200)
  report(
    @Param('token') token: string,
    @Body() _body: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    return this.answer(response, async (tx) => {
      await this.reportWrongPerson.execute(tx, { token });
      return { goTo: `${addressOf(token)}/wrong-person` };
    });
  }

  /** A link that is unknown or too old gets a page of its own: it tells nothing of what it once was. */
  private async answer(
    response: Response,
    work: (tx: EntityManager) => Promise<string | { readonly goTo: string }>,
  ): Promise<void> {
    try {
      const answer = await this.transaction.run(work);
      if (typeof answer === 'string') response.type('html').send(answer);
      else response.redirect(303, answer.goTo);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      response
        .status(404)
        .type('html')
        .send(renderPage(h(GonePage, {})));
    }
  }
}

function stopPage(token: string, link: StopLinkView, referent: ReferentContact | null): string {
  if (link.saidWrongPerson) return wrongPersonPage(token, link);
  const { stoppedAt, isNoted, timeZone } = link;
  const stoppedOn = stoppedAt === null ? null : day(toLocal(instantOf(stoppedAt), timeZone).date);
  return renderPage(h(StopPage, { token, stoppedOn, isNoted, referent, ...mannerOf(link) }));
}

function wrongPersonPage(token: string, link: StopLinkView): string {
  return renderPage(h(WrongPersonPage, { token, done: link.saidWrongPerson, ...mannerOf(link) }));
}

function mannerOf({ phoneId, register }: StopLinkView) {
  return { channel: phoneId === null ? 'email' : 'sms', discreet: register === 'discreet' } as const;
}

function addressOf(token: string): string {
  return `/s/${encodeURIComponent(token)}`;
}
