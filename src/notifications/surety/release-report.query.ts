import type { EntityManager } from 'typeorm';
import type { MessageKind } from '../domain/notification.states.js';
import { EMAIL_POSSIBLE } from '../follow-up/reach.query.js';
import {
  BY_TEXT,
  IS_SERVED,
  IS_UNSURE,
  type MayHaveLeft,
  mayHaveLeft,
  parametersOf,
} from './may-have-left.js';
import type { ListedSince, Reading } from './served-since.query.js';
import { IS_DUE_FROM } from './waiting-messages.js';

/** Messages of one service and kind that wait while their hour has come. */
export interface ReleaseRow {
  readonly organizationId: string;
  readonly organization: string;
  readonly kind: MessageKind;
  /** Would be handed over now, unless their own window is closed. */
  readonly leaving: number;
  /** Of those, how many are over a minute late. */
  readonly late: number;
  /** Of those that would leave, how many go to a number that an operator served since: perhaps with this very text. */
  readonly served: number;
  /** Of those that would leave, how many others may have left by an operator whose list is not known whole. */
  readonly unsure: number;
  /** Useful no longer: dropped, with a task for an agent. */
  readonly expired: number;
}

/** What one operator told of the time that this database may not know. */
export interface AskedOperator {
  readonly operator: string;
  readonly outcome: Reading;
  readonly since: string;
  /** Numbers known here to which it took a text that no call explains. */
  readonly numbers: number;
  /** Messages that would leave and of which nobody can say whether this operator has taken them before, at most. */
  readonly unknown: number;
}

/** What a release would let leave. */
export interface ReleaseReport {
  readonly rows: readonly ReleaseRow[];
  readonly leaving: number;
  readonly late: number;
  readonly served: number;
  readonly unsure: number;
  readonly expired: number;
  /** Empty while nothing is held. */
  readonly operators: readonly AskedOperator[];
  /** Hour promised for the oldest that would leave; null when none would. */
  readonly oldestDue: Date | null;
  /** Calls whose result nobody knows yet: they are looked up at the operator, held or not. */
  readonly uncertain: number;
}

interface Row extends ReleaseRow {
  readonly oldestDue: Date | null;
  /** Not served since, by the way they would take. */
  readonly texts: number;
  readonly mails: number;
}

const ROWS = `
  WITH clock AS MATERIALIZED (SELECT app_now() AS now),
  waiting AS (
    SELECT c.organization_id, o.name, m.kind, m.first_due_at, clock.now, m.useful_until > clock.now AS leaves,
           ${IS_SERVED} AS served, ${IS_UNSURE} AS unsure, ${BY_TEXT} AS by_text, ${EMAIL_POSSIBLE} AS by_mail
      FROM ${IS_DUE_FROM}
      JOIN organization o ON o.id = c.organization_id)
  SELECT organization_id AS "organizationId", name AS organization, kind,
         count(*) FILTER (WHERE leaves)::int AS leaving,
         count(*) FILTER (WHERE leaves AND first_due_at < now - interval '1 minute')::int AS late,
         count(*) FILTER (WHERE leaves AND served)::int AS served,
         count(*) FILTER (WHERE leaves AND unsure)::int AS unsure,
         count(*) FILTER (WHERE leaves AND NOT served AND by_text)::int AS texts,
         count(*) FILTER (WHERE leaves AND NOT served AND NOT by_text AND by_mail)::int AS mails,
         count(*) FILTER (WHERE NOT leaves)::int AS expired,
         min(first_due_at) FILTER (WHERE leaves) AS "oldestDue"
    FROM waiting GROUP BY organization_id, name, kind ORDER BY name, kind`;

/**
 * Counts what waits, by the partial index of what is due: its cost follows the backlog.
 * @param lists of the operators, read before (`OperatorLists.takenInGap`); empty: none was asked
 */
export async function releaseReport(
  tx: EntityManager,
  lists: readonly ListedSince[] = [],
): Promise<ReleaseReport> {
  const open = await mayHaveLeft(tx, lists);
  const rows: Row[] = await tx.query(ROWS, parametersOf(open));
  const calls: { n: number }[] = await tx.query(
    `SELECT count(*)::int AS n FROM message WHERE state IN ('sending', 'uncertain')`,
  );
  const total = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const oldest = rows.flatMap(({ oldestDue }) => (oldestDue === null ? [] : [oldestDue.getTime()]));
  const unlisted = { texts: total((row) => row.texts), mails: total((row) => row.mails) };
  return {
    rows: rows.map(({ oldestDue: _oldestDue, texts: _texts, mails: _mails, ...row }) => row),
    leaving: total((row) => row.leaving),
    late: total((row) => row.late),
    served: total((row) => row.served),
    unsure: total((row) => row.unsure),
    expired: total((row) => row.expired),
    operators: lists.map((list) => askedOf(list, open, unlisted)),
    oldestDue: rows.find(({ oldestDue }) => oldestDue?.getTime() === Math.min(...oldest))?.oldestDue ?? null,
    uncertain: calls[0]?.n ?? 0,
  };
}

function askedOf(
  { operator, outcome, since }: ListedSince,
  { served }: MayHaveLeft,
  { texts, mails }: { readonly texts: number; readonly mails: number },
): AskedOperator {
  const unknown = operator === 'smtp' ? mails : texts;
  return {
    operator,
    outcome,
    since: since.toString(),
    numbers: served.filter((contact) => contact.operator === operator).length,
    unknown: outcome === 'whole' ? 0 : unknown,
  };
}
