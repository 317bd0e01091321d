import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';

const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
/** 128 bits: who has no key cannot find a second id with the same digest. */
const DIGEST_BYTES = 16;

/** What a digest stands for: the same id as an agent and as a person looks different. */
export type DigestKind = 'agent' | 'person' | 'api-key' | 'object' | 'detail';

/** The entry or link was made with a key that is not listed in `SECRET_KEYS` any more. */
export class UnknownJournalKey extends Error {
  constructor(readonly keyId: string) {
    super(`no key ${keyId} in SECRET_KEYS`);
  }
}

/**
 * Keys of the journal, derived by HKDF-SHA256 from each of `SECRET_KEYS`: the newest writes, all of them verify. The
 * database holds none of them: who may write every row of it can forge none.
 */
@Injectable()
export class JournalKeys {
  /** Id of the key that writes now. */
  readonly newest: string;
  private readonly masters: ReadonlyMap<string, string>;
  private readonly derived = new Map<string, Buffer>();
  /** The last digest of each kind: entries written together often tell the same agent or detail. */
  private readonly last = new Map<DigestKind, { readonly of: string; readonly digest: Buffer }>();

  constructor(@Inject(Env) env: Pick<Env, 'SECRET_KEYS'>) {
    const masters = env.SECRET_KEYS.map((master) => [keyIdOf(master), master] as const);
    this.masters = new Map(masters);
    this.newest = masters[0]?.[0] ?? '';
  }

  /** HMAC-SHA256 over an entry, a link or a head. @throws UnknownJournalKey */
  mac(keyId: string, text: string): Buffer {
    return hmac(this.key(keyId, 'mac'), text);
  }

  /**
   * Stands for an id once it is forgotten. One key a month: nobody can follow the same agent or person over the months
   * without the master key.
   *
   * @param month `YYYY-MM` @throws UnknownJournalKey
   */
  digest(keyId: string, month: string, kind: DigestKind, text: string): Buffer {
    const of = `${keyId}:${month}:${text}`;
    const last = this.last.get(kind);
    if (last?.of === of) return last.digest;
    const digest = hmac(this.key(keyId, `digest:${month}`), `${kind}:${text}`).subarray(0, DIGEST_BYTES);
    this.last.set(kind, { of, digest });
    return digest;
  }

  private key(keyId: string, use: string): Buffer {
    const name = `${keyId}:${use}`;
    const known = this.derived.get(name);
    if (known !== undefined) return known;
    const master = this.masters.get(keyId);
    if (master === undefined) throw new UnknownJournalKey(keyId);
    const key = derive(master, use, KEY_BYTES);
    this.derived.set(name, key);
    return key;
  }
}

/** In constant time. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Tells keys apart and nothing about them. */
function keyIdOf(master: string): string {
  return derive(master, 'key-id', KEY_ID_BYTES).toString('hex');
}

function derive(master: string, use: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `mon-suivi-justice:journal:${use}`, bytes));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
