import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may } from '../../access/domain/rights.js';
import { Journal } from '../../access/journal.js';
import { newestHead } from '../../access/journal/heads.query.js';
import { JournalKeys } from '../../access/journal/journal-keys.js';
import { convocationsOfPerson, type ConvocationView } from '../../convocations/convocation.queries.js';
import { findPerson } from '../../persons/person.queries.js';
import { Clock } from '../../platform/clock.js';
import { Forbidden, NotFound } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { certificateContent, certificateText, certifiedUntil, codeOf } from '../domain/certificate.js';
import { calledMessages, certifiedCalls } from './certified-calls.query.js';

export interface IssueCertificateCommand {
  readonly personId: string;
  /** Only the messages of this one; null: of all those the actor sees. */
  readonly convocationId: string | null;
}

/** Certifies what was sent to a person as it is known now; what is printed is read again from that moment. */
@Injectable()
export class IssueCertificate {
  constructor(
    private readonly clock: Clock,
    private readonly keys: JournalKeys,
    private readonly journal: Journal,
  ) {}

  /** @returns its id @throws Forbidden by role; NotFound for a person or a convocation of somebody else */
  async execute(tx: EntityManager, command: IssueCertificateCommand, actor: Actor): Promise<string> {
    if (!may(actor, 'certificate.make') || actor.agentId === null) throw new Forbidden('certificate.make');
    const { convocationId } = command;
    const person = await findPerson(tx, actor, command.personId, 'certificate.make');
    const { id: personId } = person;
    const seen = await convocationsOfPerson(tx, actor, person);
    const messageIds = await certifiable(tx, seen, convocationId);
    const now = await this.clock.now(tx);
    const calls = await certifiedCalls(tx, messageIds, certifiedUntil(now));
    const contentDigest = digest(certificateContent(calls));
    const { agentId, organizationId } = actor;
    const facts = {
      ...{ id: randomUUID(), personId, convocationId, organizationId, agentId },
      contentDigest,
    };
    const issuedAt = now.toString({ smallestUnit: 'millisecond' });
    const keyId = this.keys.newest;
    const code = codeOf(this.keys.mac(keyId, certificateText({ ...facts, issuedAt })));
    const head = await newestHead(tx);
    await tx.query(INSERT, [
      ...[facts.id, code, personId, convocationId, organizationId, agentId, issuedAt, messageIds],
      ...[contentDigest, keyId, head?.day ?? null, head?.lastSeq ?? null, head?.hash ?? null],
    ]);
    const detail = { calls: calls.length };
    await this.journal.record(tx, { action: 'certificate.issued', personId, objectId: facts.id, detail });
    return facts.id;
  }
}

/** Messages of one convocation, or of all of them. @param seen those of the person that the actor sees */
export async function certifiable(
  tx: EntityManager,
  seen: readonly ConvocationView[],
  convocationId: string | null,
): Promise<string[]> {
  const chosen = convocationId === null ? seen : seen.filter(({ id }) => id === convocationId);
  if (convocationId !== null && chosen.length === 0) throw new NotFound('convocation');
  return calledMessages(
    tx,
    chosen.map(({ id }) => id),
  );
}

const INSERT = `
INSERT INTO certificate (id, code, person_id, convocation_id, organization_id, agent_id, issued_at, message_ids,
  content_digest, key_id, journal_day, journal_seq, journal_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, decode($13, 'hex'))`;
