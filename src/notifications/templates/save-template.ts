import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { CheckTemplate, faultsOf } from './check-template.js';
import { findTemplateOwner, keyValues, SAME_KEY, type TemplateKey } from './template.queries.js';

export interface SaveTemplateCommand extends TemplateKey {
  /** Null: back to the default. */
  readonly text: string | null;
  /** The version that was on the page; 0: none. */
  readonly basedOn: number;
}

/**
 * A new version of a text. French is in force at once, reviewed by who wrote it; in another language it waits until
 * somebody who reads it says so, and what was reviewed before holds meanwhile.
 */
@Injectable()
export class SaveTemplate {
  constructor(private readonly check: CheckTemplate) {}

  /** @throws Forbidden, NotFound, ValidationFailed (field `text`) for what must not or cannot be sent, Conflict */
  async execute(tx: EntityManager, command: SaveTemplateCommand, actor: Actor): Promise<void> {
    const { agentId } = actor;
    if (!isAllowed(actor.role, 'template.manage') || agentId === null) throw new Forbidden('template.manage');
    await findTemplateOwner(tx, actor, command.organizationId);
    const { text } = command;
    if (text === null && command.organizationId === null) throw new NotFound('a default above the default');
    if (text !== null) await this.refuse(tx, command, text);
    const isReviewed = text === null || command.language === 'fr';
    await insertVersion(tx, { ...command, writtenBy: agentId, reviewedBy: isReviewed ? agentId : null });
  }

  private async refuse(tx: EntityManager, key: TemplateKey, text: string): Promise<void> {
    const showsAddress = await typeShowsAddress(tx, key.typeCode);
    const faults = faultsOf(await this.check.execute(tx, text, { ...key, showsAddress }));
    if (faults.length > 0)
      throw new ValidationFailed(faults.map((code) => ({ field: 'text', code, message: 'cannot be sent' })));
  }
}

/** @throws NotFound for an unknown type; the general text, of every type, shows the address */
export async function typeShowsAddress(tx: EntityManager, typeCode: string | null): Promise<boolean> {
  if (typeCode === null) return true;
  const rows: { shows: boolean }[] = await tx.query(
    'SELECT shows_address AS shows FROM appointment_type WHERE code = $1',
    [typeCode],
  );
  const [type] = rows;
  if (type === undefined) throw new NotFound('type');
  return type.shows;
}

export interface NewVersion extends TemplateKey {
  readonly text: string | null;
  /** The newest version its writer saw, 0 for none; null: whichever is the newest. */
  readonly basedOn: number | null;
  /** Null: the text came with the software. */
  readonly writtenBy: string | null;
  /** Null: it waits for a review. */
  readonly reviewedBy: string | null;
}

/** Which row it is now, and the how manieth of its key. */
export interface WrittenVersion {
  readonly id: string;
  readonly version: number;
}

/** @throws Conflict when somebody wrote another version meanwhile */
export async function insertVersion(tx: EntityManager, version: NewVersion): Promise<WrittenVersion> {
  const { text, basedOn, writtenBy, reviewedBy } = version;
  const rows: WrittenVersion[] = await tx.query(
    `INSERT INTO template (kind, type_code, organization_id, language, register, version, text, created_by_agent_id,
         reviewed_at, reviewed_by_agent_id)
     SELECT $1, $2::text, $3::uuid, $4, $5, last.version + 1, $7::text, $8::uuid,
            CASE WHEN $9::uuid IS NOT NULL THEN app_now() END, $9::uuid
       FROM (SELECT coalesce(max(t.version), 0) AS version FROM template t WHERE ${SAME_KEY}) AS last
      WHERE $6::int IS NULL OR last.version = $6::int
     ON CONFLICT DO NOTHING RETURNING id, version`,
    [...keyValues(version), basedOn, text, writtenBy, reviewedBy],
  );
  const [written] = rows;
  if (written === undefined) throw new Conflict('template');
  return written;
}
