import { createHmac, timingSafeEqual } from 'node:crypto';

/** A token that nobody who knows the client's secret signed. */
export class WrongSymmetricSignature extends Error {}

/**
 * Checks the signature of a token in compact form by HMAC-SHA256 with the client's secret (RFC 7515, 7518). Claims and
 * times are the library's to check: it knows no symmetric signature and leaves this one to us.
 * @throws WrongSymmetricSignature, also for any algorithm but HS256
 */
export function checkSymmetric(token: string, secret: string): void {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || algorithmOf(header) !== 'HS256') throw new WrongSymmetricSignature();
  const expected = createHmac('sha256', secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new WrongSymmetricSignature();
}

/** A `fetch` that lets no signed answer through whose signature is wrong: userinfo comes this way. */
export function fetchingSymmetric(secret: string) {
  return async (url: string, options: object): Promise<Response> => {
    const response = await fetch(url, options);
    if (!/jwt/i.test(response.headers.get('content-type') ?? '')) return response;
    const token = await response.text();
    checkSymmetric(token, secret);
    return new Response(token, { status: response.status, headers: response.headers });
  };
}

function algorithmOf(header: string): unknown {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return (parsed as { alg?: unknown } | null)?.alg;
  } catch {
    return undefined;
  }
}
