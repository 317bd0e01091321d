import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf } from '../access/domain/rights.js';
import { prepared } from '../platform/prepared.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { absenceRate, type OutcomeCounts } from './domain/absence-rate.js';
import { type Detail, rollUpSql } from './roll-up.js';

export const ATTENDANCE_GROUPS = ['month', 'type', 'place'] as const;
export type AttendanceGroup = (typeof ATTENDANCE_GROUPS)[number];

export interface AttendanceRequest {
  /** Service of the places; the actor's own when absent. */
  readonly organizationId?: string | null | undefined;
  /** First and last promised local dates, both included. */
  readonly from: string;
  readonly to: string;
  readonly groupBy: AttendanceGroup;
}

export interface AttendanceRow extends OutcomeCounts {
  /** `YYYY-MM` of the promised local date, code of the type, or id of the place. */
  readonly key: string;
  readonly cancelled: number;
  /** Past and not marked. */
  readonly unknown: number;
  readonly absenceRate: number | null;
}

/**
 * The definition over the rows: what became of convocations; outcomes count once the promised hour is past. Pages
 * read the same figures added up (`roll-up.ts`); this counts them, for whoever checks.
 */
export const OUTCOME_COUNTS = `
  (count(*) FILTER (WHERE c.state = 'attended' AND c.starts_at <= (SELECT app_now())))::integer AS attended,
  (count(*) FILTER (WHERE c.state = 'missed' AND c.starts_at <= (SELECT app_now())))::integer AS missed,
  (count(*) FILTER (WHERE c.state = 'excused' AND c.starts_at <= (SELECT app_now())))::integer AS excused,
  (count(*) FILTER (WHERE c.state = 'cancelled'))::integer AS cancelled,
  (count(*) FILTER (WHERE c.state = 'booked' AND c.starts_at <= (SELECT app_now())))::integer AS unknown`;

/** Convocations of which one of the counts above says something. */
export const COUNTED = `(c.starts_at <= (SELECT app_now()) OR c.state = 'cancelled')`;

/**
 * Counts by month, type or place, in the order of the keys; groups of which nothing can be said yet are left out.
 * @throws NotFound for a service that the actor may not see, as for one that does not exist
 */
export async function attendance(
  tx: EntityManager,
  actor: Actor,
  request: AttendanceRequest,
): Promise<AttendanceRow[]> {
  const organizationId = await visibleOrganization(tx, actor, request.organizationId ?? actor.organizationId);
  const rows: Omit<AttendanceRow, 'absenceRate'>[] = await tx.query(ROLLED_UP[request.groupBy], [
    organizationId,
    request.from,
    request.to,
  ]);
  return rows.map((row) => ({ ...row, absenceRate: absenceRate(row) }));
}

/** Fixed texts, never built from input. */
const WINDOW = `SELECT $1::uuid AS organization_id, '' AS tag, $2::date AS first, $3::date AS last`;
const ROLLED_UP: Readonly<Record<AttendanceGroup, string>> = {
  month: read('service', `to_char(first_day, 'YYYY-MM')`),
  type: read('type', 'type_code'),
  place: read('place', 'place_id::text'),
};

function read(detail: Detail, sql: string): string {
  return prepared(rollUpSql({ windows: WINDOW, detail, groups: [{ name: 'key', sql }] }));
}

/** Absence figures stay within a service; central administrators see all of them. */
export async function visibleOrganization(
  tx: EntityManager,
  actor: Actor,
  organizationId: string,
): Promise<string> {
  if (!isUuid(organizationId)) throw new NotFound('organization');
  const rows: { id: string }[] = await tx.query(
    'SELECT id FROM organization WHERE id = $1 AND ($2::boolean OR id = ANY($3::uuid[]))',
    [organizationId, ...scopeOf(actor, 'statistics.read')],
  );
  const found = rows[0];
  if (found === undefined) throw new NotFound('organization');
  return found.id;
}
