import type { EntityManager } from 'typeorm';
import { type Instant, instantOf } from '../../shared/time.js';
import type { Circuit, CircuitState } from '../domain/circuit-breaker.js';
import type { Bucket } from '../domain/pacing.js';

/** What every worker knows of one operator. */
export interface OperatorState {
  circuit: Circuit;
  bucket: Bucket;
  lastErrorCode: string | null;
  lastAlert: string | null;
  lastAlertAt: Instant | null;
}

/** The circuits of the operators, ours until the end of the transaction. */
export interface LockedStates {
  readonly states: ReadonlyMap<string, OperatorState>;
  /** By the application's clock and by the real one, read once the rows were ours. */
  readonly now: Instant;
  readonly realNow: Instant;
}

interface Row {
  readonly operator: string;
  readonly circuit: CircuitState;
  readonly since: Date;
  readonly openedAt: Date | null;
  readonly windowStartedAt: Date;
  readonly calls: number;
  readonly failures: number;
  readonly successes: number;
  readonly unreachable: number;
  readonly probeAt: Date | null;
  readonly openings: number;
  readonly tokens: number;
  readonly refilledAt: Date;
  readonly dueTurnsUntil: Date;
  readonly bulkTurnsUntil: Date;
  readonly lastErrorCode: string | null;
  readonly lastAlert: string | null;
  readonly lastAlertAt: Date | null;
  readonly now: Date;
  readonly realNow: Date;
}

/** Locks the rows of these operators, in one order for every worker; makes those that are missing. */
export async function lockStates(tx: EntityManager, operators: readonly string[]): Promise<LockedStates> {
  let rows = await readLocked(tx, operators);
  if (rows.length < operators.length) {
    // Silent until now: it starts with a full bucket, and nobody waits for a turn.
    await tx.query(
      `INSERT INTO operator_state (operator, refilled_at, due_turns_until, bulk_turns_until)
       SELECT operator, long_ago, long_ago, long_ago
         FROM unnest($1::text[]) AS operator, (VALUES (now() - interval '1 day')) AS past(long_ago)
       ON CONFLICT DO NOTHING`,
      [operators],
    );
    rows = await readLocked(tx, operators);
  }
  const [first] = rows;
  if (first === undefined) throw new Error('no state of any operator');
  return {
    states: new Map(rows.map((row) => [row.operator, stateOf(row)])),
    now: instantOf(first.now),
    realNow: instantOf(first.realNow),
  };
}

/** The clocks are read above the lock: waiting for it takes time. */
function readLocked(tx: EntityManager, operators: readonly string[]): Promise<Row[]> {
  return tx.query(
    `SELECT locked.*, clock_timestamp() AS "realNow", app_now() + (clock_timestamp() - now()) AS now
       FROM (SELECT operator, circuit, since, opened_at AS "openedAt", window_started_at AS "windowStartedAt", calls,
                    failures, successes, unreachable, probe_at AS "probeAt", openings, tokens,
                    refilled_at AS "refilledAt", due_turns_until AS "dueTurnsUntil",
                    bulk_turns_until AS "bulkTurnsUntil", last_error_code AS "lastErrorCode",
                    last_alert AS "lastAlert", last_alert_at AS "lastAlertAt"
               FROM operator_state WHERE operator = ANY($1::text[]) ORDER BY operator FOR UPDATE) AS locked`,
    [operators],
  );
}

/** Writes back what was locked. */
export async function writeStates(
  tx: EntityManager,
  states: ReadonlyMap<string, OperatorState>,
): Promise<void> {
  await tx.query(
    `UPDATE operator_state s
        SET circuit = r.circuit, since = r.since, opened_at = r."openedAt", window_started_at = r."windowStartedAt",
            calls = r.calls, failures = r.failures, successes = r.successes, unreachable = r.unreachable,
            probe_at = r."probeAt", openings = r.openings, tokens = r.tokens, refilled_at = r."refilledAt",
            due_turns_until = r."dueTurnsUntil", bulk_turns_until = r."bulkTurnsUntil",
            last_error_code = r."lastErrorCode", last_alert = r."lastAlert", last_alert_at = r."lastAlertAt"
       FROM jsonb_to_recordset($1::jsonb) AS r(operator text, circuit text, since timestamptz, "openedAt" timestamptz,
              "windowStartedAt" timestamptz, calls int, failures int, successes int, unreachable int,
              "probeAt" timestamptz, openings int, tokens float8, "refilledAt" timestamptz,
              "dueTurnsUntil" timestamptz, "bulkTurnsUntil" timestamptz, "lastErrorCode" text, "lastAlert" text,
              "lastAlertAt" timestamptz)
      WHERE s.operator = r.operator`,
    [JSON.stringify([...states].map(([operator, state]) => rowOf(operator, state)))],
  );
}

/** A receipt says that something of ours is wrong at this operator: somebody of ours must look. */
export async function noteAlert(tx: EntityManager, operator: string, code: string): Promise<void> {
  await tx.query(
    `INSERT INTO operator_state (operator, last_error_code, last_alert, last_alert_at) VALUES ($1, $2, $2, now())
     ON CONFLICT (operator) DO UPDATE SET last_error_code = $2, last_alert = $2, last_alert_at = now()`,
    [operator, code],
  );
}

function stateOf(row: Row): OperatorState {
  const instant = (date: Date | null) => (date === null ? null : instantOf(date));
  const { circuit, calls, failures, successes, unreachable, openings, lastErrorCode, lastAlert } = row;
  return {
    circuit: {
      ...{ circuit, calls, failures, successes, unreachable, openings },
      since: instantOf(row.since),
      openedAt: instant(row.openedAt),
      windowStartedAt: instantOf(row.windowStartedAt),
      probeAt: instant(row.probeAt),
    },
    bucket: {
      tokens: row.tokens,
      refilledAt: instantOf(row.refilledAt),
      turns: [instantOf(row.dueTurnsUntil), instantOf(row.bulkTurnsUntil)],
    },
    ...{ lastErrorCode, lastAlert },
    lastAlertAt: instant(row.lastAlertAt),
  };
}

function rowOf(operator: string, { circuit, bucket, ...rest }: OperatorState): object {
  const [dueTurnsUntil, bulkTurnsUntil] = bucket.turns;
  const { tokens, refilledAt } = bucket;
  return { operator, ...circuit, tokens, refilledAt, dueTurnsUntil, bulkTurnsUntil, ...rest };
}
