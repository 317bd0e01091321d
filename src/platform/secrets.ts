import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Env } from '../../config/env.js';

const KEY_BYTES = 32;

/** What a key is for; one is derived per purpose, so that a signature made for one is worth nothing for another. */
export type Purpose = 'sign-in-form' | 'throttle' | 'cursor' | 'callback' | 'stop-link';

/** Keyed digests. Derived by HKDF-SHA256 from each of `SECRET_KEYS`: the newest signs, all of them verify. */
@Injectable()
export class Secrets {
  private readonly derived = new Map<Purpose, readonly Buffer[]>();

  constructor(private readonly env: Env) {}

  /** HMAC-SHA256 under the newest key, base64url (43 characters). */
  sign(purpose: Purpose, text: string): string {
    const [newest] = this.keys(purpose);
    if (newest === undefined) throw new Error('no secret key');
    return hmac(newest, text).toString('base64url');
  }

  /** In constant time; true for a signature made by any key still listed. */
  verify(purpose: Purpose, text: string, signature: string): boolean {
    const given = Buffer.from(signature, 'base64url');
    return this.keys(purpose).some((key) => {
      const expected = hmac(key, text);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }

  private keys(purpose: Purpose): readonly Buffer[] {
    const known = this.derived.get(purpose);
    if (known !== undefined) return known;
    const keys = this.env.SECRET_KEYS.map((master) =>
      Buffer.from(hkdfSync('sha256', master, '', `mon-suivi-justice:${purpose}`, KEY_BYTES)),
    );
    this.derived.set(purpose, keys);
    return keys;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
