import { createHash, randomBytes, randomFillSync } from 'node:crypto';

const TOKEN_BYTES = 16;
/** Drawn for many tokens at once: asking the generator costs more than the bytes. Each is used once, then erased. */
const drawn = Buffer.alloc(256 * TOKEN_BYTES);
let used = drawn.length;

/** 128 random bits, safe in a URL: 22 characters, all of them in the GSM 7-bit alphabet. */
export function newToken(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const token = drawn.toString('base64url', used, used + TOKEN_BYTES);
  drawn.fill(0, used, (used += TOKEN_BYTES));
  return token;
}

/** 128 random bits for a part of a mail address: 32 characters that mean the same in capitals. */
export function newMailToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}

/** What the database keeps of a token or of a text. */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
