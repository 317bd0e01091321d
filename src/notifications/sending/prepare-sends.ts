import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { JournalAct } from '../../access/journal/journal-acts.js';
import { WriteJournal } from '../../access/journal/write-journal.js';
import type { SendJob } from '../../platform/queue.js';
import { type Instant, instantOf } from '../../shared/time.js';
import { askBeforeOldHour } from '../follow-up/ask-before-old-hour.js';
import { decideSend, type SendDecision, type SendRules } from '../domain/decide-send.js';
import type { Channel } from '../domain/notification.states.js';
import { ALL_DAY } from '../domain/send-window.js';
import { OperatorRouting, type WantedRoute } from './operator-routing.js';
import { Gateways } from '../providers/gateways.js';
import type { MessageGateway } from '../providers/message-gateway.port.js';
import { DatabaseWitness } from '../surety/database-witness.js';
import { recipientOf } from './recipient-of.js';
import {
  type Batch,
  type MailRoom,
  delayOf,
  noteLeaving,
  nothingYet,
  putOffForKey,
  UNBOUNDED,
  waitingForOthers,
} from './send-batch.js';
import type { LockedBatch, SendContext } from './send-context.js';
import { lockAndRead } from './send-context.query.js';
import { joinable, readSameDay, unsaidBy } from './same-day.js';
import { factsOf, type LeavingText } from './send-facts.js';
import { SendingRules } from './sending-rules.js';
import { settledAs, settledBy } from './settled-as.js';
import type { Permit } from './share-permits.js';
import { releaseUnsaid } from './told-same-day.js';
import { type Attempt, commitAttempts, type PreparedSend, settle, type Settled } from './write-attempts.js';
import { type Leaving, WriteSend } from './write-send.js';

type Way = Extract<SendDecision, { do: 'send' }>;

const NOBODY: readonly LeavingText[] = [];
const AT_ANY_HOUR: Pick<SendRules, 'window' | 'isClosed'> = { window: ALL_DAY, isClosed: () => false };

/**
 * For a batch of jobs, in one transaction: locks the persons and their messages, reads again everything that may have
 * changed, decides, writes the texts from today's data and commits the attempts. Only then may an operator be called.
 */
@Injectable()
export class PrepareSends {
  private readonly log = new Logger(PrepareSends.name);

  constructor(
    private readonly env: Env,
    private readonly rules: SendingRules,
    private readonly gateways: Gateways,
    private readonly routing: OperatorRouting,
    private readonly writeSend: WriteSend,
    private readonly witness: DatabaseWitness,
    private readonly journal: WriteJournal,
  ) {}

  /** @param mails counted down, and told which mails wait for a call */
  async execute(
    tx: EntityManager,
    jobs: readonly SendJob[],
    mails = UNBOUNDED(),
  ): Promise<readonly PreparedSend[]> {
    const locked = await lockAndRead(tx, jobs, this.env.APP_ENV, this.witness.mark);
    if (locked === undefined) return [];
    const { seen, contexts } = locked;
    const outcomes =
      seen.isHeld || !this.witness.recognises(seen)
        ? contexts.map(({ messageId }) => settledAs(messageId, 'planned'))
        : await this.decideAll(tx, locked, mails);
    const attempts = outcomes.filter((outcome): outcome is Attempt => 'attemptId' in outcome);
    const settled = outcomes.filter((outcome): outcome is Settled => !('attemptId' in outcome));
    await settle(tx, settled);
    await askBeforeOldHour(tx, changedAndPutOff(contexts, settled));
    await releaseUnsaid(tx, unsaidBy(attempts));
    if (attempts.length > 0)
      await commitAttempts(tx, attempts, await this.journal.valuesOf(tx, attempts.map(sendingAct)));
    return attempts;
  }

  /** Announcements first, then the nearest appointment: what comes later sees what leaves before it. */
  private async decideAll(
    tx: EntityManager,
    { seen, contexts }: LockedBatch,
    mails: MailRoom,
  ): Promise<(Attempt | Settled)[]> {
    const now = instantOf(seen.now);
    const decided = waitingForOthers(contexts)
      .sort(inOrderOfSpeaking)
      .map((context) => ({ context, decision: this.decide(context, now) }));
    const wanted = decided.flatMap(({ context, decision }) =>
      decision.do === 'send' ? [routeWanted(context, decision.channel)] : [],
    );
    const permits = await this.routing.permits(tx, wanted, seen.operators);
    const sameDay = await readSameDay(tx, contexts, this.env.APP_ENV, this.witness.mark);
    const { realNow } = seen;
    const batch: Batch = { now, realNow, permits, mails, sameDay, ...nothingYet() };
    const outcomes = decided.flatMap(
      ({ context, decision }) => this.conclude(tx, context, decision, batch) ?? [],
    );
    this.tellKeyless(batch);
    return outcomes;
  }

