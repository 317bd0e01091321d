import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import { ProofCheck } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { OpenDuring } from '../../access/open-during.decorator.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm } from '../form-input.js';
import { localPath, originOf, sessionToken } from '../sign-in/browser-session.js';
import { waitProblems } from '../sign-in/code-problems.js';
import { ConfirmPage, WRONG_PROOF } from './confirm.page.js';

/** The password or the code once more, then back to where the agent was going. */
@SignedIn()
@OpenDuring('second-factor', 'charter')
@Controller('account/confirm')
export class ConfirmController {
  constructor(
    private readonly env: Env,
    private readonly proofs: ProofCheck,
  ) {}

  @Get()
  show(@Query() query: Record<string, unknown>, @CurrentSession() session: PageSession): string {
    return this.page(session, localPath(query.returnTo), []);
  }

  @Post()
  @HttpCode(200)
  async prove(
    @Body() body: Record<string, unknown>,
    @CurrentSession() session: PageSession,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const returnTo = localPath(readForm(body, ['proof', 'returnTo']).returnTo);
    const problems = await this.try(exactText(body, 'proof'), request, response);
    if (problems === null) response.redirect(303, returnTo);
    else response.type('html').send(this.page(session, returnTo, problems));
  }

  /** @returns null when it is proved */
  private async try(proof: string, request: CallerRequest, response: Response): Promise<Problems | null> {
    try {
      const { address, deviceToken } = originOf(this.env, request);
      const token = sessionToken(this.env, request);
      if (await this.proofs.prove({ token, proof, address, deviceToken })) return null;
      response.status(401);
      return [{ field: 'proof', sentence: WRONG_PROOF }];
    } catch (error) {
      return waitProblems(error, response);
    }
  }

  private page({ csrfToken }: PageSession, returnTo: string, problems: Problems): string {
    const provider = this.env.OIDC_ISSUER === undefined ? null : this.env.OIDC_NAME;
    const fields = { _csrf: csrfToken, returnTo };
    const form = { action: '/account/confirm', fields, proofField: 'proof' };
    return renderPage(h(ConfirmPage, { ...form, problems, provider, returnTo }));
  }
}
