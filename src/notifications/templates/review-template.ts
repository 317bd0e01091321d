import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Journal } from '../../access/journal.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { LanguageCode } from '../../shared/message-languages.js';
import { CheckTemplate } from './check-template.js';
import { insertVersion, typeShowsAddress, type WrittenVersion } from './save-template.js';
import { findTemplateOwner, type TemplateKey } from './template.queries.js';

export interface ReviewTemplateCommand {
  readonly templateId: string;
  /** For whom it is switched on; null: everywhere, as a default. */
  readonly organizationId: string | null;
  /** The reviewer says they read the language and read the text. */
  readonly confirmed: boolean;
  /** What the reviewer had before them, corrections included; null: the draft as it is stored. */
  readonly typed: {
    readonly text: string;
    /** The newest version that was on the page; 0: none. */
    readonly basedOn: number;
  } | null;
}

interface Draft extends TemplateKey {
  readonly text: string;
  readonly writtenBy: string | null;
}

/**
 * A named agent who reads the language switches a draft on. A service reviews for itself: of a default draft it gets
 * a text of its own. Corrected, the draft becomes a new version, by the reviewer.
 */
@Injectable()
export class ReviewTemplate {
  constructor(
    private readonly check: CheckTemplate,
    private readonly journal: Journal,
  ) {}

  /** @throws Forbidden, NotFound, ValidationFailed, Conflict when it was reviewed or replaced meanwhile */
  async execute(tx: EntityManager, command: ReviewTemplateCommand, actor: Actor): Promise<TemplateKey> {
    if (!isAllowed(actor.role, 'template.manage') || actor.agentId === null)
      throw new Forbidden('template.manage');
    await findTemplateOwner(tx, actor, command.organizationId);
    const draft = await lockedDraft(tx, command);
    if (!command.confirmed)
      throw new ValidationFailed([{ field: 'confirmed', code: 'confirmed', message: 'not said' }]);
    const { organizationId, typed } = command;
    const isCorrected = typed !== null && typed.text !== draft.text.trim();
    const text = isCorrected ? typed.text : draft.text;
    await this.refuse(tx, { ...draft, organizationId }, text);
    const reviewed =
      !isCorrected && draft.organizationId === organizationId
        ? await markReviewed(tx, command.templateId, actor.agentId)
        : await insertVersion(tx, {
            ...{ ...draft, organizationId, text, basedOn: typed?.basedOn ?? null },
            ...{ writtenBy: isCorrected ? actor.agentId : draft.writtenBy, reviewedBy: actor.agentId },
          });
    await this.tell(tx, { ...draft, organizationId }, reviewed);
    return { ...draft, organizationId };
  }

  private tell(tx: EntityManager, key: TemplateKey, { id, version }: WrittenVersion): Promise<void> {
    const { kind, typeCode, language, register, organizationId } = key;
    const detail = { kind, typeCode, language, register, version };
    return this.journal.record(tx, { action: 'template.reviewed', objectId: id, organizationId, detail });
  }

  private async refuse(tx: EntityManager, key: TemplateKey, text: string): Promise<void> {
    const showsAddress = await typeShowsAddress(tx, key.typeCode);
    const { maySave } = await this.check.execute(tx, text, { ...key, showsAddress });
    if (!maySave) throw new ValidationFailed([{ field: 'text', code: 'empty', message: 'cannot be sent' }]);
  }
}

async function lockedDraft(tx: EntityManager, command: ReviewTemplateCommand): Promise<Draft> {
  if (!isUuid(command.templateId)) throw new NotFound('template');
  const rows: (Draft & { language: LanguageCode; isReviewed: boolean })[] = await tx.query(
    `SELECT t.kind, t.type_code AS "typeCode", t.organization_id AS "organizationId", t.language, t.register, t.text,
            t.created_by_agent_id AS "writtenBy",
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
async function markReviewed(tx: EntityManager, id: string, agentId: string): Promise<WrittenVersion> {
  const [rows]: [WrittenVersion[], number] = await tx.query(
    `UPDATE template t SET reviewed_at = app_now(), reviewed_by_agent_id = $2
      WHERE t.id = $1 AND t.reviewed_at IS NULL
        AND NOT EXISTS (SELECT FROM template n WHERE n.kind = t.kind AND n.language = t.language
                           AND n.register = t.register AND n.type_code IS NOT DISTINCT FROM t.type_code
                           AND n.organization_id IS NOT DISTINCT FROM t.organization_id AND n.version > t.version)
      RETURNING t.id, t.version`,
    [id, agentId],
  );
  const [reviewed] = rows;
  if (reviewed === undefined) throw new Conflict('template');
  return reviewed;
}
