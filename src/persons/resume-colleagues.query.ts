import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';

export interface Colleague {
  readonly id: string;
  readonly name: string;
}

/** To whom a person may have spoken: agents at work in the actor's service, the actor first. */
export async function colleaguesOf(tx: EntityManager, actor: Actor): Promise<Colleague[]> {
  return tx.query(
    `SELECT id, first_name || ' ' || last_name AS name FROM agent
      WHERE id = $2 OR (organization_id = $1 AND disabled_at IS NULL)
      ORDER BY id = $2 DESC, last_name, first_name, id`,
    [actor.organizationId, actor.agentId],
  );
}

/** Names of agents told in a history, by id; whatever service they are in now. */
export async function agentNames(
  tx: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows: Colleague[] = await tx.query(
    `SELECT id, first_name || ' ' || last_name AS name FROM named_agent WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
