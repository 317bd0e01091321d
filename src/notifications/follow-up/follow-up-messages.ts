import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { stopMessages } from '../../persons/sms-refusal.js';
import { Clock } from '../../platform/clock.js';
import { inSavepoint } from '../../platform/savepoint.js';
import { type Instant, instantOf } from '../../shared/time.js';
import { closeMootTasks } from './close-moot-tasks.js';
import { addressVerdict, type Failure, nextStep, numberVerdict, type Step } from '../domain/ladder.js';
import { oneAgain } from '../domain/one-again.js';
import { faultOf } from '../domain/fault.js';
import { type FailedRow, lockToFollowUp, readFailures, STILL_HOLDS } from './follow-up-facts.query.js';
import { type NewTask, openTasks } from './open-tasks.js';
import { type Again, leavesAt, planAgain } from '../plans/plan-again.js';
import { Gateways } from '../providers/gateways.js';
import { type AddressFailure, flagAddresses } from './reach-addresses.js';
import { countFailures, type NumberFailure } from './reach-numbers.js';
import { retargetMessages } from './retarget-messages.js';
import { SendingRules } from '../sending/sending-rules.js';
import { releaseTold } from '../sending/told-same-day.js';

const BATCH = 500;
/** Batches of one run: a storm of failures is worked off over several. */
const MOST_BATCHES = 10;

interface Consequence {
  readonly row: FailedRow;
  readonly again: Again | null;
  readonly task: NewTask | null;
}

/**
 * Draws the consequence of every message that did not arrive: the next step of the ladder, a task for an agent, or
 * nothing when the person knows or the convocation is over. Rows are locked, so that any number of workers may run it.
 */
@Injectable()
export class FollowUpMessages {
  private readonly log = new Logger(FollowUpMessages.name);

  constructor(
    private readonly clock: Clock,
    private readonly rules: SendingRules,
    private readonly gateways: Gateways,
  ) {}

  async execute(tx: EntityManager): Promise<undefined> {
    // First, so that a task about an older promise does not stand in the way of a new one.
    await closeMootTasks(tx);
    const now = await this.clock.now(tx);
    await retargetMessages(tx, { rules: this.rules, mailIsOn: this.gateways.mailIsOn, now });
    const failed: string[] = [];
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      const ids = await lockToFollowUp(tx, BATCH, failed);
      if (ids.length > 0) failed.push(...(await this.followUpApart(tx, ids, now)));
      if (ids.length < BATCH) break;
    }
    return undefined;
  }

  /**
   * All at once; one by one when that fails, so that one that cannot be followed up stops no other. It is tried again
   * by each run, and counted by `/metrics`.
   * @returns those that failed
   */
  private async followUpApart(
    tx: EntityManager,
    ids: readonly string[],
    now: Instant,
  ): Promise<readonly string[]> {
    const tried = (some: readonly string[]) =>
      inSavepoint(tx, async () => this.followUp(tx, await readFailures(tx, some), now));
    if ((await tried(ids)) === null) return [];
    const failed: string[] = [];
    for (const id of ids) {
      const error = await tried([id]);
      if (error === null) continue;
      this.log.error(`message ${id}: its next step cannot be drawn: ${error.message}`);
      failed.push(id);
    }
    return failed;
  }

  private async followUp(tx: EntityManager, rows: readonly FailedRow[], now: Instant): Promise<void> {
    const fresh = rows.filter(({ drawnBefore }) => !drawnBefore);
    for (const row of fresh.filter(saidStop))
      await stopMessages(tx, null, {
        personId: row.personId,
        origin: 'operator',
        convocationId: row.convocationId,
      });
    const flagged = await countFailures(tx, fresh.flatMap(numberFailure));
    await flagAddresses(tx, fresh.flatMap(addressFailure));
    const drawn = oneAgain(rows.map((row) => this.consequence(row, flagged, now)));
    await planAgain(
      tx,
      drawn.flatMap(({ again }) => again ?? []),
    );
    await releaseTold(
      tx,
      drawn.filter(leavesOthersUntold).map(({ row }) => row.messageId),
    );
    const tasks = drawn.flatMap(({ task }) => task ?? []);
    await openTasks(tx, [...tasks, ...(await toldByThem(tx, tasks))]);
    await markFollowed(
      tx,
      drawn.flatMap(({ row, again }) => (again === null ? [row] : [])),
    );
  }

  private consequence(row: FailedRow, flagged: ReadonlySet<string>, now: Instant): Consequence {
    const isFlagged = !row.numberChanged && row.recipientId !== null && flagged.has(row.recipientId);
    const failure = failureOf(row, this.gateways.mailIsOn, row.smsPossible && !isFlagged);
    const step = nextStep(failure, now);
    const again = step.do === 'again' ? this.again(row, step) : null;
    if (step.do !== 'again' || again !== null) return { row, again, task: taskOf(row, step) };
    // A next try would leave too late to be useful.
    const instead = nextStep({ ...failure, smsPossible: false, emailPossible: false }, now);
    return { row, again: null, task: taskOf(row, instead) };
  }

  private again(row: FailedRow, step: Extract<Step, { do: 'again' }>): Again | null {
    const usefulUntil = instantOf(row.usefulUntil);
    const dueAt = leavesAt(this.rules, row, { notBefore: step.notBefore, usefulUntil });
    return dueAt === undefined ? null : { messageId: row.messageId, channel: step.channel, dueAt };
  }
}

