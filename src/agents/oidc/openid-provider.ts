import { Injectable } from '@nestjs/common';
import type { Configuration, UserInfoResponse } from 'openid-client';
import { Env } from '../../../config/env.js';
import type { ProviderIdentity } from '../domain/provider-identity.js';
import { checkSymmetric, fetchingSymmetric } from './symmetric-tokens.js';

export const CALLBACK_PATH = '/sign-in/oidc/callback';
export const SIGNED_OUT_PATH = '/sign-out/done';

const TIMEOUT_SECONDS = 5;
const DISCOVERY_LIVES_MS = 3_600_000;
/** ProConnect tells how the agent signed in only when it is asked. */
const CLAIMS = JSON.stringify({ id_token: { amr: { essential: true } } });

/** The provider does not answer: agents may come back later, administrators sign in by password. */
export class ProviderDown extends Error {}
/** The provider answered something that must not be believed. Says which check failed, never what was sent. */
export class ProviderRefused extends Error {}

/** What ties an answer to the question: kept here, never in the browser. */
export interface Ties {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string | null;
}

export interface Vouched {
  readonly identity: ProviderIdentity;
  /** Hint of the logout. */
  readonly idToken: string;
}

type Library = typeof import('openid-client');

/**
 * ProConnect or any OpenID provider, by authorization code. Discovered at first use and kept an hour: a provider that
 * is down hinders neither the start nor who signs in by password. Signatures are verified on every token, with the one
 * registered algorithm.
 */
@Injectable()
export class OpenIdProvider {
  readonly isOn: boolean;
  private found: { readonly configuration: Configuration; readonly at: number } | undefined;

  constructor(private readonly env: Env) {
    this.isOn = env.OIDC_ISSUER !== undefined;
  }

  /**
   * @param asksAgain the agent has to prove who they are there, whatever session they have
   * @throws ProviderDown
   */
  async authorizationUrl(ties: Ties, asksAgain: boolean): Promise<URL> {
    const { library, configuration } = await this.discovered();
    const parameters = new URLSearchParams(this.env.OIDC_PARAMETERS);
    parameters.set('redirect_uri', this.address(CALLBACK_PATH));
    parameters.set('scope', this.env.OIDC_SCOPE);
    parameters.set('state', ties.state);
    parameters.set('nonce', ties.nonce);
    parameters.set('claims', CLAIMS);
    if (asksAgain) parameters.set('prompt', 'login');
    if (ties.codeVerifier !== null) {
      parameters.set('code_challenge', await library.calculatePKCECodeChallenge(ties.codeVerifier));
      parameters.set('code_challenge_method', 'S256');
    }
    return library.buildAuthorizationUrl(configuration, parameters);
  }

  /**
   * Redeems the code of an answer and reads who it is about.
   * @param query of the address the browser came back to, as it came
   * @throws ProviderDown, ProviderRefused
   */
  async identify(query: string, ties: Ties): Promise<Vouched> {
    const { library, configuration } = await this.discovered();
    const url = new URL(`${this.address(CALLBACK_PATH)}${query}`);
    return this.trusted(async () => {
      const tokens = await library.authorizationCodeGrant(configuration, url, {
        expectedState: ties.state,
        expectedNonce: ties.nonce,
        ...(ties.codeVerifier === null ? {} : { pkceCodeVerifier: ties.codeVerifier }),
      });
      const claims = tokens.claims();
      const idToken = tokens.id_token;
      if (claims === undefined || idToken === undefined) throw new ProviderRefused('no identity token');
      if (this.isSymmetric) checkSymmetric(idToken, this.env.OIDC_CLIENT_SECRET);
      const user = await library.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return { identity: identityOf({ ...claims }, user), idToken };
    });
  }

  /** Where the browser ends its session at the provider; null when that is not known now. */
  async logoutUrl(idToken: string, state: string): Promise<URL | null> {
    try {
      const { library, configuration } = await this.discovered();
      return library.buildEndSessionUrl(configuration, {
        id_token_hint: idToken,
        state,
        post_logout_redirect_uri: this.address(SIGNED_OUT_PATH),
      });
    } catch {
      return null;
    }
  }

