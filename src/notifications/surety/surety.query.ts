import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { scopeOf } from '../../access/domain/rights.js';
import { sumOfEuros } from '../../shared/euros.js';
import { isAwaitedAt } from './surety-now.query.js';

/**
 * What became of the messages whose hour came in a period. `due` is the sum of `delivered`, `accepted`,
 * `undelivered`, `uncertain`, `expired`, `suppressed` and `waiting`, always; `withdrawn` ones are not due,
 * except those that were useful no longer when the convocation changed: nothing had left, they count as `expired`.
 */
export interface SuretyFigures {
  readonly due: number;
  /** First handed over at most 60 s after the hour promised when planned. */
  readonly onTime: number;
  /** First handed over later than that. What never left is in neither. */
  readonly late: number;
  readonly delivered: number;
  /** Taken by the operator, receipt awaited; of an e-mail there is none. */
  readonly accepted: number;
  /** Refused by the operator, or not delivered by it. */
  readonly undelivered: number;
  readonly uncertain: number;
  readonly expired: number;
  /** Nothing could be sent: refusal, no phone, no channel. */
  readonly suppressed: number;
  /** Not sent yet; all of them held while sending is held. */
  readonly waiting: number;
  readonly withdrawn: number;
  /** Of the due ones, sent twice without being sure that the first call had failed. */
  readonly possibleDuplicates: number;
  /** Parts the operators took × price of a part in the service. */
  readonly euros: number;
}

export interface ServiceSurety extends SuretyFigures {
  readonly organizationId: string;
  readonly organization: string;
  /** Hour promised for the oldest of the period that should have left and waits; null when none does. */
  readonly oldestDue: Date | null;
}

/** Calls for the messages of the period, retries included. */
export interface OperatorSurety {
  readonly operator: string;
  readonly channel: 'sms' | 'email';
  readonly calls: number;
  readonly delivered: number;
  readonly accepted: number;
  readonly undelivered: number;
  /** Said no: the number, the text, or the sender. */
  readonly refused: number;
  /** Surely did not get it; tried again. */
  readonly notSent: number;
  readonly uncertain: number;
  /** Of the delivered and undelivered ones: the operator said the contrary later. */
  readonly contradicted: number;
  readonly euros: number;
}

export interface SuretyPeriod {
  /** Back from now. */
  readonly hours: number;
}

/** Seconds after which a message left late. */
export const ON_TIME_SECONDS = 60;
export const NO_FIGURES: SuretyFigures = {
  due: 0,
  onTime: 0,
  late: 0,
  delivered: 0,
  accepted: 0,
  undelivered: 0,
  uncertain: 0,
  expired: 0,
  suppressed: 0,
  waiting: 0,
  withdrawn: 0,
  possibleDuplicates: 0,
  euros: 0,
};

/** Results by which an operator took a text, and bills it. */
const TAKEN = `('accepted', 'delivered', 'undelivered')`;

/**
 * Messages of the period with their service, by two partial indexes that together hold every row once. One that
 * the ladder planned again has a new hour, from which its lateness is counted. $1: hours; $2, $3: everything, or one service.
 */
const OF_PERIOD = `
  bounds AS MATERIALIZED (SELECT app_now() AS now, app_now() - make_interval(hours => $1) AS since),
  due AS (
    SELECT * FROM message WHERE state IN ('planned', 'queued', 'sending')
       AND first_due_at > (SELECT since FROM bounds) AND first_due_at <= (SELECT now FROM bounds)
    UNION ALL
    SELECT * FROM message WHERE state NOT IN ('planned', 'queued', 'sending')
       AND first_due_at > (SELECT since FROM bounds) AND first_due_at <= (SELECT now FROM bounds)
  ),
  one AS (
    SELECT m.*, o.id AS organization_id, o.name AS organization, o.sms_price_cents AS cents,
           CASE WHEN m.ladder_step = 0 THEN m.accepted_at
                ELSE (SELECT min(a.answered_at) FROM delivery_attempt a
                       WHERE a.message_id = m.id AND a.started_at >= m.first_due_at AND a.result IN ${TAKEN})
            END AS left_at
      FROM due m JOIN convocation c ON c.id = m.convocation_id JOIN organization o ON o.id = c.organization_id
     WHERE $2::boolean OR o.id = ANY($3::uuid[])
  )`;

