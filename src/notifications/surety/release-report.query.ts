import type { EntityManager } from 'typeorm';
import type { MessageKind } from '../domain/notification.states.js';
import { LONGEST_WAIT_DAYS } from './surety-now.query.js';

/** Messages of one service and kind that wait while their hour has come. */
export interface ReleaseRow {
  readonly organizationId: string;
  readonly organization: string;
  readonly kind: MessageKind;
  /** Would be handed over now, unless their own window is closed. */
  readonly leaving: number;
  /** Of those, how many are over a minute late. */
  readonly late: number;
  /** Useful no longer: dropped, with a task for an agent. */
  readonly expired: number;
}

/** What a release would let leave. */
export interface ReleaseReport {
  readonly rows: readonly ReleaseRow[];
  readonly leaving: number;
  readonly late: number;
  readonly expired: number;
  /** Hour promised for the oldest that would leave; null when none would. */
  readonly oldestDue: Date | null;
  /** Calls whose result nobody knows yet: they are looked up at the operator, held or not. */
  readonly uncertain: number;
}

interface Row extends ReleaseRow {
  readonly oldestDue: Date | null;
}

/** Counts what waits, by the partial index of what is due: its cost follows the backlog. */
export async function releaseReport(tx: EntityManager): Promise<ReleaseReport> {
  const rows: Row[] = await tx.query(
    `WITH clock AS MATERIALIZED (SELECT app_now() AS now)
     SELECT c.organization_id AS "organizationId", o.name AS organization, m.kind,
            count(*) FILTER (WHERE m.useful_until > clock.now)::int AS leaving,
            count(*) FILTER (WHERE m.useful_until > clock.now
                               AND m.first_due_at < clock.now - interval '1 minute')::int AS late,
            count(*) FILTER (WHERE m.useful_until <= clock.now)::int AS expired,
            min(m.first_due_at) FILTER (WHERE m.useful_until > clock.now) AS "oldestDue"
       FROM clock
       JOIN message m ON m.state IN ('planned', 'queued') AND m.first_due_at <= (SELECT now FROM clock)
        AND m.first_due_at > (SELECT now FROM clock) - interval '${LONGEST_WAIT_DAYS} days'
        AND m.due_at <= (SELECT now FROM clock)
       JOIN convocation c ON c.id = m.convocation_id
       JOIN organization o ON o.id = c.organization_id
      GROUP BY c.organization_id, o.name, m.kind
      ORDER BY o.name, m.kind`,
  );
  const open: { n: number }[] = await tx.query(
    `SELECT count(*)::int AS n FROM message WHERE state IN ('sending', 'uncertain')`,
  );
  const total = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const oldest = rows.flatMap(({ oldestDue }) => (oldestDue === null ? [] : [oldestDue.getTime()]));
  return {
    rows: rows.map(({ oldestDue: _oldestDue, ...row }) => row),
    leaving: total((row) => row.leaving),
    late: total((row) => row.late),
    expired: total((row) => row.expired),
    oldestDue: rows.find(({ oldestDue }) => oldestDue?.getTime() === Math.min(...oldest))?.oldestDue ?? null,
    uncertain: open[0]?.n ?? 0,
  };
}
