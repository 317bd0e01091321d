import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { type JournalKeys, sameBytes } from '../../access/journal/journal-keys.js';
import { findPerson } from '../../persons/person.queries.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { instantOf } from '../../shared/time.js';
import { digest } from '../../shared/tokens.js';
import {
  certificateContent,
  certificateText,
  type CertifiedCall,
  certifiedUntil,
  codeOf,
} from '../domain/certificate.js';
import { certifiedCalls } from './certified-calls.query.js';

export interface CertificateView {
  readonly id: string;
  readonly code: string;
  readonly personId: string;
  readonly convocationId: string | null;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly issuedAt: Date;
  readonly messageIds: readonly string[];
  readonly contentDigest: Buffer;
  readonly keyId: string;
  readonly journalDay: string | null;
  readonly journalSeq: string | null;
  /** Hexadecimal. */
  readonly journalHash: string | null;
}

/** A certificate and what it says. */
export interface CertificateWithCalls {
  readonly certificate: CertificateView;
  readonly calls: readonly CertifiedCall[];
  /** Its row is as it was written, and the database still says what it said then. */
  readonly isUnchanged: boolean;
}

const CERTIFICATE = `SELECT c.id, c.code, c.person_id AS "personId", c.convocation_id AS "convocationId",
  c.organization_id AS "organizationId", o.name AS "organizationName", c.agent_id AS "agentId",
  agent.first_name || ' ' || agent.last_name AS "agentName", c.issued_at AS "issuedAt",
  c.message_ids AS "messageIds", c.content_digest AS "contentDigest", c.key_id AS "keyId",
  c.journal_day AS "journalDay", c.journal_seq AS "journalSeq", encode(c.journal_hash, 'hex') AS "journalHash"
  FROM certificate c JOIN organization o ON o.id = c.organization_id JOIN named_agent agent ON agent.id = c.agent_id`;
const MOST = 20;

/** @throws NotFound when missing, or about somebody whom the actor's service does not follow */
export async function findCertificate(
  tx: EntityManager,
  actor: Actor,
  keys: JournalKeys,
  id: string,
): Promise<CertificateWithCalls> {
  if (!isUuid(id)) throw new NotFound('certificate');
  const [certificate] = await tx.query<CertificateView[]>(`${CERTIFICATE} WHERE c.id = $1`, [id]);
  if (certificate === undefined) throw new NotFound('certificate');
  await findPerson(tx, actor, certificate.personId, 'certificate.make');
  return withCalls(tx, keys, certificate);
}

/** Whoever holds the code holds the paper: whom it is about is not asked. Null: no certificate has this code. */
export async function certificateByCode(
  tx: EntityManager,
  keys: JournalKeys,
  code: string,
): Promise<CertificateWithCalls | null> {
  const [certificate] = await tx.query<CertificateView[]>(`${CERTIFICATE} WHERE c.code = $1`, [code]);
  return certificate === undefined ? null : withCalls(tx, keys, certificate);
}

/** Those of a person, latest first, at most 20; the caller has made sure that the person may be seen. */
export async function certificatesOf(tx: EntityManager, personId: string): Promise<CertificateView[]> {
  return tx.query(`${CERTIFICATE} WHERE c.person_id = $1 ORDER BY c.issued_at DESC, c.id LIMIT ${MOST}`, [
    personId,
  ]);
}

async function withCalls(
  tx: EntityManager,
  keys: JournalKeys,
  certificate: CertificateView,
): Promise<CertificateWithCalls> {
  const issued = instantOf(certificate.issuedAt);
  const calls = await certifiedCalls(tx, certificate.messageIds, certifiedUntil(issued));
  const issuedAt = issued.toString({ smallestUnit: 'millisecond' });
  const mac = keys.mac(certificate.keyId, certificateText({ ...certificate, issuedAt }));
  const saysTheSame = sameBytes(digest(certificateContent(calls)), certificate.contentDigest);
  return { certificate, calls, isUnchanged: saysTheSame && codeOf(mac) === certificate.code };
}
