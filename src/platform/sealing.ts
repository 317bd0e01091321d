import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';

const KEY_BYTES = 32;
const FORMAT = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;
const INDEX_BYTES = 16;
const SHORT_INDEX_BYTES = 2;

/** What is looked for by equality; one key per purpose, so that the same value in two of them looks different. */
export type IndexPurpose = 'phone' | 'phone-tail' | 'email' | 'request';

/**
 * Sealed bytes that cannot be opened: another key, another context, or a changed byte. Says why, never what:
 * neither the plain text nor the sealed bytes are in the message.
 */
export class CannotOpen extends Error {
  constructor(readonly reason: 'format' | 'unknown-key' | 'forged-or-moved') {
    super(`sealed value cannot be opened: ${reason}`);
    this.name = 'CannotOpen';
  }
}

interface MasterKey {
  readonly id: Buffer;
  readonly sealing: Buffer;
  readonly indexes: Map<IndexPurpose, Buffer>;
  readonly master: string;
}

/**
 * Seals what must not be read in a stolen database, and makes it findable by equality.
 *
 * Sealed bytes: format (1) | key id (4) | nonce (12, random) | tag (16) | AES-256-GCM cipher text. The context
 * (table, row, column) is authenticated with it: bytes copied to another row do not open there.
 * Index bytes: key id (4) | HMAC-SHA256 cut to 16 bytes (128 bits), or to 2 for the short one.
 * Keys are derived by HKDF-SHA256 from each of `SECRET_KEYS`: the newest seals, all of them open.
 */
@Injectable()
export class Sealing {
  private readonly keys: readonly MasterKey[];

  constructor(@Inject(Env) env: Pick<Env, 'SECRET_KEYS'>) {
    this.keys = env.SECRET_KEYS.map(masterKey);
  }

  seal(plain: string, context: string): Buffer {
    const { id, sealing } = this.newest();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(context, 'utf8'));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from([FORMAT]), id, nonce, cipher.getAuthTag(), text]);
  }

  /** @throws CannotOpen */
  open(sealed: Buffer, context: string): string {
    if (sealed.length < HEADER_BYTES || sealed[0] !== FORMAT) throw new CannotOpen('format');
    const key = this.keyOf(sealed);
    if (key === undefined) throw new CannotOpen('unknown-key');
    const nonceEnd = 1 + KEY_ID_BYTES + NONCE_BYTES;
    const nonce = sealed.subarray(1 + KEY_ID_BYTES, nonceEnd);
    const decipher = createDecipheriv('aes-256-gcm', key.sealing, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context, 'utf8'))
      .setAuthTag(sealed.subarray(nonceEnd, HEADER_BYTES));
    try {
      return decipher.update(sealed.subarray(HEADER_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new CannotOpen('forged-or-moved');
    }
  }

  /** Equal values have equal indexes, under the newest key. What is looked for must be asked by `blindIndexes`. */
  blindIndex(purpose: IndexPurpose, value: string): Buffer {
    return indexUnder(this.newest(), purpose, value, INDEX_BYTES);
  }

  /** The index of a value under every key still listed, newest first: what a search compares with `= ANY`. */
  blindIndexes(purpose: IndexPurpose, value: string): Buffer[] {
    return this.keys.map((key) => indexUnder(key, purpose, value, INDEX_BYTES));
  }

  /** 16 bits: one value in 65 536 shares it by chance, so that what it finds has to be opened and compared. */
  shortIndex(purpose: IndexPurpose, value: string): Buffer {
    return indexUnder(this.newest(), purpose, value, SHORT_INDEX_BYTES);
  }

  /** As `blindIndexes`, of the short index. */
  shortIndexes(purpose: IndexPurpose, value: string): Buffer[] {
    return this.keys.map((key) => indexUnder(key, purpose, value, SHORT_INDEX_BYTES));
  }

  /** What sealed bytes made by the newest key begin with. */
  newestPrefix(): Buffer {
    return Buffer.concat([Buffer.from([FORMAT]), this.newest().id]);
  }

  /** What an index made by the newest key begins with; 4 bytes that say nothing about the key. */
  newestKeyId(): Buffer {
    return this.newest().id;
  }

  /** Whether the key of this id, as it begins an index, is still listed. */
  knows(keyId: Buffer): boolean {
    return this.keys.some((key) => key.id.equals(keyId));
  }

  private newest(): MasterKey {
    const [newest] = this.keys;
    if (newest === undefined) throw new Error('no secret key');
    return newest;
  }

  private keyOf(sealed: Buffer): MasterKey | undefined {
    const id = sealed.subarray(1, 1 + KEY_ID_BYTES);
    return this.keys.find((key) => key.id.equals(id));
  }
}

const KEPT = new WeakMap<DataSource, Sealing>();

/** From now on, what is read over these connections can be opened: whoever opens a database gives it its keys. */
export function keepKeys<T extends DataSource>(dataSource: T, sealing: Sealing): T {
  KEPT.set(dataSource, sealing);
  return dataSource;
}

/** @throws Error when the database was opened without keys */
export function sealingOf(tx: Pick<EntityManager, 'dataSource'>): Sealing {
  const sealing = KEPT.get(tx.dataSource);
  if (sealing === undefined) throw new Error('this database was opened without SECRET_KEYS');
  return sealing;
}

function masterKey(master: string): MasterKey {
  const id = derive(master, 'key-id').subarray(0, KEY_ID_BYTES);
  return { id, sealing: derive(master, 'sealing'), indexes: new Map(), master };
}

function derive(master: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `mon-suivi-justice:${purpose}`, KEY_BYTES));
}

function indexUnder(key: MasterKey, purpose: IndexPurpose, value: string, bytes: number): Buffer {
  const derived = key.indexes.get(purpose) ?? derive(key.master, `index:${purpose}`);
  key.indexes.set(purpose, derived);
  const digest = createHmac('sha256', derived).update(value, 'utf8').digest();
  return Buffer.concat([key.id, digest.subarray(0, bytes)]);
}
