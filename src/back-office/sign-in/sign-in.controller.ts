import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { Public, SignedIn } from '../../access/allow.decorator.js';
import { cookieName, cookieOptions, readCookie } from '../../access/cookies.js';
import { FormCheck } from '../../access/form-check.js';
import { OpenDuring } from '../../access/open-during.decorator.js';
import { ForeignForm } from '../../access/refusals.js';
import { SignIn } from '../../agents/sign-in.js';
import { SignOut } from '../../agents/sign-out.js';
import { RateLimited } from '../../platform/refusals.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm } from '../form-input.js';
import { SignInPage } from './sign-in.page.js';

const LOCAL_PATH = /^\/(?![/\\])[\w/?=&.-]{0,300}$/;

@Controller()
export class SignInController {
  constructor(
    private readonly env: Env,
    private readonly forms: FormCheck,
    private readonly signIn: SignIn,
    private readonly signOut: SignOut,
    private readonly transaction: Transaction,
  ) {}

  @Public()
  @Get('sign-in')
  show(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): string {
    const signedOut = query.done === 'signed-out';
    return this.page(request, response, { email: '', returnTo: localPath(query.returnTo), signedOut });
  }

  @Public()
  @Post('sign-in')
  @HttpCode(200)
  async enter(
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['_csrf', 'email', 'password', 'returnTo']);
    if (!this.forms.isIssued(request, form._csrf)) throw new ForeignForm();
    const returnTo = localPath(form.returnTo);
    const token = await this.tokenFor(request, form.email, exactText(body, 'password'), response);
    if (typeof token !== 'string') {
      response
        .type('html')
        .send(this.page(request, response, { email: form.email, returnTo, problems: token }));
      return;
    }
    response.cookie(cookieName(this.env, 'sid'), token, cookieOptions(this.env));
    response.redirect(303, returnTo);
  }

  @SignedIn()
  @OpenDuring('second-factor', 'charter')
  @Post('sign-out')
  async leave(
    @Body() body: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    const name = cookieName(this.env, 'sid');
    const token = readCookie(request, name) ?? '';
    await this.transaction.run((tx) => this.signOut.execute(tx, { token }));
    response.clearCookie(name, cookieOptions(this.env));
    response.redirect(303, '/sign-in?done=signed-out');
  }

  /** @returns the token of the session, or what the page says */
  private async tokenFor(
    request: Request,
    email: string,
    password: string,
    response: Response,
  ): Promise<string | Problems> {
    try {
      const previousToken = readCookie(request, cookieName(this.env, 'sid'));
      const token = await this.signIn.execute({ email, password, address: request.ip ?? '', previousToken });
      if (token !== null) return token;
      response.status(401);
      return [{ field: 'email', sentence: 'L’adresse ou le mot de passe ne convient pas.' }];
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      response.status(429).setHeader('Retry-After', String(error.retryAfterSeconds));
      return [{ sentence: `Trop d’essais. Réessayez dans ${error.retryAfterSeconds}\u00a0s.` }];
    }
  }

  private page(
    request: Request,
    response: Response,
    view: { email: string; returnTo: string; problems?: Problems; signedOut?: boolean },
  ): string {
    const csrfToken = this.forms.issue(request, response);
    return renderPage(h(SignInPage, { problems: [], signedOut: false, ...view, csrfToken }));
  }
}

/** Where the agent was going, when that is a page of ours. */
function localPath(given: unknown): string {
  return typeof given === 'string' && LOCAL_PATH.test(given) ? given : '/';
}
