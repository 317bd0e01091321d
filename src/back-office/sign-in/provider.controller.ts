import { Controller, Get, NotFoundException, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Env } from '../../../config/env.js';
import { Public } from '../../access/allow.decorator.js';
import { cookieName, cookieOptions, readCookie } from '../../access/cookies.js';
import { ForeignForm } from '../../access/refusals.js';
import {
  OpenIdProvider,
  ProviderDown,
  ProviderRefused,
  type Vouched,
} from '../../agents/oidc/openid-provider.js';
import { type Awaited, ProviderTies } from '../../agents/oidc/provider-ties.js';
import { provesNow } from '../../agents/domain/provider-identity.js';
import { SignInByProvider } from '../../agents/oidc/sign-in-by-provider.js';
import { Transaction } from '../../platform/transaction.js';
import { keepSignedIn, localPath, originOf } from './browser-session.js';
import { SignInPages } from './sign-in.view.js';

/** ProConnect or another OpenID provider: leaving for it, coming back from it. */
@Public('by-token')
@Controller()
export class ProviderController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly provider: OpenIdProvider,
    private readonly ties: ProviderTies,
    private readonly signInByProvider: SignInByProvider,
    private readonly pages: SignInPages,
  ) {}

  /** A link and not a form: the content security policy lets no form leave the service, not even by a redirect. */
  @Get('sign-in/oidc')
  async leave(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (!this.provider.isOn) throw new NotFoundException();
    const returnTo = localPath(query.returnTo);
    try {
      const awaited = { ...this.ties.draw(), returnTo, asksAgain: query.fresh === 'true' };
      const url = await this.provider.authorizationUrl(awaited, awaited.asksAgain);
      const browser = await this.transaction.run((tx) => this.ties.keep(tx, 'sign-in', awaited));
      response.cookie(cookieName(this.env, 'oidc'), browser, cookieOptions(this.env));
      response.redirect(303, url.href);
    } catch (error) {
      this.refuse(request, response, returnTo, error);
    }
  }

  /** Nobody but the browser that left comes back, once, with the state it left with. */
  @Get('sign-in/oidc/callback')
  async comeBack(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (!this.provider.isOn) throw new NotFoundException();
    const awaited = await this.take('sign-in', query.state, request, response);
    if (awaited === undefined) {
      this.refuse(request, response, '/', new ProviderRefused('state'));
      return;
    }
    try {
      const vouched = await this.provider.identify(queryOf(request), awaited);
      await this.enter(vouched, awaited, request, response);
    } catch (error) {
      this.refuse(request, response, awaited.returnTo, error);
    }
  }

  /** Where the provider sends the browser once its own session ended. */
  @Get('sign-out/done')
  async signedOut(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const awaited = await this.take('sign-out', query.state, request, response);
    if (awaited === undefined) throw new ForeignForm();
    response.redirect(303, '/sign-in?done=signed-out');
  }

  private async enter(
    vouched: Vouched,
    { returnTo, asksAgain }: Awaited,
    request: Request,
    response: Response,
  ): Promise<void> {
    const origin = originOf(this.env, request);
    const command = { ...vouched, isProof: provesNow(vouched.identity, asksAgain) };
    const signedIn = await this.transaction.run((tx) => this.signInByProvider.execute(tx, command, origin));
    if (signedIn === null) throw new ProviderRefused('nobody invited');
    keepSignedIn(this.env, response, signedIn);
    response.redirect(303, returnTo);
  }

  private async take(
    purpose: 'sign-in' | 'sign-out',
    state: unknown,
    request: Request,
    response: Response,
  ): Promise<Awaited | undefined> {
    const name = cookieName(this.env, 'oidc');
    const browser = readCookie(request, name);
    if (typeof state !== 'string' || browser === undefined) return undefined;
    const awaited = await this.transaction.run((tx) => this.ties.take(tx, purpose, { state, browser }));
    if (awaited !== undefined) response.clearCookie(name, cookieOptions(this.env));
    return awaited;
  }

  /** The sign-in page, with a sentence: the same one whatever the provider said wrongly. */
  private refuse(request: Request, response: Response, returnTo: string, error: unknown): void {
    const isDown = error instanceof ProviderDown;
    if (!isDown && !(error instanceof ProviderRefused)) throw error;
    const name = this.env.OIDC_NAME;
    const sentence = isDown
      ? `${name} ne répond pas. Réessayez dans quelques minutes\u00a0; un administrateur peut entrer avec son mot de passe.`
      : `${name} ne vous a pas reconnu ici. Recommencez\u00a0; si cela continue, demandez une invitation à l’administrateur de votre service.`;
    response.status(isDown ? 503 : 401).type('html');
    response.send(this.pages.signIn(request, response, { email: '', returnTo, problems: [{ sentence }] }));
  }
}

/** `?code=…&state=…` as it came, for the library to read once and strictly. */
function queryOf(request: Request): string {
  const at = request.originalUrl.indexOf('?');
  return at < 0 ? '' : request.originalUrl.slice(at);
}
