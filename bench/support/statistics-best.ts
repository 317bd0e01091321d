import pg from 'pg';
import { WORKER_ROLE } from '../../src/platform/scope-settings.js';

/**
 * The least SQL by hand that gives the national page its months, exactly: constants where ours computes, the cells of
 * the months that are past everywhere, those of the days since, the differences, and the rows of today that the hour
 * decides. Prepared, by a bare client.
 */
export class BestRollUp {
  private constructor(
    private readonly client: pg.Client,
    private readonly values: readonly unknown[],
  ) {}

  /** @param from first and last month, `YYYY-MM` */
  static async open(url: string, from: string, to: string): Promise<BestRollUp> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // Row security lets the application's own role see nothing.
    await client.query(`SET ROLE ${WORKER_ROLE}`);
    const { rows } = await client.query<{ now: Date; month: string }>(
      `SELECT app_now() AS now, to_char(date_trunc('month', app_now() AT TIME ZONE 'UTC' - interval '1 day'), 'YYYY-MM-DD') AS month`,
    );
    const [now] = rows;
    if (now === undefined) throw new Error('no clock');
    return new BestRollUp(client, [`${from}-01`, now.month, `${to}-01`, now.now]);
  }

  async months(): Promise<readonly object[]> {
    const { rows } = await this.client.query<object>({ name: 'best', text: BEST, values: [...this.values] });
    return rows;
  }

  stop(): Promise<void> {
    return this.client.end();
  }
}

const TODAY = '($4::timestamptz AT TIME ZONE time_zone)::date';

/** $1 first month, $2 first day of the month read by days, $3 last month, $4 now */
const BEST = `
SELECT organization_id AS "organizationId", to_char(month, 'YYYY-MM') AS month, 'recorded' AS source,
       sum(attended)::integer AS attended, sum(missed)::integer AS missed, sum(excused)::integer AS excused,
       sum(cancelled)::integer AS cancelled, sum(unknown)::integer AS unknown
  FROM (
    SELECT organization_id, first_day AS month, attended, missed, excused,
           cancelled_by_service + cancelled_by_person + cancelled_by_court AS cancelled, booked AS unknown
      FROM attendance_cell WHERE layer = 1 AND first_day >= $1::date AND first_day < $2::date
    UNION ALL
    SELECT organization_id, date_trunc('month', first_day::timestamp)::date,
           CASE WHEN first_day <= ${TODAY} THEN attended ELSE 0 END, CASE WHEN first_day <= ${TODAY} THEN missed ELSE 0 END,
           CASE WHEN first_day <= ${TODAY} THEN excused ELSE 0 END,
           cancelled_by_service + cancelled_by_person + cancelled_by_court,
           CASE WHEN first_day < ${TODAY} THEN booked ELSE 0 END
      FROM attendance_cell WHERE layer = 4 AND first_day >= $2::date AND first_day < $3::date + interval '1 month'
    UNION ALL
    SELECT organization_id, date_trunc('month', local_date::timestamp)::date,
           CASE WHEN state = 'attended' AND local_date <= ${TODAY} THEN n ELSE 0 END,
           CASE WHEN state = 'missed' AND local_date <= ${TODAY} THEN n ELSE 0 END,
           CASE WHEN state = 'excused' AND local_date <= ${TODAY} THEN n ELSE 0 END,
           CASE WHEN state = 'cancelled' THEN n ELSE 0 END,
           CASE WHEN state = 'booked' AND local_date < ${TODAY} THEN n ELSE 0 END
      FROM attendance_delta WHERE local_date >= $1::date AND local_date < $3::date + interval '1 month'
    UNION ALL
    SELECT organization_id, date_trunc('month', local_date::timestamp)::date, 0, 0, 0, 0, 1
      FROM (SELECT id FROM organization) AS o CROSS JOIN LATERAL (
        SELECT * FROM convocation WHERE organization_id = o.id AND state = 'booked'
           AND starts_at > $4::timestamptz - interval '26 hours' AND starts_at <= $4 OFFSET 0) AS unmarked
     WHERE local_date = ${TODAY}
    UNION ALL
    SELECT organization_id, date_trunc('month', local_date::timestamp)::date, -(state = 'attended')::integer,
           -(state = 'missed')::integer, -(state = 'excused')::integer, 0, 0
      FROM (SELECT id FROM organization) AS o CROSS JOIN LATERAL (
        SELECT * FROM convocation WHERE organization_id = o.id AND state IN ('attended', 'missed', 'excused')
           AND (outcome_at IS NULL OR outcome_at < starts_at)
           AND starts_at > $4::timestamptz AND starts_at < $4::timestamptz + interval '26 hours' OFFSET 0) AS ahead
     WHERE local_date = ${TODAY}
  ) AS counted
 GROUP BY organization_id, counted.month
HAVING sum(attended + missed + excused + cancelled + unknown) <> 0 ORDER BY organization_id, counted.month`;
