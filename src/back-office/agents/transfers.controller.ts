import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { AskTransfer } from '../../notifications/hand-over/ask-transfer.js';
import { DecideTransfer } from '../../notifications/hand-over/decide-transfer.js';
import { findTransfer } from '../../notifications/hand-over/transfer.queries.js';
import { doneSentence } from '../done-sentence.js';
import { readForm } from '../form-input.js';
import { PageWrites } from '../page-writes.js';
import type { ChosenHeirs } from './agents.view.js';
import { readHeirs, requiredHeirs } from './required-heirs.js';
import { TransferPages } from './transfers.view.js';

const DONE: Readonly<Record<string, string>> = {
  asked:
    'La demande est enregistrée. Si cette adresse est celle d’un agent d’un service de même nature, son administrateur est prévenu.',
  confirmed: 'La mutation est faite. Les suivis sont confiés et ses sessions fermées.',
  refused: 'La mutation est refusée. L’autre service est prévenu.',
  withdrawn: 'La demande est retirée.',
};
const NOBODY: ChosenHeirs = { heir: '', named: new Map() };
const NO_HEIRS = { byDefault: null, named: {} };

/** Moves between two services of the same kind. Each side sees its own half; the use cases cross from one to the other. */
@Controller('agents')
export class TransfersController {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: TransferPages,
    private readonly askTransfer: AskTransfer,
    private readonly decideTransfer: DecideTransfer,
  ) {}

  @Allow('agent.move')
  @Get('transfers')
  list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.pages.list(session, actor, { done: doneSentence(DONE, done) });
  }

  @Allow('agent.move')
  @FreshSignIn()
  @Post('transfers')
  @HttpCode(200)
  ask(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['email', 'toOrganizationId']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.askTransfer.receive(tx, form, actor);
        return '/agents/transfers?done=asked';
      },
      (session, actor, problems) => this.pages.list(session, actor, { form, problems }),
    );
  }

  @Allow('agent.move')
  @Get('transfers/:transfer')
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('transfer') transferId: string,
  ): Promise<string> {
    return this.pages.one(session, actor, transferId, NOBODY, []);
  }

  @Allow('agent.move')
  @FreshSignIn()
  @Post('transfers/:transfer/confirm')
  @HttpCode(200)
  confirm(
    @Param('transfer') transferId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { chosen } = readHeirs(body, []);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const { side } = await findTransfer(tx, actor, transferId);
        const heirs = side === 'receiving' ? requiredHeirs(chosen) : NO_HEIRS;
        await this.decideTransfer.execute(tx, { transferId, decision: 'confirm', heirs }, actor);
        return '/agents/transfers?done=confirmed';
      },
      (session, actor, problems) => this.pages.one(session, actor, transferId, chosen, problems),
    );
  }

  @Allow('agent.move')
  @Post('transfers/:transfer/refuse')
  @HttpCode(200)
  refuse(
    @Param('transfer') transferId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.end(transferId, 'refuse', body, request, response);
  }

  @Allow('agent.move')
  @Post('transfers/:transfer/withdraw')
  @HttpCode(200)
  withdraw(
    @Param('transfer') transferId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.end(transferId, 'withdraw', body, request, response);
  }

  @Allow('agent.move')
  @Get(':id/transfer')
  leaving(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') agentId: string,
  ): Promise<string> {
    return this.pages.leave(session, actor, agentId, '', NOBODY, []);
  }

  @Allow('agent.move')
  @FreshSignIn()
  @Post(':id/transfer')
  @HttpCode(200)
  askToLeave(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { chosen, toOrganizationId } = readHeirs(body, ['toOrganizationId']);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.askTransfer.leave(tx, { agentId, toOrganizationId, heirs: requiredHeirs(chosen) }, actor);
        return `/agents/${agentId}?done=asked`;
      },
      (session, actor, problems) =>
        this.pages.leave(session, actor, agentId, toOrganizationId, chosen, problems),
    );
  }

  private end(
    transferId: string,
    decision: 'refuse' | 'withdraw',
    body: Record<string, unknown>,
    request: CallerRequest,
    response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.decideTransfer.execute(tx, { transferId, decision, heirs: NO_HEIRS }, actor);
        return `/agents/transfers?done=${decision === 'refuse' ? 'refused' : 'withdrawn'}`;
      },
      (session, actor, problems) => this.pages.list(session, actor, { problems }),
    );
  }
}