/** Useless before it left, and withdrawn only then, when an outcome was noted: it was due all the same. */
const IS_OVER = `(state = 'withdrawn' AND reason IS NOT DISTINCT FROM 'over')`;
const IS_DUE = `(state <> 'withdrawn' OR ${IS_OVER})`;
const IS_ON_TIME = `left_at <= first_due_at + interval '${ON_TIME_SECONDS} seconds'`;

const count = (condition: string) => `count(*) FILTER (WHERE ${condition})::int`;

const BY_SERVICE = `
WITH ${OF_PERIOD}
SELECT organization_id AS "organizationId", organization,
       ${count(IS_DUE)} AS due,
       ${count(`${IS_DUE} AND ${IS_ON_TIME}`)} AS "onTime",
       ${count(`${IS_DUE} AND NOT ${IS_ON_TIME}`)} AS late,
       ${count(`state = 'delivered'`)} AS delivered,
       ${count(`state = 'accepted'`)} AS accepted,
       ${count(`state IN ('undelivered', 'failed')`)} AS undelivered,
       ${count(`state = 'uncertain'`)} AS uncertain,
       ${count(`state = 'expired' OR ${IS_OVER}`)} AS expired,
       ${count(`state = 'suppressed'`)} AS suppressed,
       ${count(`state IN ('planned', 'queued', 'sending')`)} AS waiting,
       min(first_due_at) FILTER (WHERE ${isAwaitedAt('(SELECT now FROM bounds)')}) AS "oldestDue",
       ${count(`NOT ${IS_DUE}`)} AS withdrawn,
       ${count(`${IS_DUE} AND possible_duplicate`)} AS "possibleDuplicates",
       coalesce(sum(billed.parts * cents) / 100, 0)::float8 AS euros
  FROM one
  LEFT JOIN LATERAL (SELECT sum(a.segments) AS parts FROM delivery_attempt a
                      WHERE a.message_id = one.id AND a.channel = 'sms' AND a.result IN ${TAKEN}) AS billed
    ON one.attempts > 0
 GROUP BY organization_id, organization ORDER BY organization, organization_id`;

const result = (...results: string[]) => count(`a.result IN ('${results.join(`', '`)}')`);

const BY_OPERATOR = `
WITH ${OF_PERIOD}
SELECT a.operator, a.channel, count(*)::int AS calls, ${result('delivered')} AS delivered,
       ${result('accepted')} AS accepted, ${result('undelivered')} AS undelivered, ${result('refused')} AS refused,
       ${result('not-sent')} AS "notSent", ${result('open', 'uncertain', 'abandoned')} AS uncertain,
       ${count('a.conflicting_status IS NOT NULL')} AS contradicted,
       coalesce(sum(a.segments * cents) FILTER (WHERE a.channel = 'sms' AND a.result IN ${TAKEN}) / 100, 0)::float8
         AS euros
  FROM one JOIN delivery_attempt a ON a.message_id = one.id
 GROUP BY a.operator, a.channel ORDER BY a.channel DESC, a.operator`;

/** Services with messages of the period that the actor may see: all of them for an administrator, else the own one. */
export async function suretyByService(
  tx: EntityManager,
  actor: Actor,
  { hours }: SuretyPeriod,
): Promise<readonly ServiceSurety[]> {
  return tx.query(BY_SERVICE, [hours, ...scopeOf(actor, 'sending.read')]);
}

/** Calls by operator, with the same scope. */
export async function suretyByOperator(
  tx: EntityManager,
  actor: Actor,
  { hours }: SuretyPeriod,
): Promise<readonly OperatorSurety[]> {
  return tx.query(BY_OPERATOR, [hours, ...scopeOf(actor, 'sending.read')]);
}

/** The same figures for everybody, by service: what programs watch. */
export function everyService(tx: EntityManager, { hours }: SuretyPeriod): Promise<readonly ServiceSurety[]> {
  return tx.query(BY_SERVICE, [hours, true, null]);
}

/** Calls of all services by operator. */
export function everyOperator(
  tx: EntityManager,
  { hours }: SuretyPeriod,
): Promise<readonly OperatorSurety[]> {
  return tx.query(BY_OPERATOR, [hours, true, null]);
}

export function sumOf(rows: readonly SuretyFigures[]): SuretyFigures {
  const names = Object.keys(NO_FIGURES) as (keyof SuretyFigures)[];
  const total = (name: keyof SuretyFigures) => rows.reduce((sum, row) => sum + row[name], 0);
  const euros = sumOfEuros(rows.map((row) => row.euros));
  return { ...NO_FIGURES, ...Object.fromEntries(names.map((name) => [name, total(name)])), euros };
}
