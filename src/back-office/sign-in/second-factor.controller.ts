import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { OpenDuring } from '../../access/open-during.decorator.js';
import { PassSecondFactor } from '../../agents/second-factor/pass-second-factor.js';
import { accountSafety } from '../../agents/session/session.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { SeeOther } from '../../platform/refusals.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { keepSignedIn, localPath, originOf, sessionToken } from './browser-session.js';
import { waitProblems } from './code-problems.js';
import { SecondFactorPage } from './second-factor.page.js';

const WRONG =
  'Ce code ne convient pas, ou il a déjà servi. Attendez le suivant, ou prenez un code de secours.';

/** The second half of a sign-in: a code, or first of all an authenticator where the role needs one. */
@SignedIn()
@OpenDuring('second-factor')
@Controller('sign-in/second-factor')
export class SecondFactorController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly passSecondFactor: PassSecondFactor,
  ) {}

  @Get()
  async show(
    @Query() query: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
  ): Promise<string> {
    const returnTo = localPath(query.returnTo);
    if (session.pendingStep !== 'second-factor') throw new SeeOther(returnTo);
    return this.page(request, session, returnTo, []);
  }

  @Post()
  @HttpCode(200)
  async pass(
    @Body() body: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['code', 'returnTo']);
    const returnTo = localPath(form.returnTo);
    const problems = await this.try(form.code, session, request, response);
    if (problems === null) response.redirect(303, returnTo);
    else response.type('html').send(await this.page(request, session, returnTo, problems));
  }

  /** @returns null when the step is done */
  private async try(
    code: string,
    session: PageSession,
    request: CallerRequest,
    response: Response,
  ): Promise<Problems | null> {
    if (session.pendingStep !== 'second-factor') return null;
    try {
      const { address, deviceToken } = originOf(this.env, request);
      const token = sessionToken(this.env, request);
      const passed = await this.passSecondFactor.execute({ token, code, address, deviceToken });
      if (passed !== null) {
        keepSignedIn(this.env, response, passed);
        return null;
      }
      response.status(401);
      return [{ field: 'code', sentence: WRONG }];
    } catch (error) {
      return waitProblems(error, response);
    }
  }

  private async page(
    request: CallerRequest,
    { csrfToken, agentName }: PageSession,
    returnTo: string,
    problems: Problems,
  ): Promise<string> {
    const safety = await this.transaction.run((tx) => accountSafety(tx, sessionToken(this.env, request)));
    const isEnrolled = safety?.secondFactorSince != null;
    return renderPage(h(SecondFactorPage, { csrfToken, agentName, returnTo, problems, isEnrolled }));
  }
}
