import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { HoldSending } from '../../notifications/surety/hold-sending.js';
import { OperatorLists } from '../../notifications/surety/operator-lists.js';
import { refusalsOf } from '../../notifications/surety/release-refusals.js';
import { releaseReport } from '../../notifications/surety/release-report.query.js';
import {
  ReleaseSending,
  SERVED_CHOICES,
  type ServedDecision,
} from '../../notifications/surety/release-sending.js';
import type { ListedSince } from '../../notifications/surety/served-since.query.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { Transaction } from '../../platform/transaction.js';
import { Conflict, ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { HoldPage, LONGEST_REASON, ReleasePage } from './hold.page.js';

/**
 * Holds and releases everything that leaves, each after a page that tells what it does. Holding must be quick;
 * releasing asks for a fresh sign-in.
 */
@Controller('surety')
export class HoldController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly holdSending: HoldSending,
    private readonly releaseSending: ReleaseSending,
    private readonly lists: OperatorLists,
  ) {}

  @Allow('sending.hold')
  @Get('hold')
  askHold(@CurrentSession() session: PageSession): Promise<string> {
    return this.holdPage(session, '', []);
  }

  @Allow('sending.hold')
  @Post('hold')
  @HttpCode(200)
  hold(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.holdSending.execute(tx, { reason: 'command', detail: reasonOf(body) }, byOf(actor));
        return '/surety?done=held';
      },
      (session, _actor, problems) => this.holdPage(session, exactText(body, 'reason'), problems),
    );
  }

  @Allow('sending.hold')
  @FreshSignIn()
  @Get('release')
  async askRelease(@CurrentSession() session: PageSession): Promise<string> {
    return this.releasePage(session, [], await this.readLists());
  }

  /** Only the hold whose report was shown: another one may have come meanwhile. */
  @Allow('sending.hold')
  @FreshSignIn()
  @Post('release')
  @HttpCode(200)
  async release(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const lists = await this.readLists();
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const { hold, served, shown } = readForm(body, ['hold', 'served', 'shown']);
        const decision = { lists, choice: SERVED_CHOICES.find((one) => one === served) ?? null, shown };
        await this.refuse(tx, decision);
        if (!(await this.releaseSending.execute(tx, byOf(actor), hold, decision)))
          throw new Conflict('the hold');
        return '/surety?done=released';
      },
      (session, _actor, problems) => this.releasePage(session, problems, lists),
    );
  }

  /**
   * @throws Conflict when this reading is worse than the one that was shown
   * @throws ValidationFailed when it is not said what becomes of messages that may have left
   */
  private async refuse(tx: EntityManager, decision: ServedDecision): Promise<void> {
    const hold = await holdOf(tx, this.env.APP_ENV);
    if (hold === null) return;
    const { isUndecided, worse } = refusalsOf(await releaseReport(tx, decision.lists), hold, decision);
    if (worse !== null) throw new Conflict(`lists-${worse}`);
    if (isUndecided)
      throw new ValidationFailed([{ field: 'served', code: 'required', message: 'withhold or send' }]);
  }

  private async holdPage(session: PageSession, reason: string, problems: Problems): Promise<string> {
    const view = await this.situation([]);
    return renderPage(h(HoldPage, { frame: frameOf(session), ...view, reason, problems }));
  }

  private async releasePage(
    session: PageSession,
    problems: Problems,
    lists: readonly ListedSince[],
  ): Promise<string> {
    const view = await this.situation(lists);
    return renderPage(h(ReleasePage, { frame: frameOf(session), ...view, problems }));
  }

  private readLists(): Promise<readonly ListedSince[]> {
    return this.lists.takenInGap((work) => this.transaction.run(work));
  }

  private situation(lists: readonly ListedSince[]) {
    return this.transaction.run(async (tx) => ({
      report: await releaseReport(tx, lists),
      hold: await holdOf(tx, this.env.APP_ENV),
    }));
  }
}

/** @throws ValidationFailed for none, and for one that is too long */
function reasonOf(body: Readonly<Record<string, unknown>>): string {
  const { reason } = readForm(body, ['reason']);
  if (reason === '' || reason.length > LONGEST_REASON)
    throw new ValidationFailed([{ field: 'reason', code: 'length', message: `1 to ${LONGEST_REASON}` }]);
  return reason;
}

/** Kept in the register of holds; the page names a role, never a person. */
function byOf({ agentId }: Actor): string {
  return `agent:${agentId ?? 'unknown'}`;
}
