import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { Clock } from '../platform/clock.js';
import type { SendJob } from '../platform/queue.js';
import { smsLength } from '../shared/sms-length.js';
import { type Instant, instantOf } from '../shared/time.js';
import { digest, newToken } from '../shared/tokens.js';
import { composeMessage } from './compose-message.js';
import { decideSend, type SendDecision, type SendFacts } from './domain/decide-send.js';
import type { Channel, MessageState } from './domain/notification.states.js';
import { TemplateUnrenderable } from './domain/render.js';
import { Gateways } from './providers/gateways.js';
import { lockClaimed, readContexts, type SendContext } from './send-context.query.js';
import { SendingRules } from './sending-rules.js';

/** Days after the appointment during which the link of a text still works. */
const STOP_LINK_DAYS = 30;

/** A call whose attempt is committed. */
export interface PreparedSend {
  readonly messageId: string;
  readonly attemptId: string;
  /** 1 for the first attempt of this message. */
  readonly number: number;
  readonly channel: Channel;
  readonly recipient: string;
  readonly body: string;
  readonly callbackUrl: string;
  readonly validitySeconds: number;
}

interface Attempt extends PreparedSend {
  readonly context: SendContext;
  readonly token: string;
  readonly stopToken: string | null;
  readonly segments: number;
  readonly operator: string;
  readonly sender: string;
}

/** A message that does not leave now, and where it goes instead. */
interface Settled {
  readonly messageId: string;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly dueAt: Instant | null;
}

/**
 * For a batch of jobs, in one transaction: locks the rows, reads again everything that may have changed, decides,
 * writes the text from today's data and commits the attempt. Only then may the operator be called.
 */
@Injectable()
export class PrepareSends {
  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly rules: SendingRules,
    private readonly gateways: Gateways,
  ) {}

  async execute(tx: EntityManager, jobs: readonly SendJob[]): Promise<readonly PreparedSend[]> {
    const ids = await lockClaimed(tx, jobs);
    if (ids.length === 0) return [];
    const now = await this.clock.now(tx);
    const outcomes = (await readContexts(tx, ids)).map((context) => this.decide(context, now));
    const attempts = outcomes.filter((outcome): outcome is Attempt => 'attemptId' in outcome);
    await settle(
      tx,
      outcomes.filter((outcome): outcome is Settled => !('attemptId' in outcome)),
    );
    await commitAttempts(tx, attempts);
    return attempts;
  }

  private decide(context: SendContext, now: Instant): Attempt | Settled {
    const decision = decideSend(factsOf(context), this.rules.of(context), now);
    if (decision.do !== 'send') return settled(context.messageId, decision);
    const gateway = this.gateways.of(decision.channel);
    if (!gateway.mayReach(decision.recipient))
      return { messageId: context.messageId, state: 'suppressed', reason: 'not-on-allow-list', dueAt: null };
    return this.compose(context, decision.channel, decision.recipient, now);
  }

  /** A text that cannot be written fails alone: the other messages of the batch leave. */
  private compose(
    context: SendContext,
    channel: Channel,
    recipient: string,
    now: Instant,
  ): Attempt | Settled {
    const failed = (reason: string): Settled => ({
      messageId: context.messageId,
      state: 'failed',
      reason,
      dueAt: null,
    });
    if (context.templateText === null) return failed('no-template');
    const stopToken = context.isFirst ? newToken() : null;
    const stopUrl = stopToken === null ? null : `${this.env.PUBLIC_BASE_URL}/s/${stopToken}`;
    try {
      const body = composeMessage(context.templateText, context, stopUrl);
      return this.attempt(context, channel, recipient, body, stopToken, now);
    } catch (error) {
      if (error instanceof TemplateUnrenderable) return failed('template-unrenderable');
      throw error;
    }
  }

  private attempt(
    context: SendContext,
    channel: Channel,
    recipient: string,
    body: string,
    stopToken: string | null,
    now: Instant,
  ): Attempt {
    const token = newToken();
    const gateway = this.gateways.of(channel);
    return {
      context,
      messageId: context.messageId,
      attemptId: randomUUID(),
      number: context.attempts + 1,
      channel,
      recipient,
      body,
      token,
      stopToken,
      segments: channel === 'sms' ? smsLength(body).segments : 1,
      operator: gateway.operator,
      sender: gateway.sender,
      callbackUrl: `${this.env.PUBLIC_BASE_URL}/hooks/twilio/status/${token}`,
      validitySeconds: (context.usefulUntil.getTime() - now.epochMilliseconds) / 1000,
    };
  }
}

