/** Lengths of period that are measured, in calendar months; each a multiple of the one before. */
const LENGTHS = [1, 3, 6, 12, 24] as const;
const LONGEST = 24;

/**
 * Services to measure on this night: those never measured, and a seventh of the others, each on its own day of the
 * week. How alike the visits of one person are moves slowly, and tells itself only by reading two years of them.
 * $1: all of them.
 */
export const SERVICES_TO_MEASURE = `
SELECT o.id FROM organization o
 WHERE $1::boolean OR NOT EXISTS (SELECT FROM attendance_design_effect d WHERE d.organization_id = o.id)
    OR abs(hashtext(o.id::text)::bigint) % 7 = extract(isodow FROM app_now()) - 1
 ORDER BY o.id`;

const monthsOf = (day: string) => `(extract(year FROM ${day}) * 12 + extract(month FROM ${day}))::integer`;

/** What a person did in each stretch of so many months, from the stretches of the length before. */
function block(months: number, at: number): string {
  const shorter = LENGTHS[at - 1];
  if (shorter === undefined) return '';
  return `, block_${months} AS (
  SELECT organization_id, person_id, block / ${months / shorter} AS block, sum(missed)::integer AS missed,
         sum(known)::integer AS known
    FROM block_${shorter} GROUP BY 1, 2, 3)`;
}

/** Sums over the persons of a stretch, and of their squares: the rest of the arithmetic needs no person any more. */
const sums = (months: number) => `
  SELECT organization_id, ${months} AS months, sum(missed)::float8 AS missed, sum(known)::float8 AS known,
         sum(missed * missed)::float8 AS mm, sum(missed * known)::float8 AS mk, sum(known * known)::float8 AS kk
    FROM block_${months} GROUP BY organization_id, block`;

/**
 * Design effect of absence among persons, for periods of 1, 3, 6, 12 and 24 calendar months, over the last two years:
 * variance of the persons' sums round their expectation ÷ what it would be if outcomes were independent (Kish 1965,
 * linearized). With r the rate of a stretch, the sum over its persons of (missed − r × known)² is mm − 2r mk + r² kk.
 * $1: services.
 */
export const MEASURE_CLUSTERING = `
WITH this AS MATERIALIZED (SELECT ${monthsOf(`(app_now() AT TIME ZONE 'UTC')`)} AS month),
block_1 AS (
  SELECT c.organization_id, c.person_id, this.month - ${monthsOf('c.local_date')} AS block,
         (count(*) FILTER (WHERE c.state = 'missed'))::integer AS missed, count(*)::integer AS known
    FROM convocation c CROSS JOIN this
   WHERE c.organization_id = ANY($1) AND c.state IN ('attended', 'missed', 'excused')
     AND c.starts_at > app_now() - interval '${LONGEST + 1} months' AND c.starts_at <= app_now()
     AND this.month - ${monthsOf('c.local_date')} BETWEEN 0 AND ${LONGEST - 1}
   GROUP BY 1, 2, 3
)${LENGTHS.map(block).join('')}, summed AS (${LENGTHS.map(sums).join('\n  UNION ALL')}
)
INSERT INTO attendance_design_effect (organization_id, months, design_effect)
SELECT organization_id, months, greatest(1, coalesce(
         sum(mm - 2 * (missed / known) * mk + (missed / known) ^ 2 * kk)
           / nullif(sum(missed * (1 - missed / known)), 0), 1))
  FROM summed GROUP BY 1, 2
ON CONFLICT (organization_id, months) DO UPDATE SET design_effect = excluded.design_effect`;