/**
 * Whoever is told nothing for this message is told the rest by itself; and an announcement that surely did not arrive
 * is said apart from now on: as one text they may have been too long for the telephone. One in doubt may have arrived.
 */
function leavesOthersUntold({ row, again, task }: Consequence): boolean {
  const isMissed = row.state === 'undelivered' || row.state === 'failed';
  return (again === null && task === null) || (isMissed && row.kind !== 'reminder');
}

function failureOf(row: FailedRow, mailIsOn: boolean, smsPossible: boolean): Failure {
  return {
    ...row,
    usefulUntil: instantOf(row.usefulUntil),
    startsAt: instantOf(row.startsAt),
    settledAt: instantOf(row.settledAt),
    fault: faultOf(row.operator, row.errorCode),
    smsPossible,
    emailPossible: row.hasEmail && mailIsOn,
  };
}

/** The operator says so in a receipt; in an answer to the call, it was dated at once. */
function saidStop({ state, channel, numberChanged, operator, errorCode }: FailedRow): boolean {
  if (state !== 'undelivered' || channel !== 'sms' || numberChanged) return false;
  return faultOf(operator, errorCode) === 'opted-out';
}

/** One message counts once, however often it was tried at the same number. */
function numberFailure(row: FailedRow): NumberFailure[] {
  const verdict = numberVerdict({ ...row, fault: faultOf(row.operator, row.errorCode) });
  if (verdict === 'fine' || row.recipientId === null || !row.firstFailure) return [];
  return [{ phoneId: row.recipientId, wrong: verdict === 'wrong', at: row.settledAt }];
}

function addressFailure(row: FailedRow): AddressFailure[] {
  const verdict = addressVerdict({ ...row, fault: faultOf(row.operator, row.errorCode) });
  return verdict === 'fine' || row.recipientId === null
    ? []
    : [{ emailId: row.recipientId, wrong: verdict === 'wrong' }];
}

function taskOf({ personId, convocationId, messageId }: FailedRow, step: Step): NewTask | null {
  if (step.do !== 'task') return null;
  return { kind: 'reach-otherwise', reason: step.reason, personId, convocationId, messageId };
}

/** One text may have told of several appointments of a day: none of them was told. */
async function toldByThem(tx: EntityManager, tasks: readonly NewTask[]): Promise<readonly NewTask[]> {
  if (tasks.length === 0) return [];
  return tx.query(
    `SELECT t.kind, t.reason, c.person_id AS "personId", c.id AS "convocationId", t.message_id AS "messageId"
       FROM unnest($1::text[], $2::text[], $3::uuid[]) AS t(kind, reason, message_id)
       JOIN message m ON m.told_by_message_id = t.message_id
       JOIN convocation c ON c.id = m.convocation_id
      WHERE m.state = 'withdrawn' AND ${STILL_HOLDS}`,
    [
      tasks.map(({ kind }) => kind),
      tasks.map(({ reason }) => reason),
      tasks.map(({ messageId }) => messageId),
    ],
  );
}

/** One that never left, and whose convocation was over before anybody could be asked, keeps that as its reason. */
async function markFollowed(tx: EntityManager, rows: readonly FailedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const over = rows.filter(({ state, holds, channel }) => state === 'expired' && !holds && channel === null);
  await tx.query(
    `UPDATE message SET followed_up_at = app_now(), reason = CASE WHEN id = ANY($2::uuid[]) THEN 'over' ELSE reason END
      WHERE id = ANY($1::uuid[])`,
    [rows.map(({ messageId }) => messageId), over.map(({ messageId }) => messageId)],
  );
}