  private decide(context: SendContext, now: Instant, leaving = NOBODY): SendDecision {
    return decideSend(factsOf(context, leaving, now), this.rules.of(context), now);
  }

  /**
   * Null for a message that a text of this batch tells, which is withdrawn with the attempt of that text, and for a
   * mail that waits for a call.
   */
  private conclude(
    tx: EntityManager,
    context: SendContext,
    alone: SendDecision,
    batch: Batch,
  ): Attempt | Settled | null {
    batch.sameDay.delete(context.messageId);
    if (batch.told.has(context.messageId)) return null;
    const leaving = batch.leaving.get(context.personId) ?? NOBODY;
    const decision = leaving.length === 0 ? alone : this.decide(context, batch.now, leaving);
    if (decision.do !== 'send') return settledBy(context.messageId, decision);
    const permit = batch.permits.get(context.messageId);
    if (permit?.do === 'fail') return settledAs(context.messageId, 'failed', permit.reason);
    if (permit?.do === 'wait') return settledAs(context.messageId, 'planned', null, permit.until);
    const gateway = this.gatewayFor(decision, permit);
    const recipient = recipientOf(tx, context, gateway.channel);
    if (recipient === 'unknown-key') return putOffForKey(context.messageId, batch);
    if (recipient === undefined) return settledAs(context.messageId, 'failed', 'contact-unreadable');
    const delay = gateway.channel === 'email' ? delayOf(context.messageId, batch) : undefined;
    if (delay !== undefined) return delay;
    const written = this.write(context, { gateway, recipient }, batch);
    const turn = permit?.do === 'call' ? permit.turn : undefined;
    return 'attemptId' in written && turn !== undefined ? { ...written, notBefore: turn.notBefore } : written;
  }

  private tellKeyless({ keyless }: Batch): void {
    if (keyless.length > 0)
      this.log.error(`${keyless.length} messages wait: SECRET_KEYS lacks the key of their contact`);
  }

  private gatewayFor(way: Way, permit: Permit | undefined): MessageGateway {
    return permit?.do === 'call' ? this.gateways.byOperator(permit.operator) : this.gateways.of(way.channel);
  }

  private write(
    context: SendContext,
    { gateway, recipient }: Pick<Leaving, 'gateway' | 'recipient'>,
    batch: Batch,
  ): Attempt | Settled {
    if (!gateway.mayReach(recipient.value))
      return settledAs(context.messageId, 'suppressed', 'not-on-allow-list');
    const left = new Set(batch.leaving.get(context.personId)?.map(({ messageId }) => messageId));
    const sameDay = (context.sameDay ?? []).filter(({ messageId }) => !left.has(messageId));
    const joins = this.joins(context, gateway.channel, batch);
    const { now, realNow } = batch;
    const leaving = { gateway, recipient, sameDay, joins, realNow };
    const written = this.writeSend.execute(context, leaving, now);
    if ('attemptId' in written) noteLeaving(written, batch);
    return written;
  }

  /**
   * What may be told now, by the same way: this text leaves at its own hours, not at theirs; what it waits for, it would
   * not leave before.
   */
  private joins(context: SendContext, channel: Channel, batch: Batch): readonly SendContext[] {
    return joinable(context, batch.sameDay).filter((other) => {
      const facts = factsOf({ ...other, newsDue: null }, NOBODY, batch.now);
      const decision = decideSend(facts, { ...this.rules.of(other), ...AT_ANY_HOUR }, batch.now);
      return decision.do === 'send' && decision.channel === channel;
    });
  }
}

function routeWanted(
  { messageId, phoneTerritory, lane, dueAt, attempts, phoneId }: SendContext,
  channel: Channel,
): WantedRoute {
  return { messageId, channel, territory: phoneTerritory, lane, dueAt, attempts, phoneId };
}

/** What leaves, for whom and by whom; never where to and what it says. */
function sendingAct({ context, messageId, channel, operator, number }: Attempt): JournalAct {
  const { personId, kind } = context;
  return {
    action: 'message.sent',
    personId,
    objectId: messageId,
    detail: { kind, channel, operator, attempt: number },
  };
}

/** Convocations whose text about a change leaves later than it was to. */
function changedAndPutOff(contexts: readonly SendContext[], settled: readonly Settled[]): readonly string[] {
  const later = new Set(settled.flatMap(({ dueAt, messageId }) => (dueAt === null ? [] : [messageId])));
  return contexts.flatMap(({ kind, messageId, convocationId }) =>
    (kind === 'rescheduling' || kind === 'cancellation') && later.has(messageId) ? [convocationId] : [],
  );
}

/** News that waits its turn comes after news that does not; reminders last. */
function inOrderOfSpeaking(a: SendContext, b: SendContext): number {
  const rank = ({ kind, isSpaced }: SendContext) => (kind === 'reminder' ? 2 : isSpaced ? 1 : 0);
  return rank(a) - rank(b) || a.startsAt.getTime() - b.startsAt.getTime();
}
