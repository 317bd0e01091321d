import type { EntityManager } from 'typeorm';
import { prepared } from '../platform/prepared.js';

/** Where the imported counts of a service come from, in the words of whoever imported them; newest first. */
export async function baselineSources(tx: EntityManager, organizationId: string): Promise<readonly string[]> {
  const rows: { source: string }[] = await tx.query(SOURCES, [organizationId]);
  return [...new Set(rows.map(({ source }) => source))];
}

const SOURCES = prepared(`
SELECT i.source FROM baseline_import i
 WHERE i.organization_id = $1 AND EXISTS (SELECT FROM baseline_count c WHERE c.import_id = i.id)
 ORDER BY i.created_at DESC`);
