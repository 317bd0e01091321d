import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Env } from '../../../config/env.js';
import { Allow } from '../../access/allow.decorator.js';
import type { CallerRequest } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import { Journal } from '../../access/journal.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound } from '../../shared/domain-error.js';
import { BOARD_PATH, JobsBoard } from './jobs-board.js';

/** The queue as bull-board shows it: off unless `JOBS_BOARD=on`, read-only, ids and counts only. */
@Controller('console/jobs')
export class JobsController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly journal: Journal,
    private readonly board: JobsBoard,
  ) {}

  @Allow('job.inspect')
  @FreshSignIn()
  @Get()
  async open(@Req() request: CallerRequest, @Res() response: Response): Promise<void> {
    if (this.env.JOBS_BOARD === 'on')
      await this.transaction.run((tx) => this.journal.record(tx, { action: 'jobs.opened' }));
    await this.serve(request, response);
  }

  @Allow('job.inspect')
  @FreshSignIn()
  @Get('*rest')
  inside(@Req() request: CallerRequest, @Res() response: Response): Promise<void> {
    return this.serve(request, response);
  }

  /** @throws NotFound when it is off, and for what the board does not know */
  private async serve(request: CallerRequest, response: Response): Promise<void> {
    if (this.env.JOBS_BOARD !== 'on') throw new NotFound('page');
    const router = await this.board.router();
    response.setHeader('Content-Security-Policy', withOwnBase(response));
    await new Promise<void>((done, fail) => {
      response.once('close', done);
      router(request, response, (error?: unknown) => {
        fail(error instanceof Error ? error : new NotFound(BOARD_PATH));
      });
    });
  }
}

/** The one style sheet that bull-board 9.10.1 writes by itself: how its messages slide in. */
const THEIR_STYLE = "'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='";

/** Of all pages these alone say where their addresses begin, and take that style; the rest is as everywhere. */
function withOwnBase(response: Response): string {
  const policy = response.getHeader('Content-Security-Policy');
  return (typeof policy === 'string' ? policy : '')
    .replace("base-uri 'none'", "base-uri 'self'")
    .replace("style-src 'self'", `style-src 'self' ${THEIR_STYLE}`);
}
