import type { TOTP } from 'otplib';

/** Seconds during which a code is shown (RFC 6238); one step before and after is accepted too. */
const STEP_SECONDS = 30;
const ISSUER = 'Mon Suivi Justice';

let loading: Promise<TOTP> | undefined;

/** Loaded at first use: the start and the workers do without. */
async function authenticator(): Promise<TOTP> {
  loading ??= import('otplib').then(
    ({ NobleCryptoPlugin, ScureBase32Plugin, TOTP }) =>
      new TOTP({ crypto: new NobleCryptoPlugin(), base32: new ScureBase32Plugin(), period: STEP_SECONDS }),
  );
  return loading;
}

/** 160 random bits in base 32, as authenticators take them. */
export async function newSecret(): Promise<string> {
  return (await authenticator()).generateSecret();
}

/** What the QR code says to an authenticator. */
export async function uriOf(secret: string, email: string): Promise<string> {
  return (await authenticator()).toURI({ secret, label: email, issuer: ISSUER });
}

/**
 * @param seconds now, since 1970
 * @returns the step of 30 s whose code this is (the current one, the one before or after), or null
 */
export async function stepOf(secret: string, code: string, seconds: number): Promise<number | null> {
  if (!/^\d{6}$/.test(code)) return null;
  const verdict = await (
    await authenticator()
  ).verify(code, { secret, epoch: Math.floor(seconds), epochTolerance: STEP_SECONDS });
  return verdict.valid ? verdict.timeStep : null;
}

/** The code an authenticator shows at that time. */
export async function codeAt(secret: string, seconds: number): Promise<string> {
  return (await authenticator()).generate({ secret, epoch: Math.floor(seconds) });
}