  private async discovered(): Promise<{ library: Library; configuration: Configuration }> {
    const library = await import('openid-client');
    const now = performance.now();
    if (this.found === undefined || now - this.found.at > DISCOVERY_LIVES_MS)
      try {
        this.found = { configuration: await this.discover(library), at: now };
      } catch (error) {
        if (this.found === undefined) throw new ProviderDown('no discovery', { cause: error });
      }
    return { library, configuration: this.found.configuration };
  }

  private discover(library: Library): Promise<Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_SIGNING_ALG, OIDC_USERINFO } = this.env;
    const issuer = new URL(OIDC_ISSUER ?? '');
    const metadata = {
      id_token_signed_response_alg: OIDC_SIGNING_ALG,
      ...(OIDC_USERINFO === 'signed' ? { userinfo_signed_response_alg: OIDC_SIGNING_ALG } : {}),
    };
    const overHttp = issuer.protocol === 'http:' ? [overPlainHttp(library)] : [];
    const signatures = this.isSymmetric ? [] : [library.enableNonRepudiationChecks];
    return library.discovery(issuer, OIDC_CLIENT_ID, metadata, library.ClientSecretPost(OIDC_CLIENT_SECRET), {
      timeout: TIMEOUT_SECONDS,
      execute: [...overHttp, ...signatures],
      ...(this.isSymmetric ? { [library.customFetch]: fetchingSymmetric(OIDC_CLIENT_SECRET) } : {}),
    });
  }

  private get isSymmetric(): boolean {
    return this.env.OIDC_SIGNING_ALG === 'HS256';
  }

  /** Tells a provider that is away from one that must not be believed. */
  private async trusted<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ProviderRefused) throw error;
      if (isAway(error)) throw new ProviderDown('no answer', { cause: error });
      throw new ProviderRefused(codeOf(error), { cause: error });
    }
  }

  private address(path: string): string {
    return new URL(path, this.env.PUBLIC_BASE_URL).href;
  }
}

/** The library hides it behind a warning; `config/load-env.ts` lets it happen on this machine in tests only. */
function overPlainHttp(library: Library): (configuration: Configuration) => void {
  const allow: (configuration: Configuration) => void = Reflect.get(library, 'allowInsecureRequests');
  return allow;
}

function identityOf(claims: Readonly<Record<string, unknown>>, user: UserInfoResponse): ProviderIdentity {
  const idpId = textOf(user['idp_id']) ?? textOf(claims['idp_id']);
  const amr = claims['amr'];
  return {
    idpId: idpId ?? String(claims['iss']),
    sub: user.sub,
    email: textOf(user.email)?.toLowerCase() ?? null,
    emailIsVerified: typeof user.email_verified === 'boolean' ? user.email_verified : null,
    siret: textOf(user['siret'])?.replace(/\s/g, '') ?? null,
    isFederated: idpId !== null,
    amr: Array.isArray(amr) ? amr.map(String) : [],
    provedSecondsAgo: secondsBetween(claims['auth_time'], claims['iat']),
  };
}

function secondsBetween(from: unknown, to: unknown): number | null {
  return typeof from === 'number' && typeof to === 'number' ? to - from : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function codeOf(error: unknown): string {
  const { code, error: answered } = error as { code?: unknown; error?: unknown };
  return typeof answered === 'string' ? answered : typeof code === 'string' ? code : 'unreadable answer';
}

/** No connection, no answer in time, or an error of the server itself. */
function isAway(error: unknown): boolean {
  const { name, code, status, cause } = error as {
    name?: unknown;
    code?: unknown;
    status?: unknown;
    cause?: unknown;
  };
  if (name === 'TimeoutError' || code === 'OAUTH_TIMEOUT') return true;
  if (error instanceof TypeError && error.message === 'fetch failed') return true;
  if (typeof status === 'number' && status >= 500) return true;
  return cause instanceof Response && cause.status >= 500;
}
