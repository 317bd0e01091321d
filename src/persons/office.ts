import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { type Instant, toLocal } from '../shared/time.js';
import { territoryOfZone } from './domain/territories.js';

/** Where the actor works: its day, and the territory whose numbers are typed there. */
export async function officeOf(
  tx: EntityManager,
  actor: Actor,
  now: Instant,
): Promise<{ readonly today: string; readonly territory: string; readonly timeZone: string }> {
  const timeZone = await zoneOf(tx, actor);
  return { today: toLocal(now, timeZone).date, territory: territoryOfZone(timeZone), timeZone };
}

export async function officeTerritory(tx: EntityManager, actor: Actor): Promise<string> {
  return territoryOfZone(await zoneOf(tx, actor));
}

async function zoneOf(tx: EntityManager, actor: Actor): Promise<string> {
  const rows: { timeZone: string }[] = await tx.query(
    'SELECT time_zone AS "timeZone" FROM organization WHERE id = $1',
    [actor.organizationId],
  );
  return rows[0]?.timeZone ?? 'Europe/Paris';
}
