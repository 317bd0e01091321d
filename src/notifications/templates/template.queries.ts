import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { holds, reaches } from '../../access/domain/rights.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { LanguageCode } from '../../shared/message-languages.js';
import type { MessageKind } from '../domain/notification.states.js';
import { TEMPLATE_CHOICE } from './template-choice.query.js';

export type Register = 'standard' | 'discreet';

/** Whose texts: of one service, or those sent by default everywhere (null). */
export interface TemplateOwner {
  readonly organizationId: string | null;
  readonly name: string;
}

/** Which text. */
export interface TemplateKey {
  readonly organizationId: string | null;
  /** Null: every type without a text of its own. */
  readonly typeCode: string | null;
  readonly kind: MessageKind;
  readonly register: Register;
  readonly language: LanguageCode;
}

/** The text that leaves today for a type and a kind. */
export interface TemplateInForce {
  readonly typeCode: string | null;
  readonly typeName: string;
  readonly showsAddress: boolean;
  readonly kind: MessageKind;
  readonly id: string | null;
  readonly text: string | null;
  /** In which it is written: the one asked for, or French. */
  readonly language: string | null;
  /** Of the service itself, not a default. */
  readonly isOwn: boolean;
}

export interface TemplateVersion {
  readonly id: string;
  readonly version: number;
  /** Null: back to the default. */
  readonly text: string | null;
  readonly createdAt: Date;
  /** Null: written by us. */
  readonly createdBy: string | null;
  readonly reviewedAt: Date | null;
  readonly reviewedBy: string | null;
}

export interface TemplateDraft extends TemplateKey {
  readonly id: string;
  readonly typeName: string | null;
  readonly version: number;
  readonly text: string;
}

/**
 * A service whose texts the actor may change; null stands for the defaults, which only a central administrator may.
 * @throws NotFound for another's
 */
export async function findTemplateOwner(
  tx: EntityManager,
  actor: Actor,
  organizationId: string | null,
): Promise<TemplateOwner> {
  if (organizationId === null && holds(actor, 'template.manage', 'everywhere'))
    return { organizationId, name: 'Textes par défaut' };
  if (
    organizationId === null ||
    !isUuid(organizationId) ||
    !reaches(actor, 'template.manage', organizationId)
  )
    throw new NotFound('templates');
  const rows: { name: string }[] = await tx.query('SELECT name FROM organization WHERE id = $1', [
    organizationId,
  ]);
  const [found] = rows;
  if (found === undefined) throw new NotFound('templates');
  return { organizationId, name: found.name };
}

type Sheet = Pick<TemplateKey, 'organizationId' | 'register' | 'language'>;

/** For each type and kind the text that would leave today, chosen as the engine does; the general one under null. */
export function listTemplatesInForce(
  tx: EntityManager,
  { organizationId, register, language }: Sheet,
  kinds: readonly MessageKind[],
): Promise<TemplateInForce[]> {
  return tx.query(
    `SELECT c.type_code AS "typeCode", c.name AS "typeName", c.shows_address AS "showsAddress", wanted.kind, chosen.id,
            chosen.text, chosen.language, t.organization_id IS NOT NULL AS "isOwn"
       FROM (SELECT code AS type_code, name, shows_address, position, $1::uuid AS organization_id FROM appointment_type
             UNION ALL SELECT NULL, 'Tous les autres types', true, 1000, $1) AS c
      CROSS JOIN unnest($4::text[]) WITH ORDINALITY AS wanted(kind, rank)
      CROSS JOIN (SELECT $2::text AS language, $3::text AS register) AS p
       LEFT JOIN LATERAL (${TEMPLATE_CHOICE}) AS chosen ON true
       LEFT JOIN template t ON t.id = chosen.id
      ORDER BY c.position, wanted.rank`,
    [organizationId, language, register, kinds],
  );
}

/** Every version of one text, newest first. */
export function listTemplateVersions(tx: EntityManager, key: TemplateKey): Promise<TemplateVersion[]> {
  return tx.query(
    `SELECT t.id, t.version, t.text, t.created_at AS "createdAt", t.reviewed_at AS "reviewedAt",
            a.first_name || ' ' || a.last_name AS "createdBy", r.first_name || ' ' || r.last_name AS "reviewedBy"
       FROM template t
       LEFT JOIN named_agent a ON a.id = t.created_by_agent_id
       LEFT JOIN named_agent r ON r.id = t.reviewed_by_agent_id
      WHERE ${SAME_KEY} ORDER BY t.version DESC`,
    keyValues(key),
  );
}

/** For a statement whose first five parameters are `keyValues(key)` and whose templates are `t`. */
export const SAME_KEY = `t.kind = $1 AND t.type_code IS NOT DISTINCT FROM $2::text
  AND t.organization_id IS NOT DISTINCT FROM $3::uuid AND t.language = $4 AND t.register = $5`;

/** Parameters of `SAME_KEY`. */
export function keyValues({
  kind,
  typeCode,
  organizationId,
  language,
  register,
}: TemplateKey): readonly unknown[] {
  return [kind, typeCode, organizationId, language, register];
}

/**
 * Newest versions that nobody has reviewed: of the service and, where it has no text of its own or went back to the
 * default, of the defaults.
 */
export function listTemplateDrafts(
  tx: EntityManager,
  organizationId: string | null,
  language: LanguageCode,
): Promise<TemplateDraft[]> {
  return tx.query(
    `SELECT t.id, t.kind, t.type_code AS "typeCode", ty.name AS "typeName", t.organization_id AS "organizationId",
            t.language, t.register, t.version, t.text
       FROM template t LEFT JOIN appointment_type ty ON ty.code = t.type_code
      WHERE t.language = $2 AND t.reviewed_at IS NULL AND t.text IS NOT NULL
        AND (t.organization_id IS NULL OR t.organization_id = $1::uuid)
        AND NOT EXISTS (
          SELECT FROM template n
           WHERE n.kind = t.kind AND n.type_code IS NOT DISTINCT FROM t.type_code AND n.language = t.language
             AND n.register = t.register
             AND ((n.organization_id IS NOT DISTINCT FROM t.organization_id AND n.version > t.version)
               OR (t.organization_id IS NULL AND n.organization_id = $1::uuid AND n.text IS NOT NULL
                   AND n.version = (SELECT max(o.version) FROM template o
                                     WHERE o.kind = n.kind AND o.type_code IS NOT DISTINCT FROM n.type_code
                                       AND o.language = n.language AND o.register = n.register
                                       AND o.organization_id = $1::uuid))))
      ORDER BY ty.position NULLS FIRST, t.register DESC, t.kind`,
    [organizationId, language],
  );
}