function factsOf(context: SendContext): SendFacts {
  return {
    kind: context.kind,
    promiseVersion: context.promiseVersion,
    usefulUntil: instantOf(context.usefulUntil),
    convocation: {
      state: context.convocationState,
      promiseVersion: context.currentPromiseVersion,
      promise: { date: context.date, time: context.time, timeZone: context.timeZone },
    },
    person: context,
  };
}

function settled(messageId: string, decision: Exclude<SendDecision, { do: 'send' }>): Settled {
  const as = (state: MessageState, reason: string | null = null, dueAt: Instant | null = null): Settled => ({
    messageId,
    state,
    reason,
    dueAt,
  });
  switch (decision.do) {
    case 'withdraw':
      return as('withdrawn');
    case 'suppress':
      return as('suppressed', decision.reason);
    case 'expire':
      return as('expired', 'too-late');
    case 'postpone':
      return as('planned', null, decision.until);
  }
}

async function settle(tx: EntityManager, outcomes: readonly Settled[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx.query(
    `UPDATE message m SET state = s.state, reason = s.reason, due_at = coalesce(s.due_at, m.due_at),
            settled_at = CASE WHEN s.state = 'planned' THEN NULL ELSE app_now() END, updated_at = app_now()
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS s(id, state, reason, due_at)
      WHERE m.id = s.id AND m.state = 'queued'`,
    [
      outcomes.map((outcome) => outcome.messageId),
      outcomes.map((outcome) => outcome.state),
      outcomes.map((outcome) => outcome.reason),
      outcomes.map((outcome) => outcome.dueAt?.toString() ?? null),
    ],
  );
}

/** One statement: the attempts, the links of their texts and the state `sending` exist together or not at all. */
async function commitAttempts(tx: EntityManager, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const column = <T>(of: (attempt: Attempt) => T) => attempts.map(of);
  await tx.query(
    `WITH a AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
           $8::bytea[], $9::bytea[], $10::int[], $11::uuid[], $12::bytea[], $13::uuid[], $14::uuid[])
         AS a(id, message_id, number, channel, operator, sender, recipient, token_hash, body_hash, segments,
              template_id, stop_hash, convocation_id, person_id)
     ), attempts AS (
       INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient, token_hash,
           body_hash, segments, template_id, started_at, real_started_at)
       SELECT id, message_id, number, channel, operator, sender, recipient, token_hash, body_hash, segments,
              template_id, app_now(), clock_timestamp() FROM a
     ), links AS (
       INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at)
       SELECT stop_hash, a.convocation_id, a.person_id, c.starts_at + make_interval(days => $15)
         FROM a JOIN convocation c ON c.id = a.convocation_id WHERE stop_hash IS NOT NULL
     )
     UPDATE message m SET state = 'sending', attempts = a.number, updated_at = app_now()
       FROM a WHERE m.id = a.message_id AND m.state = 'queued'`,
    [
      column((a) => a.attemptId),
      column((a) => a.messageId),
      column((a) => a.number),
      column((a) => a.channel),
      column((a) => a.operator),
      column((a) => a.sender),
      column((a) => a.recipient),
      column((a) => digest(a.token)),
      column((a) => digest(a.body)),
      column((a) => a.segments),
      column((a) => a.context.templateId),
      column((a) => (a.stopToken === null ? null : digest(a.stopToken))),
      column((a) => a.context.convocationId),
      column((a) => a.context.personId),
      STOP_LINK_DAYS,
    ],
  );
}
