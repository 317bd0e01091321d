import type { EntityManager } from 'typeorm';
import { loadEnv } from '../config/load-env.js';
import { seedVolume } from '../src/cli/seed-volume.js';
import { RelayDue } from '../src/notifications/sending/relay-due.js';
import { Gateways } from '../src/notifications/providers/gateways.js';
import { Failpoints } from '../src/platform/failpoints.js';
import { JobQueue } from '../src/platform/queue.js';
import { Transaction } from '../src/platform/transaction.js';
import { figure } from './support/dispatch-run.js';
import { median, spread } from './support/figures.js';
import { ACCOUNT_SID, AUTH_TOKEN, type Rig, SENDER, startRig } from './support/rig.js';

export interface RelayOptions {
  /** Planned rows in the future, in the larger of the two databases. */
  readonly rows: number;
  /** Rows due now, in both. */
  readonly due: number;
  readonly rounds: number;
}

const FEW = 10_000;
/** Rows written by one statement: its transition tables stay in memory. */
const STEP = 250_000;
/** Future messages of one convocation: the unique key allows one for each day before it. */
const PER_CONVOCATION = 1_000;

/** Does the claim cost what is due, or what is planned? One relay run, undone each time, on two databases in turn. */
export async function benchRelay({ rows, due, rounds }: RelayOptions): Promise<object> {
  const [small, large] = [await startRig('postgres'), await startRig('postgres')];
  try {
    await seed(small, FEW, due);
    const begun = performance.now();
    await seed(large, rows, due);
    const seconds = (performance.now() - begun) / 1000;
    process.stdout.write(`seeded ${rows} planned rows in ${seconds.toFixed(1)} s\n`);
    const times: { small: number[]; large: number[] } = { small: [], large: [] };
    for (let round = 0; round <= rounds; round++)
      for (const side of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        const ms = await relayOnce(side === 'small' ? small : large, due);
        if (round > 0) times[side].push(ms);
      }
    process.stdout.write(
      `${FEW} rows: ${spread(times.small, 'ms')}\n${rows} rows: ${spread(times.large, 'ms')}\n`,
    );
    const [a, b] = [median(times.small), median(times.large)];
    return {
      small_ms: figure(a, 2),
      large_ms: figure(b, 2),
      ratio: figure(b / a, 3),
      seed_s: figure(seconds),
    };
  } finally {
    await large.stop();
    await small.stop();
  }
}

async function seed(rig: Rig, rows: number, due: number): Promise<void> {
  const convocations = Math.ceil(rows / PER_CONVOCATION);
  await rig.dataSource.transaction((tx) =>
    seedVolume(tx, { persons: due + convocations, convocations: due, dueNow: due }),
  );
  await rig.owner(FUTURE_CONVOCATIONS, [convocations]);
  // Of the filling only: neither is asked by a claim.
  await rig.owner('ALTER TABLE message DISABLE TRIGGER USER');
  await rig.owner('ALTER TABLE message DROP CONSTRAINT message_convocation_id_fkey');
  for (let from = 0; from < rows; from += STEP)
    await rig.owner(FUTURE_MESSAGES, [from, Math.min(rows, from + STEP) - 1, PER_CONVOCATION]);
  await rig.owner('ALTER TABLE message ENABLE TRIGGER USER');
  await rig.owner('ALTER TABLE message ADD FOREIGN KEY (convocation_id) REFERENCES convocation NOT VALID');
  await rig.owner('VACUUM ANALYZE');
  // What the filling left to be written is no cost of a claim.
  await rig.checkpoint();
}

const FUTURE_CONVOCATIONS = `
INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time, time_zone,
  starts_at, created_by_organization_id)
SELECT p.id, c.type_code, c.agenda_id, c.place_id, c.organization_id, c.local_date + 3000, c.local_time, c.time_zone,
       c.starts_at + interval '3000 days', c.organization_id
  FROM (SELECT * FROM convocation LIMIT 1) AS c,
       (SELECT id FROM person WHERE id NOT IN (SELECT person_id FROM convocation) LIMIT $1::integer) AS p`;

/** Due over the eight years to come. */
const FUTURE_MESSAGES = `
INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until)
SELECT c.id, 'reminder', n % $3::integer, 1, at.due, at.due, c.starts_at
  FROM generate_series($1::bigint, $2::bigint) AS n
  JOIN (SELECT id, starts_at, row_number() OVER (ORDER BY id) - 1 AS rank FROM convocation
         WHERE starts_at > now() + interval '2000 days') AS c ON c.rank = n / $3::integer
  CROSS JOIN LATERAL (SELECT c.starts_at - interval '2 days' - n % 2900 * interval '1 day' + n % 86400 * interval '1 second' AS due) AS at`;

class Undone extends Error {}

/** @returns milliseconds of the claim, without the queue, which is the same for both */
async function relayOnce(rig: Rig, due: number): Promise<number> {
  const relay = relayOf(rig);
  let ms = Number.NaN;
  const once = async (tx: EntityManager) => {
    const begun = performance.now();
    await relay.execute(tx);
    ms = performance.now() - begun;
    const rows: { n: number }[] = await tx.query(
      `SELECT count(*)::integer AS n FROM message WHERE state = 'queued'`,
    );
    if (rows[0]?.n !== due) throw new Error(`claimed ${rows[0]?.n} of ${due}`);
    throw new Undone();
  };
  await rig.dataSource.transaction(once).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return ms;
}

function relayOf(rig: Rig): RelayDue {
  const env = loadEnv({
    ...rig.env,
    SMS_PROVIDERS: 'twilio',
    TWILIO_ACCOUNT_SID: ACCOUNT_SID,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_SENDER: SENDER,
  });
  return new RelayDue(
    env,
    new JobQueue(env),
    new Transaction(rig.dataSource),
    new Gateways(env),
    new Failpoints(env),
  );
}
