import type { EntityManager } from 'typeorm';

/** What somebody who knows the agent tries first: address, names, service, places and their cities. */
export async function wordsOfAccount(tx: EntityManager, agentId: string): Promise<readonly string[]> {
  const rows: { words: readonly string[] }[] = await tx.query(
    `SELECT ARRAY[a.email, a.first_name, a.last_name, o.name] || ARRAY(
       SELECT coalesce(substring(p.address from '[0-9]{5} (.*)$'), '') FROM place p
       WHERE p.organization_id = o.id LIMIT 50) AS words
     FROM agent a JOIN organization o ON o.id = a.organization_id WHERE a.id = $1`,
    [agentId],
  );
  return rows[0]?.words ?? [];
}
