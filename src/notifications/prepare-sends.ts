import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import { Clock } from '../platform/clock.js';
import type { SendJob } from '../platform/queue.js';
import { smsLength } from '../shared/sms-length.js';
import { type Instant, instantOf } from '../shared/time.js';
import { newToken } from '../shared/tokens.js';
import { composeMessage } from './compose-message.js';
import { decideSend, type SendDecision, type SendFacts } from './domain/decide-send.js';
import type { Channel, MessageState } from './domain/notification.states.js';
import { TemplateUnrenderable } from './domain/render.js';
import { Gateways } from './providers/gateways.js';
import { lockClaimed, readContexts, type SendContext } from './send-context.query.js';
import { SendingRules } from './sending-rules.js';
import { type Attempt, commitAttempts, type PreparedSend, settle, type Settled } from './write-attempts.js';

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
      const body = composeMessage(context.templateText, context, stopUrl, now);
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
