import type { EntityManager } from 'typeorm';
import { armAt, stratumOf } from '../domain/trial-assignment.js';

/** A convocation that enters a trial. */
export interface Entry {
  readonly trialId: string;
  readonly convocationId: string;
  /** No earlier convocation of the person has an outcome. */
  readonly isFirst: boolean;
}

interface Entering {
  readonly unit: 'person' | 'service';
  readonly seed: string;
  readonly byService: boolean;
  readonly byFirst: boolean;
  readonly shares: readonly number[];
  readonly personId: string;
  readonly organizationId: string;
  /** Of the unit, when it has entered before. */
  readonly arm: number | null;
}

/**
 * Puts a convocation that is being booked into a running trial, before any of its messages is planned: by the arm its
 * person (or its service) already has, or by the next place of the drawn line of its stratum. The trial cannot stop
 * meanwhile.
 */
export async function enterTrial(
  tx: EntityManager,
  { trialId, convocationId, isFirst }: Entry,
): Promise<void> {
  const entering = await load(tx, trialId, convocationId);
  if (entering === undefined) return;
  const { unit, personId, organizationId } = entering;
  const unitId = unit === 'person' ? personId : organizationId;
  const arm = entering.arm ?? (await assign(tx, trialId, unitId, entering, isFirst));
  await tx.query(
    'INSERT INTO trial_convocation (convocation_id, trial_id, unit_id, arm) VALUES ($1, $2, $3, $4)',
    [convocationId, trialId, unitId, arm],
  );
}

/** Services, all at once when their trial starts. */
export async function assignServices(
  tx: EntityManager,
  trialId: string,
  draw: { readonly seed: string; readonly shares: readonly number[] },
): Promise<void> {
  const rows: { id: string }[] = await tx.query(
    'SELECT DISTINCT organization_id AS id FROM trial_population WHERE trial_id = $1 ORDER BY id',
    [trialId],
  );
  await tx.query(
    `INSERT INTO trial_assignment (trial_id, unit_id, stratum, position, arm)
     SELECT $1, s.id, 'all', s.position - 1, s.arm
       FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS s(id, arm, position)`,
    [
      trialId,
      rows.map(({ id }) => id),
      rows.map((_row, position) => armAt({ ...draw, stratum: 'all' }, position)),
    ],
  );
}

async function load(
  tx: EntityManager,
  trialId: string,
  convocationId: string,
): Promise<Entering | undefined> {
  const rows: Entering[] = await tx.query(
    `SELECT t.unit, t.seed, t.by_service AS "byService", t.by_first AS "byFirst", c.person_id AS "personId",
            c.organization_id AS "organizationId",
            (SELECT json_agg(a.share ORDER BY a.position) FROM trial_arm a WHERE a.trial_id = t.id) AS shares,
            (SELECT a.arm FROM trial_assignment a WHERE a.trial_id = t.id
                AND a.unit_id = CASE t.unit WHEN 'person' THEN c.person_id ELSE c.organization_id END) AS arm
       FROM trial t JOIN convocation c ON c.id = $2
      WHERE t.id = $1 AND t.state = 'running' FOR SHARE OF t`,
    [trialId, convocationId],
  );
  return rows[0];
}

/** Of two that enter one stratum at the same time, the second waits for its place. */
async function assign(
  tx: EntityManager,
  trialId: string,
  unitId: string,
  entering: Entering,
  isFirst: boolean,
): Promise<number> {
  const stratum = stratumOf(entering, { organizationId: entering.organizationId, isFirst });
  const line: { entered: number }[] = await tx.query(
    `INSERT INTO trial_stratum AS s (trial_id, stratum, entered) VALUES ($1, $2, 0)
     ON CONFLICT (trial_id, stratum) DO UPDATE SET entered = s.entered RETURNING entered`,
    [trialId, stratum],
  );
  const position = line[0]?.entered ?? 0;
  await tx.query(
    `WITH placed AS (
       INSERT INTO trial_assignment (trial_id, unit_id, stratum, position, arm) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (trial_id, unit_id) DO NOTHING RETURNING 1
     )
     UPDATE trial_stratum SET entered = entered + 1
      WHERE trial_id = $1 AND stratum = $3 AND EXISTS (SELECT FROM placed)`,
    [trialId, unitId, stratum, position, armAt({ ...entering, stratum }, position)],
  );
  // Another booking of the same person may have been first.
  const rows: { arm: number }[] = await tx.query(
    'SELECT arm FROM trial_assignment WHERE trial_id = $1 AND unit_id = $2',
    [trialId, unitId],
  );
  const [placed] = rows;
  if (placed === undefined) throw new Error('whoever enters a trial has an arm');
  return placed.arm;
}
