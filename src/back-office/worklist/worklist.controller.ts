import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { RemindAgain } from '../../notifications/follow-up/remind-again.js';
import { type WorklistFilter, worklistOf } from '../../notifications/follow-up/worklist.query.js';
import { Gateways } from '../../notifications/providers/gateways.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { WorklistPage } from './worklist.page.js';
import { worklistLine } from './worklist.view.js';

@Controller('worklist')
export class WorklistController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly gateways: Gateways,
    private readonly remindAgain: RemindAgain,
  ) {}

  @Allow('task.read')
  @Get()
  list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const done = query.done === 'reminded' ? 'Un SMS part, aux heures d’envoi du service.' : null;
    return this.page(session, actor, filterOf(query.show, actor), done, []);
  }

  @Allow('task.close')
  @Post(':id/remind')
  @HttpCode(200)
  remind(
    @Param('id') convocationId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { show } = readForm(body, ['show']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.remindAgain.execute(tx, { convocationId }, actor);
        return `/worklist?show=${filterOf(show, actor)}&done=reminded`;
      },
      (session, actor, problems) => this.page(session, actor, filterOf(show, actor), null, problems),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    filter: WorklistFilter,
    done: string | null,
    problems: Problems,
  ): Promise<string> {
    const { mailIsOn } = this.gateways;
    const lines = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const entries = await worklistOf(tx, actor, { filter, mailIsOn });
      return entries.map((entry) => worklistLine(entry, office));
    });
    return renderPage(h(WorklistPage, { frame: frameOf(session), filter, lines, done, problems }));
  }
}

/** Who follows people reads theirs first; the others read the service. */
function filterOf(asked: unknown, actor: Actor): WorklistFilter {
  if (asked === 'mine' || asked === 'service') return asked;
  return actor.role === 'cpip' ? 'mine' : 'service';
}
