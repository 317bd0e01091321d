import { canonicalJson } from '../../access/domain/journal-canonical.js';
import type { Instant } from '../../shared/time.js';

/** Crockford's base 32: no letter that is taken for a figure. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: nobody finds one by trying. */
const LENGTH = 16;

/**
 * A certificate tells what was known one minute before it was issued: what an operator said in a transaction that was
 * still open would otherwise appear in it afterwards. Longer than any transaction of ours may last.
 */
const OPEN_SECONDS = 60;

/** What came to be known later than this is left out. */
export function certifiedUntil(issuedAt: Instant): Instant {
  return issuedAt.subtract({ seconds: OPEN_SECONDS });
}

/** One call to an operator, as far as it was known at a given moment. Instants are ISO 8601, UTC. */
export interface CertifiedCall {
  readonly messageId: string;
  readonly convocationId: string;
  readonly kind: string;
  /** Days before the appointment, of a reminder. */
  readonly occurrence: number;
  readonly promiseVersion: number;
  readonly plannedFor: string;
  readonly number: number;
  readonly channel: string;
  readonly operator: string;
  readonly sender: string;
  /** Masked: « •• •• •• •• 12 ». */
  readonly recipient: string;
  readonly startedAt: string;
  /** Null: the operator had given none. */
  readonly operatorMessageId: string | null;
  readonly answeredAt: string | null;
  /** SHA-256, hexadecimal. */
  readonly bodyHash: string;
  readonly templateVersion: number | null;
  readonly receipts: readonly {
    readonly status: string;
    readonly errorCode: string | null;
    readonly at: string;
  }[];
}

/** What the digest of a certificate is taken over. */
export function certificateContent(calls: readonly CertifiedCall[]): string {
  return canonicalJson(['certificate', 1, calls]);
}

/** What the code of a certificate is made from. */
export interface CertificateFacts {
  readonly id: string;
  readonly personId: string;
  readonly convocationId: string | null;
  readonly organizationId: string;
  readonly agentId: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly issuedAt: string;
  readonly contentDigest: Buffer;
}

/** The facts in a fixed order: the same ones always give the same text. */
export function certificateText(facts: CertificateFacts): string {
  const { id, personId, convocationId, organizationId, agentId, issuedAt, contentDigest } = facts;
  const digest = contentDigest.toString('hex');
  return JSON.stringify([
    'certificate',
    id,
    personId,
    convocationId,
    organizationId,
    agentId,
    issuedAt,
    digest,
  ]);
}

/** `7K3M9QX2A0VB4C5D`, of the first 80 bits. @param mac at least 10 bytes */
export function codeOf(mac: Buffer): string {
  let bits = 0n;
  for (const byte of mac.subarray(0, (LENGTH * 5) / 8)) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length: LENGTH }, (_, at) =>
    LETTERS.charAt(Number((bits >> BigInt(5 * (LENGTH - 1 - at))) & 31n)),
  ).join('');
}

/** `7K3M-9QX2-A0VB-4C5D`: as it is printed. */
export function printedCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** The code in any typing: case, spaces, dashes, O for 0, I and L for 1. Null: it cannot be one. */
export function typedCode(typed: string): string | null {
  const tidy = typed
    .slice(0, 100)
    .toUpperCase()
    .replace(/[\s\u00a0\u202f.–-]+/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return tidy.length === LENGTH && [...tidy].every((letter) => LETTERS.includes(letter)) ? tidy : null;
}
