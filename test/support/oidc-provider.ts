import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';

/** Who signs in at the provider, and how. */
export interface ProviderAccount {
  readonly sub: string;
  readonly email: string;
  readonly siret?: string;
  readonly idpId?: string;
  readonly amr?: readonly string[];
}

export const CLIENT = { id: 'msj', secret: 'a-secret-of-the-client-long-enough' };
/** What ProConnect knows; anything else is an error there (Y000400). */
const KNOWN_PARAMETERS = new Set([
  ...[
    'client_id',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
    'nonce',
    'claims',
    'acr_values',
    'prompt',
  ],
]);

/** A real OpenID provider, set up as ProConnect is: signed userinfo, no unknown parameter, short lives. */
export interface RunningProvider {
  readonly issuer: string;
  /** Whoever comes next signs in as this account. */
  account: ProviderAccount;
  close(): Promise<void>;
}

/** @param algorithm with which identity token and userinfo are signed */
export async function startOidcProvider(
  baseUrl: string,
  account: ProviderAccount,
  algorithm: 'RS256' | 'HS256' = 'RS256',
): Promise<RunningProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running: RunningProvider = { issuer, account, close: () => closed(server) };
  const provider = await build(issuer, baseUrl, running, algorithm);
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const unknown = [...url.searchParams.keys()].some((name) => !KNOWN_PARAMETERS.has(name));
    if (url.pathname === '/auth' && unknown) response.writeHead(400).end('Y000400');
    else if (url.pathname.startsWith('/interaction/')) void signIn(provider, running, request, response);
    else void answer(request, response);
  });
  return running;
}

async function build(
  issuer: string,
  baseUrl: string,
  running: RunningProvider,
  algorithm: 'RS256' | 'HS256',
): Promise<Provider> {
  const { default: OidcProvider } = await import('oidc-provider');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'one' };
  return new OidcProvider(issuer, {
    jwks: { keys: [key] },
    cookies: { keys: ['keys of the test provider'] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${baseUrl}/sign-in/oidc/callback`],
        post_logout_redirect_uris: [`${baseUrl}/sign-out/done`],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: algorithm,
        userinfo_signed_response_alg: algorithm,
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: [algorithm], userinfoSigningAlgValues: [algorithm] },
    scopes: ['openid', 'uid', 'given_name', 'usual_name', 'email', 'siret', 'idp_id'],
    claims: {
      openid: ['sub'],
      email: ['email'],
      siret: ['siret'],
      idp_id: ['idp_id'],
      uid: ['uid'],
      amr: null,
    },
    ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Interaction: 60, Session: 600, Grant: 600 },
    features: {
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      claimsParameter: { enabled: true },
    },
    pkce: { required: () => false },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => claimsOf(running.account, sub) }),
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({
        ...(client === undefined ? {} : { clientId: client.clientId }),
        ...(session?.accountId === undefined ? {} : { accountId: session.accountId }),
      });
      grant.addOIDCScope('openid uid given_name usual_name email siret idp_id');
      grant.addOIDCClaims(['amr']);
      await grant.save();
      return grant;
    },
  });
}

function claimsOf({ email, siret, idpId }: ProviderAccount, sub: string) {
  return { sub, email, uid: sub, siret: siret ?? '', idp_id: idpId ?? 'idp-of-the-test' };
}

function signIn(
  provider: Provider,
  { account }: RunningProvider,
  request: Parameters<Provider['interactionFinished']>[0],
  response: Parameters<Provider['interactionFinished']>[1],
): Promise<void> {
  const login = { accountId: account.sub, amr: [...(account.amr ?? ['pwd'])] };
  return provider.interactionFinished(request, response, { login });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A browser at the provider: follows redirects and keeps cookies until the address leaves it. */
export class BrowserAtProvider {
  private readonly jar = new Map<string, string>();

  constructor(private readonly issuer: string) {}

  /** @returns the first address elsewhere */
  async walk(from: URL): Promise<URL> {
    let url = from;
    for (let steps = 0; steps < 10; steps += 1) {
      const answer = await this.fetch(url);
      const location = answer.headers.get('location');
      const next = location ?? (await this.confirmedLogout(await answer.text()));
      if (next === null) throw new Error(`the provider stops at ${url.pathname}: ${answer.status}`);
      url = new URL(next, url);
      if (url.origin !== this.issuer) return url;
    }
    throw new Error('the provider sends in circles');
  }

  /** Presses « yes » on the page that asks whether to sign out. */
  private async confirmedLogout(html: string): Promise<string | null> {
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1];
    if (action === undefined || xsrf === undefined) return null;
    const answer = await this.fetch(new URL(action), new URLSearchParams({ xsrf, logout: 'yes' }));
    return answer.headers.get('location');
  }

  private async fetch(url: URL, body?: URLSearchParams): Promise<Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.jar.set(name, value);
    }
    return answer;
  }
}
