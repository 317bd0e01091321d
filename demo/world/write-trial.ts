import type { EntityManager } from 'typeorm';
import { armAt, stratumOf } from '../../src/notifications/domain/trial-assignment.js';
import { stepsOfArm } from '../../src/notifications/domain/trial.js';
import { AGENTS } from './agents.js';
import { idOf } from './chance.js';
import { plusDays } from './days.js';
import { agentId, organizationId } from './ids.js';
import { insertRows } from './rows.js';
import { serviceOf } from './services.js';

const TRIAL_ID = idOf('trial of the days before');
const SERVICE = serviceOf('spip-974');
const SEED = 'la-reunion-j1-j2-j4';
const DAYS_RUNNING = 45;
const DAYS_LEFT = 60;
const ARMS = [
  { name: 'La veille', days: [1] },
  { name: 'Deux jours avant', days: [2] },
  { name: 'Quatre jours avant et la veille', days: [4, 1] },
] as const;

/** The first registered trial, in its seventh week: its results stay hidden for two months more. */
export async function writeTrial(tx: EntityManager, today: string): Promise<void> {
  const admin = AGENTS.find(({ role }) => role === 'admin');
  const by = admin === undefined ? null : agentId(admin);
  await tx.query(
    `INSERT INTO trial (id, name, question, differs_by, unit, by_service, by_first, seed, planned_size, ends_on,
       created_at, created_by_agent_id) VALUES ($1, $2, $3, 'timing', 'person', true, true, $4, 900, $5, $6, $7)`,
    [
      TRIAL_ID,
      'J-1 contre J-2 contre J-4 et J-1',
      'Combien de jours avant le rendez-vous faut-il rappeler pour que les personnes viennent\u00a0?',
      SEED,
      plusDays(today, DAYS_LEFT),
      `${plusDays(today, -DAYS_RUNNING - 9)}T09:00:00Z`,
      by,
    ],
  );
  await insertRows(tx, ARM, armRows());
  await tx.query(
    `INSERT INTO trial_population (trial_id, organization_id, type_code) VALUES ($1, $2, 'suivi-spip')`,
    [TRIAL_ID, organizationId(SERVICE)],
  );
  const registered = `${plusDays(today, -DAYS_RUNNING - 7)}T09:30:00Z`;
  const started = `${plusDays(today, -DAYS_RUNNING)}T05:00:00Z`;
  await tx.query(`UPDATE trial SET state = 'running', registered_at = $2, started_at = $3 WHERE id = $1`, [
    TRIAL_ID,
    registered,
    started,
  ]);
  await tx.query('UPDATE trial_population SET is_running = true WHERE trial_id = $1', [TRIAL_ID]);
  await tx.query(
    `INSERT INTO trial_event (trial_id, at, event, agent_id)
     SELECT id, unnest(ARRAY[created_at, registered_at, started_at]),
            unnest(ARRAY['trial.drafted', 'trial.registered', 'trial.started']), $2 FROM trial WHERE id = $1`,
    [TRIAL_ID, by],
  );
}

/** Convocations just added that were booked while the trial ran: in the order of booking, as if drawn then. */
export async function enterDemoTrial(tx: EntityManager, convocationIds: readonly string[]): Promise<void> {
  const booked: Booked[] = await tx.query(BOOKED, [TRIAL_ID, convocationIds]);
  const known: { unit: string; arm: number }[] = await tx.query(
    'SELECT unit_id AS unit, arm FROM trial_assignment WHERE trial_id = $1',
    [TRIAL_ID],
  );
  const lines: { stratum: string; entered: number }[] = await tx.query(
    'SELECT stratum, entered FROM trial_stratum WHERE trial_id = $1',
    [TRIAL_ID],
  );
  const entered = new Map(lines.map((line) => [line.stratum, line.entered]));
  const arms = new Map(known.map(({ unit, arm }) => [unit, arm]));
  const drawn: object[] = [];
  for (const { personId, isFirst, at } of booked) {
    if (arms.has(personId)) continue;
    const stratum = stratumOf(
      { byService: true, byFirst: true },
      { organizationId: organizationId(SERVICE), isFirst },
    );
    const position = entered.get(stratum) ?? 0;
    const arm = armAt({ seed: SEED, stratum, shares: ARMS.map(() => 1) }, position);
    entered.set(stratum, position + 1);
    arms.set(personId, arm);
    drawn.push({ trial_id: TRIAL_ID, unit_id: personId, stratum, position, arm, at });
  }
  await insertRows(tx, ASSIGNMENT, drawn);
  await insertRows(
    tx,
    STRATUM,
    [...entered].map(([stratum, count]) => ({ trial_id: TRIAL_ID, stratum, entered: count })),
  );
  const inTrial = booked.map(({ id, personId, at }) => ({
    ...{ convocation_id: id, trial_id: TRIAL_ID, unit_id: personId, arm: arms.get(personId), at },
  }));
  await insertRows(tx, CONVOCATION, inTrial);
}

interface Booked {
  readonly id: string;
  readonly personId: string;
  readonly isFirst: boolean;
  readonly at: string;
}

function armRows(): readonly object[] {
  return ARMS.map(({ name, days }, position) => ({
    ...{ trial_id: TRIAL_ID, position, name },
    reminders: stepsOfArm(days.map((offsetDays) => ({ offsetDays, hour: null }))),
  }));
}

const ARM = {
  into: 'trial_arm (trial_id, position, name, reminders)',
  columns: 'trial_id uuid, position smallint, name text, reminders jsonb',
  select: 'SELECT trial_id, position, name, reminders FROM r',
};
const ASSIGNMENT = {
  into: 'trial_assignment (trial_id, unit_id, stratum, position, arm, assigned_at)',
  columns: 'trial_id uuid, unit_id uuid, stratum text, position int, arm smallint, at timestamptz',
  select: 'SELECT trial_id, unit_id, stratum, position, arm, at FROM r',
};
const STRATUM = {
  into: 'trial_stratum (trial_id, stratum, entered)',
  columns: 'trial_id uuid, stratum text, entered int',
  select: 'SELECT trial_id, stratum, entered FROM r',
  conflict: 'ON CONFLICT (trial_id, stratum) DO UPDATE SET entered = excluded.entered',
};
const CONVOCATION = {
  into: 'trial_convocation (convocation_id, trial_id, unit_id, arm, booked_at)',
  columns: 'convocation_id uuid, trial_id uuid, unit_id uuid, arm smallint, at timestamptz',
  select: 'SELECT convocation_id, trial_id, unit_id, arm, at FROM r',
};

const BOOKED = `
SELECT c.id, c.person_id AS "personId", c.created_at AS at,
       NOT EXISTS (SELECT FROM convocation x WHERE x.person_id = c.person_id AND x.starts_at < c.created_at
                      AND x.state IN ('attended', 'missed', 'excused')) AS "isFirst"
  FROM convocation c
  JOIN trial_population tp ON tp.organization_id = c.organization_id AND tp.type_code = c.type_code AND tp.is_running
  JOIN trial t ON t.id = tp.trial_id AND t.id = $1 AND c.created_at >= t.started_at AND c.local_date <= t.ends_on
 WHERE c.id = ANY($2::uuid[]) AND NOT EXISTS (SELECT FROM trial_convocation k WHERE k.convocation_id = c.id)
 ORDER BY c.created_at, c.id`;
