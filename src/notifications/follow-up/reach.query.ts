import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ReachFacts, type ReachState, reachOf } from '../domain/reach.js';
import { Gateways } from '../providers/gateways.js';

/**
 * SQL condition: this message went to a number or an address whose holder says, until it is opened again, that it is
 * not theirs. Who only asked for no more e-mails had read it.
 */
export function wentToStranger(message: string): string {
  return `(${message}.state IN ('accepted', 'delivered') AND EXISTS (
    SELECT FROM delivery_attempt stray JOIN phone_block b ON b.phone_id = stray.recipient_id
     WHERE stray.message_id = ${message}.id AND stray.result = ${message}.state AND (stray.channel = 'sms' OR EXISTS (
       SELECT FROM convocation mine JOIN history_entry h ON h.person_id = mine.person_id
        WHERE mine.id = ${message}.convocation_id AND h.event = 'address.wrong-person' AND h.at >= b.since))))`;
}

/** Of a `holder`: the number or address of today to which an attempt of that way would go. */
const contactOf = (attempt: string) =>
  `CASE ${attempt}.channel WHEN 'sms' THEN holder.phone_id ELSE holder.email_id END`;

/**
 * SQL condition: this message arrived at a number or an address that was replaced since, and what was sent of the same
 * promise to the present one, the same way, did not arrive, or nobody knows: the old one may be somebody else's.
 * @param own the message of the promise that `message` tells, which is itself unless another text says both
 */
function wentToFormer(message: string, own: string): string {
  return `(${message}.state IN ('accepted', 'delivered') AND EXISTS (
    SELECT FROM convocation mine JOIN person holder ON holder.id = mine.person_id
      JOIN delivery_attempt old ON old.message_id = ${message}.id AND old.result = ${message}.state
       AND old.recipient_id IS DISTINCT FROM ${contactOf('old')}
      JOIN message newer_own ON newer_own.convocation_id = mine.id AND newer_own.promise_version = ${own}.promise_version
      JOIN delivery_attempt newer ON newer.message_id = coalesce(newer_own.told_by_message_id, newer_own.id)
       AND newer.channel = old.channel AND newer.recipient_id = ${contactOf('newer')}
     WHERE mine.id = ${own}.convocation_id
       AND (newer.result IN ('undelivered', 'refused', 'uncertain', 'abandoned')
         OR newer.result = 'accepted' AND newer.channel = 'sms')))`;
}

/** SQL condition: the telephone got it. A text of which nobody is asked for a receipt stays unconfirmed. */
export function hasArrivedByText(message: string, own: string): string {
  return `(${message}.state = 'delivered' AND NOT ${wentToStranger(message)} AND NOT ${wentToFormer(message, own)})`;
}

/** SQL condition: as far as anybody knows today, this message reached the person; an e-mail has not come back. */
export function hasArrived(message: string, own: string): string {
  return `((${message}.state = 'delivered' OR (${message}.state = 'accepted' AND EXISTS (
    SELECT FROM delivery_attempt way WHERE way.message_id = ${message}.id AND way.number = ${message}.attempts
       AND way.channel = 'email'))) AND NOT ${wentToStranger(message)} AND NOT ${wentToFormer(message, own)})`;
}

/** SQL condition: `closed` is a task of the present promise of the convocation `c` that says what came of it. */
const CLOSED_FOR = `closed.convocation_id = c.id AND closed.promise_version = c.promise_version`;

/** Of a `closed` task: the person knows. That a wrong number was dealt with tells nobody. */
const SAYS_TOLD = `(closed.outcome = 'reached' AND closed.kind IN ('reach-otherwise', 'wrong-person')
  OR closed.outcome = 'done' AND closed.kind = 'reach-otherwise')`;

/** SQL condition on the convocation `c`: an agent told the person of its present promise. */
export const TOLD_BY_AGENT = `EXISTS (SELECT FROM agent_task closed WHERE ${CLOSED_FOR} AND ${SAYS_TOLD})`;

/** Of a `closed` task: no other number or address was noted since, none opened again, no refusal taken back. */
const SAME_WAYS_SINCE = `NOT EXISTS (
  SELECT FROM history_entry noted WHERE noted.person_id = closed.person_id AND noted.at > closed.closed_at
     AND (noted.event IN ('messages.resumed', 'phone.block-lifted', 'address.block-lifted')
       OR noted.event = 'person.updated' AND noted.detail -> 'fields' ?| ARRAY['phone', 'noPhone', 'email']))`;

/**
 * Of a `closed` task: nobody can tell the person, by what was known of them then; of a wrong number, while it is the one
 * of the person, and blocked.
 */
const SAYS_UNREACHABLE = `(closed.outcome = 'could-not-reach' AND ${SAME_WAYS_SINCE} AND (closed.kind = 'reach-otherwise'
  OR closed.kind = 'wrong-person' AND EXISTS (
    SELECT FROM person wrong JOIN phone_block b ON b.phone_id = wrong.phone_id
     WHERE wrong.id = closed.person_id AND b.since <= closed.opened_at)))`;

/**
 * SQL condition on the convocation `c` and its message `m`: an agent said the same, or knows that nobody can. Of one that
 * was dropped: since it was due, for what was sent, was late or was dropped with a task adds up to what was due.
 */
export const SETTLED_BY_AGENT = `EXISTS (
  SELECT FROM agent_task closed LEFT JOIN message said ON said.id = closed.message_id
   WHERE ${CLOSED_FOR} AND (${SAYS_TOLD} OR ${SAYS_UNREACHABLE})
     AND (m.state <> 'expired' OR closed.closed_at >= m.first_due_at)
     AND CASE WHEN m.kind IN ('cancellation', 'after-absence') THEN said.kind = m.kind
              ELSE coalesce(said.kind, 'summons') NOT IN ('cancellation', 'after-absence') END)`;

