import { createHash, randomBytes } from 'node:crypto';

/** 128 random bits, safe in a URL: 22 characters, all of them in the GSM 7-bit alphabet. */
export function newToken(): string {
  return randomBytes(16).toString('base64url');
}

/** What the database keeps of a token or of a text. */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
