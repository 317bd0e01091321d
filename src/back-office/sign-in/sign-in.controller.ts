import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { h } from 'preact';
import { Env } from '../../../config/env.js';
import { Public, SignedIn } from '../../access/allow.decorator.js';
import { cookieName, cookieOptions, readCookie } from '../../access/cookies.js';
import { FormCheck } from '../../access/form-check.js';
import { OpenDuring } from '../../access/open-during.decorator.js';
import { ForeignForm } from '../../access/refusals.js';
import { OpenIdProvider } from '../../agents/oidc/openid-provider.js';
import { ProviderTies } from '../../agents/oidc/provider-ties.js';
import { SignIn, type SignedIn as Entered } from '../../agents/sign-in.js';
import { SignOut } from '../../agents/sign-out.js';
import { RateLimited } from '../../platform/refusals.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm } from '../form-input.js';
import { keepSignedIn, localPath, originOf } from './browser-session.js';
import { tooMany } from './code-problems.js';
import { SignInPages } from './sign-in.view.js';
import { SignedOutPage, type SignedOutView } from './signed-out.page.js';

@Controller()
export class SignInController {
  constructor(
    private readonly env: Env,
    private readonly forms: FormCheck,
    private readonly signIn: SignIn,
    private readonly signOut: SignOut,
    private readonly transaction: Transaction,
    private readonly provider: OpenIdProvider,
    private readonly ties: ProviderTies,
    private readonly pages: SignInPages,
  ) {}

  @Public('by-token')
  @Get('sign-in')
  show(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): string {
    const signedOut = query.done === 'signed-out';
    return this.pages.signIn(request, response, {
      email: '',
      returnTo: localPath(query.returnTo),
      signedOut,
    });
  }

  @Public('by-token')
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
    const entered = await this.try(request, form.email, exactText(body, 'password'), response);
    if (!('token' in entered)) {
      const { problems } = entered;
      response
        .type('html')
        .send(this.pages.signIn(request, response, { email: form.email, returnTo, problems }));
      return;
    }
    keepSignedIn(this.env, response, entered);
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
    const idToken = await this.transaction.run((tx) => this.signOut.execute(tx, { token }));
    response.clearCookie(name, cookieOptions(this.env));
    // On a shared machine « back » must not show what was read; browsers obey over https only.
    response.setHeader('Clear-Site-Data', '"cache", "storage"');
    const elsewhere = idToken === null ? null : await this.logoutUrl(idToken, response);
    if (elsewhere === null) response.redirect(303, '/sign-in?done=signed-out');
    else
      response
        .status(200)
        .type('html')
        .send(renderPage(h(SignedOutPage, elsewhere)));
  }

  /** Ends the session at the provider too: who comes next to this machine must not sign in by one click. */
  private async logoutUrl(idToken: string, response: Response): Promise<SignedOutView | null> {
    const awaited = { ...this.ties.draw(), returnTo: '/', asksAgain: false };
    const url = await this.provider.logoutUrl(idToken, awaited.state);
    if (url === null) return null;
    const browser = await this.transaction.run((tx) => this.ties.keep(tx, 'sign-out', awaited));
    response.cookie(cookieName(this.env, 'oidc'), browser, cookieOptions(this.env));
    return { provider: this.env.OIDC_NAME, url: url.href };
  }

  /** @returns what the browser keeps, or what the page says */
  private async try(
    request: Request,
    email: string,
    password: string,
    response: Response,
  ): Promise<Entered | { readonly problems: Problems }> {
    try {
      const origin = originOf(this.env, request);
      const signedIn = await this.signIn.execute({ email, password, ...origin });
      if (signedIn !== null) return signedIn;
      response.status(401);
      return { problems: [{ field: 'email', sentence: 'L’adresse ou le mot de passe ne convient pas.' }] };
    } catch (error) {
      if (!(error instanceof RateLimited)) throw error;
      response.status(429).setHeader('Retry-After', String(error.retryAfterSeconds));
      return { problems: [{ sentence: tooMany(error) }] };
    }
  }
}