/**
 * SQL condition on the convocation `c`: an agent is asked for the right number or address, and may say there that the
 * person knows, or cannot be told.
 */
export const WRONG_PERSON_ASKED = `EXISTS (SELECT FROM agent_task asked WHERE asked.convocation_id = c.id
  AND asked.kind = 'wrong-person' AND asked.promise_version = c.promise_version AND asked.closed_at IS NULL)`;

/** SQL condition on the person `p`: an address is known, in order, and nobody who reads it asked for nothing more. */
export const EMAIL_POSSIBLE = `(p.email_id IS NOT NULL AND p.email_flagged_at IS NULL
  AND NOT EXISTS (SELECT FROM phone_block b WHERE b.phone_id = p.email_id))`;

/** Columns of the person `p`: by what they may be reached, as the rule that decides a sending reads it. */
export const WAYS_TO_REACH = `p.phone_id IS NOT NULL AS "hasPhone", p.phone_mobile AS "phoneMobile", p.no_phone AS "noPhone",
  p.sms_refused_at IS NOT NULL AS "smsRefused", p.phone_flagged_at IS NOT NULL AS "phoneFlagged",
  EXISTS (SELECT FROM phone_block b WHERE b.phone_id = p.phone_id) AS "wrongPerson", ${EMAIL_POSSIBLE} AS "hasEmail"`;

/** SQL condition on the person `p`, with `$1`: what is planned may leave, by some way, to no stranger. */
const HAS_A_WAY = `(NOT EXISTS (SELECT FROM phone_block b WHERE b.phone_id = p.phone_id) OR $1::boolean AND ${EMAIL_POSSIBLE})`;

/**
 * Facts of convocations as `c` and persons as `p`, with `$1`: the mail channel is on. A text of another convocation
 * of the same day that says this one too counts as its own.
 */
export const REACH_FACTS = `c.id AS "convocationId", c.person_id AS "personId",
  EXISTS (SELECT FROM agent_task t WHERE t.convocation_id = c.id AND t.kind = 'reach-otherwise'
            AND t.closed_at IS NULL) OR NOT coalesce(told.arrived, false) AND ${WRONG_PERSON_ASKED} AS "taskOpen",
  coalesce(told.arrived, false) AS arrived,
  coalesce(told.arrived AND NOT told.arrived_by_text, false) AS "onlyByEmail", coalesce(told.unconfirmed, false) AS unconfirmed,
  coalesce(told.waiting, false) AND ${HAS_A_WAY} AS waiting, coalesce(told.stranger, false) AS "toldStranger",
  ${TOLD_BY_AGENT} AS "toldByAgent",
  EXISTS (SELECT FROM agent_task closed WHERE ${CLOSED_FOR} AND ${SAYS_UNREACHABLE}) AS "gaveUp",
  EXISTS (SELECT FROM agent_task closed WHERE ${CLOSED_FOR} AND closed.kind = 'reach-otherwise'
            AND closed.outcome <> 'no-longer-needed') AS "wasAsked",
  p.sms_refused_at IS NOT NULL AS "smsRefused", p.phone_id IS NOT NULL AS "hasPhone",
  $1::boolean AND ${EMAIL_POSSIBLE} AS "hasEmail"`;

/** Beside `REACH_FACTS`: what the texts of the present promise came to. */
export const REACH_FACTS_FROM = `convocation c JOIN person p ON p.id = c.person_id
  LEFT JOIN LATERAL (
    SELECT bool_or(${hasArrived('x', 'own')}) AS arrived, bool_or(${hasArrivedByText('x', 'own')}) AS arrived_by_text,
           bool_or(x.state = 'accepted' AND NOT ${wentToStranger('x')}) AS unconfirmed,
           bool_or(${wentToStranger('x')}) AS stranger,
           bool_or(x.state IN ('planned', 'queued', 'sending', 'uncertain')) AS waiting
      FROM message own JOIN message x ON x.id = coalesce(own.told_by_message_id, own.id)
     WHERE own.convocation_id = c.id AND own.promise_version = c.promise_version
       AND own.kind IN ('summons', 'reminder', 'rescheduling')
  ) AS told ON true`;

/** The facts, and of what. */
export interface ReachRow extends ReachFacts {
  readonly convocationId: string;
  readonly personId: string;
}

/** Booked convocations whose hour comes within this many hours (and is not past), changed at least so long ago. */
export async function comingFacts(
  tx: EntityManager,
  within: { readonly hours: number; readonly settledSeconds: number; readonly mailIsOn: boolean },
): Promise<readonly ReachRow[]> {
  return tx.query(
    `SELECT ${REACH_FACTS} FROM ${REACH_FACTS_FROM}
      WHERE c.state = 'booked' AND c.starts_at > app_now()
        AND c.starts_at <= app_now() + make_interval(secs => $2)
        AND c.updated_at <= app_now() - make_interval(secs => $3)`,
    [within.mailIsOn, within.hours * 3600, within.settledSeconds],
  );
}

/** How each of these convocations stands; whether the caller may see them is the caller's question. */
@Injectable()
export class ReachQueries {
  constructor(private readonly gateways: Gateways) {}

  async reachOf(
    tx: EntityManager,
    convocationIds: readonly string[],
  ): Promise<ReadonlyMap<string, ReachState>> {
    if (convocationIds.length === 0) return new Map();
    const rows: ReachRow[] = await tx.query(
      `SELECT ${REACH_FACTS} FROM ${REACH_FACTS_FROM} WHERE c.id = ANY($2::uuid[])`,
      [this.gateways.mailIsOn, convocationIds],
    );
    return new Map(rows.map((row) => [row.convocationId, reachOf(row)]));
  }
}
