import type { EntityManager } from 'typeorm';
import { elevated } from '../../platform/elevated.js';
import { STATISTICS } from '../../platform/scope.js';
import type { AttendanceCounts } from '../domain/counts.js';
import type { UnitOutcomes } from '../domain/effects/trials.js';

/** What became of the convocations of one arm. */
export interface ArmOutcomes {
  readonly counts: AttendanceCounts;
  readonly units: readonly UnitOutcomes[];
}

interface Row extends AttendanceCounts {
  readonly arm: number;
  readonly stratum: string;
}

/**
 * By arm, then by person or service of all its services: everybody drawn, by the arm they were drawn into. Whether it may be looked at is
 * the caller's question.
 * @param until last local day of the appointments counted, `YYYY-MM-DD`
 */
export async function trialOutcomes(
  tx: EntityManager,
  trial: { readonly id: string; readonly arms: readonly unknown[] },
  until: string,
): Promise<readonly ArmOutcomes[]> {
  const outcomes = (): Promise<Row[]> => tx.query(OUTCOMES, [trial.id, until]);
  const rows = await elevated(tx, outcomes, STATISTICS);
  return trial.arms.map((_arm, position) => {
    const mine = rows.filter(({ arm }) => arm === position);
    const sum = (what: keyof AttendanceCounts) => mine.reduce((total, row) => total + row[what], 0);
    return {
      counts: {
        attended: sum('attended'),
        missed: sum('missed'),
        excused: sum('excused'),
        cancelled: sum('cancelled'),
        unknown: sum('unknown'),
      },
      units: mine.map(({ missed, attended, excused, stratum }) => ({
        missed,
        known: attended + missed + excused,
        stratum,
      })),
    };
  });
}

const OUTCOMES = `
SELECT s.arm, s.stratum, count(*) FILTER (WHERE c.state = 'attended')::int AS attended,
       count(*) FILTER (WHERE c.state = 'missed')::int AS missed,
       count(*) FILTER (WHERE c.state = 'excused')::int AS excused,
       count(*) FILTER (WHERE c.state = 'cancelled')::int AS cancelled,
       count(*) FILTER (WHERE c.state = 'booked')::int AS unknown
  FROM trial_convocation tc
  JOIN trial_assignment s ON s.trial_id = tc.trial_id AND s.unit_id = tc.unit_id
  JOIN convocation c ON c.id = tc.convocation_id AND c.starts_at < app_now() AND c.local_date <= $2::date
 WHERE tc.trial_id = $1
 GROUP BY s.unit_id, s.arm, s.stratum
 ORDER BY s.arm, s.unit_id`;
