import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Claims = Readonly<Record<string, unknown>>;

/** How the tokens of one sign-in are made; everything that is not said is right. */
export interface Misbehaviour {
  readonly idToken?: Claims;
  readonly userinfo?: Claims;
  /** Signs the identity token some other way. */
  readonly signing?: 'none' | 'hs256-with-public-key' | 'another-key' | 'es256' | 'rs256' | 'another-secret';
  /** Signs the userinfo, and nothing else, some other way. */
  readonly userinfoSigning?: Misbehaviour['signing'];
  /** The token endpoint answers with this status. */
  readonly tokenStatus?: number;
  /** Userinfo as plain JSON, without signature. */
  readonly plainUserinfo?: boolean;
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  ...{ none: 'none', es256: 'ES256', rs256: 'RS256' },
  ...{ 'hs256-with-public-key': 'HS256', 'another-secret': 'HS256', secret: 'HS256' },
};
const seconds = () => Math.floor(performance.timeOrigin / 1000 + performance.now() / 1000);
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OpenID provider that can be told to forge, lie and fail: what a real one will not do for a test. */
export class OpenIdStub {
  misbehaviour: Misbehaviour = {};
  /** Of who signs in. */
  claims: Claims = {};
  /** Bodies and headers that the token endpoint received. */
  readonly asked: { readonly body: URLSearchParams; readonly authorization: string | undefined }[] = [];
  issuer = '';
  private nonce = '';
  private readonly spent = new Set<string>();
  private codes = 0;
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** @param secret signs tokens by HS256 instead of a key of its own */
  constructor(private readonly secret: string | null = null) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  /** The agent signs in here. @returns what the browser is sent back with */
  authorize(url: URL): URLSearchParams {
    this.nonce = url.searchParams.get('nonce') ?? '';
    this.codes += 1;
    return new URLSearchParams({ code: `code-${this.codes}`, state: url.searchParams.get('state') ?? '' });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname } = new URL(request.url ?? '/', this.issuer);
    if (pathname === '/.well-known/openid-configuration') json(response, this.metadata());
    else if (pathname === '/jwks') json(response, { keys: [this.publicJwk()] });
    else if (pathname === '/token')
      this.token(new URLSearchParams(Buffer.concat(chunks).toString()), request, response);
    else if (pathname === '/userinfo') this.userinfo(response);
    else response.writeHead(404).end();
  }

  private token(body: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    this.asked.push({ body, authorization: request.headers.authorization });
    const code = body.get('code') ?? '';
    const { tokenStatus, idToken } = this.misbehaviour;
    if (tokenStatus !== undefined) json(response, { error: 'server_error' }, tokenStatus);
    else if (this.spent.has(code)) json(response, { error: 'invalid_grant' }, 400);
    else {
      this.spent.add(code);
      const id_token = this.signed(
        { ...this.standard(), nonce: this.nonce, amr: ['pwd'], ...idToken },
        this.misbehaviour.signing,
      );
      json(response, { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token });
    }
  }

  private userinfo(response: ServerResponse): void {
    const { userinfo, plainUserinfo, userinfoSigning } = this.misbehaviour;
    const claims = { ...this.standard(), ...this.claims, ...userinfo };
    if (plainUserinfo === true) json(response, claims);
    else {
      response.writeHead(200, { 'Content-Type': 'application/jwt' });
      response.end(this.signed(claims, userinfoSigning));
    }
  }

  private standard(): Claims {
    const now = seconds();
    return { iss: this.issuer, aud: 'msj', sub: this.claims['sub'], iat: now, exp: now + 60 };
  }

  private signed(claims: Claims, signing: Misbehaviour['signing']): string {
    const alg = ALGORITHMS[signing ?? (this.secret === null ? 'rs256' : 'secret')] ?? 'RS256';
    const input = `${encoded({ alg, typ: 'JWT', kid: 'one' })}.${encoded(claims)}`;
    return `${input}.${this.signature(input, signing)}`;
  }

  private signature(input: string, signing: Misbehaviour['signing']): string {
    const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' });
    if (signing === 'none') return '';
    const secret = signing === 'another-secret' ? 'x'.repeat(40) : signing === undefined ? this.secret : null;
    if (secret !== null) return createHmac('sha256', secret).update(input).digest('base64url');
    if (signing === 'hs256-with-public-key')
      return createHmac('sha256', pem(this.keys.publicKey)).update(input).digest('base64url');
    if (signing === 'es256') {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      );
    }
    const { privateKey } = signing === 'another-key' ? this.otherKeys : this.keys;
    return sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url');
  }

  private publicJwk(): Claims {
    return { ...this.keys.publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'one' };
  }

  private metadata(): Claims {
    const at = (path: string) => `${this.issuer}${path}`;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      userinfo_endpoint: at('/userinfo'),
      jwks_uri: at('/jwks'),
      end_session_endpoint: at('/session/end'),
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
      userinfo_signing_alg_values_supported: ['RS256', 'ES256', 'HS256'],
    };
  }
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
