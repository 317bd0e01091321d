import type { QueryRunner } from 'typeorm';

export type Kind = 'summons' | 'reminder' | 'cancellation' | 'rescheduling' | 'after-absence';
export type Register = 'standard' | 'discreet';

export interface TemplateRow {
  readonly kind: Kind;
  /** Null: every type that has no text of its own in this language and register. */
  readonly typeCode: string | null;
  readonly language: string;
  readonly register: Register;
  readonly text: string;
}

/** The parts that are there, one space between them. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/** By telephone, at home, where the person was told, on site or by video. */
export type Special = 'phone' | 'home' | 'told' | 'video';

/** Types that do not take place at the address of the place. */
export const SPECIAL: Readonly<Record<string, Special>> = {
  'rdv-telephonique': 'phone',
  'visite-domicile': 'home',
  'placement-tig-tnr': 'told',
  'convocation-stage': 'told',
  'convocation-japat': 'video',
};

/** What drafts are written for: null is every other type. */
export const DRAFTED_TYPES: readonly (string | null)[] = [null, ...Object.keys(SPECIAL)];

/** Each as the newest version of the default of its kind, type, language and register. */
export async function insertTexts(
  q: QueryRunner,
  rows: readonly TemplateRow[],
  isReviewed: boolean,
): Promise<void> {
  await q.query(
    `INSERT INTO template (kind, type_code, language, register, text, version, reviewed_at)
     SELECT r.kind, r."typeCode", r.language, r.register, r.text, coalesce(max(t.version), 0) + 1,
            CASE WHEN $2 THEN app_now() END
       FROM jsonb_to_recordset($1::jsonb)
         AS r(kind text, "typeCode" text, language text, register text, text text)
       LEFT JOIN template t ON t.kind = r.kind AND t.type_code IS NOT DISTINCT FROM r."typeCode"
         AND t.language = r.language AND t.register = r.register AND t.organization_id IS NULL
      GROUP BY r.kind, r."typeCode", r.language, r.register, r.text`,
    [JSON.stringify(rows), isReviewed],
  );
}
