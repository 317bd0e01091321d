import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { scopeOf } from '../../access/domain/rights.js';
import { prepared } from '../../platform/prepared.js';
import type { AskedFigures } from './filters.js';

export interface NamedService {
  readonly id: string;
  readonly name: string;
}

/** What the filters of the page offer, and which service it is about. */
export interface Choices {
  /** That the actor may read about, by name. */
  readonly services: readonly NamedService[];
  readonly types: readonly { readonly code: string; readonly name: string }[];
  /** The one asked for; else the own one; who sees everything first meets a service that has figures. */
  readonly service: NamedService | null;
}

interface Row extends Omit<Choices, 'service'> {
  readonly firstWithFigures: string | null;
}

/** One statement. */
export async function choicesOf(tx: EntityManager, actor: Actor, asked: AskedFigures): Promise<Choices> {
  const rows: Row[] = await tx.query(CHOICES, [
    ...scopeOf(actor, 'statistics.read'),
    asked.service,
    actor.organizationId,
  ]);
  const [found] = rows;
  if (found === undefined) throw new Error('a list of lists without a row');
  const { services, types, firstWithFigures } = found;
  const named = (id: string | null) => services.find((one) => one.id === id);
  const service = named(asked.service) ?? named(firstWithFigures ?? actor.organizationId) ?? services[0];
  return { services, types, service: service ?? null };
}

/** A service with figures is looked for only where none that may be seen was asked for. */
const CHOICES = prepared(`
WITH seen AS MATERIALIZED (SELECT id, name FROM organization WHERE $1::boolean OR id = ANY($2::uuid[]))
SELECT (SELECT coalesce(json_agg(s ORDER BY s.name), '[]') FROM seen AS s) AS services,
       (SELECT coalesce(json_agg(json_build_object('code', code, 'name', name) ORDER BY position), '[]')
          FROM appointment_type) AS types,
       (SELECT s.id FROM seen AS s
         WHERE NOT EXISTS (SELECT FROM seen WHERE id = $3::uuid)
           AND EXISTS (SELECT FROM attendance_cell c WHERE c.layer = 1 AND c.organization_id = s.id
                          AND c.attended + c.missed > 0)
         ORDER BY s.id <> $4::uuid, s.name LIMIT 1) AS "firstWithFigures"`);
