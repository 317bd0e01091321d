import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { BackupRefused } from './backup-refused.js';

const MAGIC = Buffer.from('MSJ-BACKUP\u0001', 'latin1');
const KEY_ID_BYTES = 8;
const SALT_BYTES = 32;
const HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + SALT_BYTES;
const CHUNK_BYTES = 64 * 1024;
/** One byte that says whether it is the last, four for the length of what follows. */
const HEAD_BYTES = 5;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * A file of any length under AES-256-GCM, in memory that does not grow with it:
 *
 *     header:  "MSJ-BACKUP" 01 | key id (8) | salt (32, random)
 *     chunk:   last (1) | length (4) | cipher text (at most 64 KiB) | tag (16)
 *
 * Each file has a key of its own, by HKDF-SHA256 from a master key and the salt, so that the number of the chunk can
 * be its nonce. Header, number and last mark are authenticated with each chunk: a chunk left out, repeated, moved or
 * taken from another file does not open, and a file cut after any chunk lacks its last one.
 */
export async function* sealed(
  source: AsyncIterable<Buffer>,
  masterKeys: readonly string[],
): AsyncGenerator<Buffer> {
  const [newest] = masterKeys;
  if (newest === undefined) throw new Error('no secret key');
  const salt = randomBytes(SALT_BYTES);
  const header = Buffer.concat([MAGIC, keyId(newest), salt]);
  const key = fileKey(newest, salt);
  yield header;
  let index = 0;
  let held = Buffer.alloc(0);
  for await (const part of source) {
    held = Buffer.concat([held, part]);
    // The last one is kept back: only the end says which it was.
    for (; held.length > CHUNK_BYTES; held = held.subarray(CHUNK_BYTES))
      yield sealChunk(key, header, { index: index++, last: false }, held.subarray(0, CHUNK_BYTES));
  }
  yield sealChunk(key, header, { index, last: true }, held);
}

/** @throws BackupRefused `not-an-archive`, `wrong-key`, `damaged` or `truncated`, at the first chunk concerned */
export async function* opened(
  source: AsyncIterable<Buffer>,
  masterKeys: readonly string[],
): AsyncGenerator<Buffer> {
  const bytes = new ByteReader(source);
  const header = await bytes.take(HEADER_BYTES);
  const key = keyOf(header, masterKeys);
  for (let index = 0; ; index++) {
    const head = await bytes.take(HEAD_BYTES);
    if (head.length < HEAD_BYTES) throw new BackupRefused('truncated');
    const length = head.readUInt32BE(1);
    if (length > CHUNK_BYTES) throw new BackupRefused('damaged', `chunk ${index}`);
    const body = await bytes.take(length + TAG_BYTES);
    if (body.length < length + TAG_BYTES) throw new BackupRefused('truncated');
    const last = head[0] === 1;
    yield openChunk(key, header, { index, last }, body);
    if (!last) continue;
    if ((await bytes.take(1)).length > 0) throw new BackupRefused('damaged', 'bytes after the end');
    return;
  }
}

interface Position {
  readonly index: number;
  readonly last: boolean;
}

function sealChunk(key: Buffer, header: Buffer, at: Position, plain: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(at)).setAAD(bound(header, at));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(at.last ? 1 : 0, 0);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, text, cipher.getAuthTag()]);
}

function openChunk(key: Buffer, header: Buffer, at: Position, body: Buffer): Buffer {
  const end = body.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(at), { authTagLength: TAG_BYTES })
    .setAAD(bound(header, at))
    .setAuthTag(body.subarray(end));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, end)), decipher.final()]);
  } catch {
    throw new BackupRefused('damaged', `chunk ${at.index}`);
  }
}

function nonceOf({ index }: Position): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
}

function bound(header: Buffer, { index, last }: Position): Buffer {
  const position = Buffer.alloc(9);
  position.writeBigUInt64BE(BigInt(index), 0);
  position.writeUInt8(last ? 1 : 0, 8);
  return Buffer.concat([header, position]);
}

function keyOf(header: Buffer, masterKeys: readonly string[]): Buffer {
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC))
    throw new BackupRefused('not-an-archive');
  const id = header.subarray(MAGIC.length, MAGIC.length + KEY_ID_BYTES);
  const master = masterKeys.find((key) => keyId(key).equals(id));
  if (master === undefined) throw new BackupRefused('wrong-key');
  return fileKey(master, header.subarray(MAGIC.length + KEY_ID_BYTES));
}

function keyId(master: string): Buffer {
  return derived(master, '', 'backup-key-id').subarray(0, KEY_ID_BYTES);
}

function fileKey(master: string, salt: Buffer): Buffer {
  return derived(master, salt, 'backup');
}

function derived(master: string, salt: string | Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, salt, `mon-suivi-justice:${purpose}`, KEY_BYTES));
}

class ByteReader {
  private readonly parts: AsyncIterator<Buffer>;
  private held = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.parts = source[Symbol.asyncIterator]();
  }

  /** Fewer only at the end. */
  async take(count: number): Promise<Buffer> {
    while (this.held.length < count) {
      const next = await this.parts.next();
      if (next.done === true) break;
      this.held = Buffer.concat([this.held, next.value]);
    }
    const taken = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    return taken;
  }
}
