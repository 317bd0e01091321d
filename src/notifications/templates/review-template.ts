import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { LanguageCode } from '../../shared/message-languages.js';
import { CheckTemplate } from './check-template.js';
import { typeShowsAddress } from './save-template.js';
import { findTemplateOwner, type TemplateKey } from './template.queries.js';

export interface ReviewTemplateCommand {
  readonly templateId: string;
  /** For whom it is switched on; null: everywhere, as a default. */
  readonly organizationId: string | null;
  /** The reviewer says they read the language and read the text. */
  readonly confirmed: boolean;
}

interface Draft extends TemplateKey {
  readonly text: string;
}

/**
 * A named agent who reads the language switches a draft on. A service reviews for itself: of a default draft it gets
 * a text of its own.
 */
@Injectable()
export class ReviewTemplate {
  constructor(private readonly check: CheckTemplate) {}

  /** @throws Forbidden, NotFound, ValidationFailed, Conflict when it was reviewed or replaced meanwhile */
  async execute(tx: EntityManager, command: ReviewTemplateCommand, actor: Actor): Promise<TemplateKey> {
    if (!isAllowed(actor.role, 'template.manage') || actor.agentId === null)
      throw new Forbidden('template.manage');
    await findTemplateOwner(tx, actor, command.organizationId);
    const draft = await lockedDraft(tx, command);
    if (!command.confirmed)
      throw new ValidationFailed([{ field: 'confirmed', code: 'confirmed', message: 'not said' }]);
    const showsAddress = await typeShowsAddress(tx, draft.typeCode);
    const { maySave } = await this.check.execute(tx, draft.text, { ...draft, showsAddress });
    if (!maySave) throw new ValidationFailed([{ field: 'text', code: 'empty', message: 'cannot be sent' }]);
    const { organizationId } = command;
    if (draft.organizationId === organizationId) await markReviewed(tx, command.templateId, actor.agentId);
    else await copyReviewed(tx, command, actor.agentId);
    return { ...draft, organizationId };
  }
}

async function lockedDraft(tx: EntityManager, command: ReviewTemplateCommand): Promise<Draft> {
  if (!isUuid(command.templateId)) throw new NotFound('template');
  const rows: (Draft & { language: LanguageCode; isReviewed: boolean })[] = await tx.query(
    `SELECT t.kind, t.type_code AS "typeCode", t.organization_id AS "organizationId", t.language, t.register, t.text,
            t.reviewed_at IS NOT NULL AS "isReviewed"
       FROM template t
      WHERE t.id = $1 AND t.text IS NOT NULL AND (t.organization_id IS NULL OR t.organization_id = $2::uuid)
        FOR UPDATE OF t`,
    [command.templateId, command.organizationId],
  );
  const [draft] = rows;
  if (draft === undefined) throw new NotFound('template');
  if (draft.isReviewed) throw new Conflict('template');
  return draft;
}

/** Not when a newer version was written meanwhile: that one is to be read. */
async function markReviewed(tx: EntityManager, id: string, agentId: string): Promise<void> {
  const [, count]: [unknown, number] = await tx.query(
    `UPDATE template t SET reviewed_at = app_now(), reviewed_by_agent_id = $2
      WHERE t.id = $1 AND t.reviewed_at IS NULL
        AND NOT EXISTS (SELECT FROM template n WHERE n.kind = t.kind AND n.language = t.language
                           AND n.register = t.register AND n.type_code IS NOT DISTINCT FROM t.type_code
                           AND n.organization_id IS NOT DISTINCT FROM t.organization_id AND n.version > t.version)`,
    [id, agentId],
  );
  if (count === 0) throw new Conflict('template');
}

async function copyReviewed(
  tx: EntityManager,
  command: ReviewTemplateCommand,
  agentId: string,
): Promise<void> {
  const rows: unknown[] = await tx.query(
    `INSERT INTO template (kind, type_code, organization_id, language, register, version, text, created_by_agent_id,
         reviewed_at, reviewed_by_agent_id)
     SELECT d.kind, d.type_code, $2::uuid, d.language, d.register,
            coalesce((SELECT max(t.version) FROM template t WHERE t.kind = d.kind AND t.language = d.language
                         AND t.register = d.register AND t.type_code IS NOT DISTINCT FROM d.type_code
                         AND t.organization_id = $2::uuid), 0) + 1,
            d.text, d.created_by_agent_id, app_now(), $3::uuid
       FROM template d WHERE d.id = $1
     ON CONFLICT DO NOTHING RETURNING 1`,
    [command.templateId, command.organizationId, agentId],
  );
  if (rows.length === 0) throw new Conflict('template');
}
