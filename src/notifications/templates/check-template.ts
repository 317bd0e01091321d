import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lintNames, type PersonName, possibleNames } from '../domain/known-names.js';
import type { Finding } from '../domain/template-finding.js';
import { lintTemplate } from '../domain/template-linter.js';
import {
  mostSegments,
  PreviewTemplate,
  type PreviewedText,
  type TemplatePreview,
} from './preview-template.js';

/** More parts than operators take together. */
export const MOST_PARTS = 10;
/** Characters looked at, variables included: far above ten parts, and few enough for every expression of the linter. */
const LONGEST = 3_000;

/** What is said of a text before it is saved. */
export interface CheckedTemplate {
  readonly findings: readonly Finding[];
  readonly preview: TemplatePreview;
  /** Longer than an operator takes. */
  readonly isTooLong: boolean;
  readonly maySave: boolean;
}

/** Codes of what keeps a text from being saved; none: it may be. */
export function faultsOf({ findings, isTooLong, maySave }: CheckedTemplate): readonly string[] {
  if (maySave) return [];
  const blocking = findings.filter(({ blocks }) => blocks);
  return blocking.length > 0 ? blocking.map(({ code }) => code) : [isTooLong ? 'too-long' : 'empty'];
}

/** Everything that can be said of a text: by itself, on the names of the service's persons, on its real places. */
@Injectable()
export class CheckTemplate {
  constructor(private readonly previewTemplate: PreviewTemplate) {}

  async execute(tx: EntityManager, whole: string, key: PreviewedText): Promise<CheckedTemplate> {
    const text = whole.slice(0, LONGEST);
    const known = await namesIn(tx, text, key.organizationId);
    const findings = [...lintTemplate({ ...key, text }), ...lintNames(text, known)];
    const preview = await this.previewTemplate.execute(tx, text, key);
    const isTooLong = whole.length > LONGEST || mostSegments(preview) > MOST_PARTS;
    const maySave = preview.worst !== null && !isTooLong && !findings.some(({ blocks }) => blocks);
    return { findings: findings.sort((one, other) => one.start - other.start), preview, isTooLong, maySave };
  }
}

const MOST_FOUND = 500;
const MOST_PAIRS = 300;
const SMALL_WORDS = new Set(
  'a au aux ce d de des du en est et il l la le les ou par pour se sur un une vous votre'.split(' '),
);

/** Persons and agents whose names hold two neighbouring words of the text; of the whole nation for a default. */
async function namesIn(
  tx: EntityManager,
  text: string,
  organizationId: string | null,
): Promise<readonly PersonName[]> {
  const pairs = possibleNames(text)
    .filter((pair) => pair.some((word) => !SMALL_WORDS.has(word)))
    .slice(0, MOST_PAIRS)
    .map(([one, other]) => `(${one} & ${other})`);
  if (pairs.length === 0) return [];
  return tx.query(
    `SELECT p.first_name AS "firstName", p.last_name AS "lastName" FROM person p
      WHERE to_tsvector('simple', p.search_key) @@ to_tsquery('simple', $1)
        AND ($2::uuid IS NULL OR EXISTS (SELECT FROM person_organization o
                                          WHERE o.person_id = p.id AND o.organization_id = $2))
      UNION
     SELECT a.first_name, a.last_name FROM agent a
      WHERE ($2::uuid IS NULL OR a.organization_id = $2)
        AND to_tsvector('simple', a.search_key) @@ to_tsquery('simple', $1)
      LIMIT ${MOST_FOUND}`,
    [pairs.join(' | '), organizationId],
  );
}
