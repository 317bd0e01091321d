import type { Rig } from './rig/rig.js';

const DUE = 20;
/** Sidekiq's own habit there: the job is tried again after any error. */
const TRIES = 10;

export interface OldWay {
  plan(dueIn: string): Promise<void>;
  pass(): Promise<void>;
  /** A pass whose process dies when the operator has taken some of the texts. */
  dyingPass(): Promise<void>;
  holes(): Promise<{ readonly lost: number; readonly duplicated: number; readonly early: number }>;
}

interface Row {
  readonly id: string;
  readonly phone: string;
}

/**
 * How a neighbour sends its reminders, re-expressed from its published code (2026-02): every minute what is due
 * between one hour ago and one hour ahead is given to a job; the job sends if the row is not yet `sent`, without a
 * trace before the call, and is tried again after any error. In a table of its own in the same database.
 */
export async function oldWay(rig: Rig): Promise<OldWay> {
  await asOwner(
    rig,
    `CREATE TABLE old_way (id text PRIMARY KEY, phone text, due_at timestamptz, state text DEFAULT 'created', sent_at timestamptz)`,
  );
  await asOwner(rig, 'GRANT ALL ON old_way TO PUBLIC');
  return {
    plan: async (dueIn) => {
      await rig.query(
        `INSERT INTO old_way (id, phone, due_at)
         SELECT gen_random_uuid(), '+3369' || (1000000 + n), app_now() + $1::interval FROM generate_series(1, $2::int) n`,
        [dueIn, DUE],
      );
    },
    pass: () => pass(rig, true),
    dyingPass: () => pass(rig, false),
    holes: () => count(rig),
  };
}

/** @param records false: the process is gone before it writes what it did, and the rows are found again */
async function pass(rig: Rig, records: boolean): Promise<void> {
  const due = await rig.query<Row>(
    `UPDATE old_way SET state = 'programmed'
          WHERE state = 'created' AND due_at BETWEEN app_now() - interval '1 hour' AND app_now() + interval '1 hour'
          RETURNING id, phone`,
  );
  const [rows] = due as unknown as [Row[]];
  await Promise.all(rows.map((row) => deliver(rig, row, records)));
  // Its own nightly check puts back what stayed half-way.
  if (!records) await rig.query(`UPDATE old_way SET state = 'created'`);
}

async function deliver(rig: Rig, { id, phone }: Row, records: boolean): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++)
    try {
      const answer = await fetch(`${rig.operator.url}/2010-04-01/Accounts/AC/Messages.json`, {
        method: 'POST',
        body: new URLSearchParams({ To: phone, From: 'MonSuiviJus', Body: 'Rappel' }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      if (records)
        await rig.query(`UPDATE old_way SET state = 'sent', sent_at = app_now() WHERE id = $1`, [id]);
      return;
    } catch {
      // As there: nothing is remembered of the call that failed.
    }
}

async function count(rig: Rig): Promise<{ lost: number; duplicated: number; early: number }> {
  const rows = await rig.query<{ phone: string; early: boolean }>(
    `SELECT phone, coalesce(sent_at < due_at, false) AS early FROM old_way`,
  );
  const texts = (phone: string) => rig.operator.accepted.filter(({ to }) => to === phone).length;
  return {
    lost: rows.filter(({ phone }) => texts(phone) === 0).length,
    duplicated: rows.reduce((sum, { phone }) => sum + Math.max(0, texts(phone) - 1), 0),
    early: rows.filter(({ early }) => early).length,
  };
}

async function asOwner(rig: Rig, sql: string): Promise<void> {
  await rig.servers.asAdmin(sql, rig.database.name);
}
