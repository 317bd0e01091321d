import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { timeOrderedUuid } from '../../shared/ids.js';
import { smsLength } from '../../shared/sms-length.js';
import { type Instant, instantOf } from '../../shared/time.js';
import { newMailToken, newToken } from '../../shared/tokens.js';
import { TemplateUnrenderable } from '../domain/render.js';
import { validitySeconds } from '../domain/validity.js';
import type { MessageGateway } from '../providers/message-gateway.port.js';
import { joinTexts } from './join-texts.js';
import type { Recipient } from './recipient-of.js';
import { oncePerAppointment, toldBy } from './same-day.js';
import { needsLink, type SameDayRow, type SendContext } from './send-context.js';
import { settledAs } from './settled-as.js';
import type { Attempt, Settled } from './write-attempts.js';

/** How a message leaves, and what it says besides. */
export interface Leaving {
  readonly gateway: MessageGateway;
  readonly recipient: Recipient;
  /** Messages of its kind about other appointments of that day that do not leave by themselves now. */
  readonly sameDay: readonly SameDayRow[];
  /** Those of them that may leave as one text with this one, each whole. */
  readonly joins: readonly SendContext[];
  /** Real time of PostgreSQL. */
  readonly realNow: Date;
}

interface WrittenText {
  readonly body: string;
  readonly stopToken: string | null;
  readonly tells: readonly string[];
  /** Of all it says. */
  readonly usefulUntil: Date;
}

/** The text of one message as it leaves now, ready to be committed as an attempt. */
@Injectable()
export class WriteSend {
  constructor(private readonly env: Env) {}

  /** A text that cannot be written fails alone: the other messages of the batch leave. */
  execute(context: SendContext, leaving: Leaving, now: Instant): Attempt | Settled {
    if (context.templateText === null) return settledAs(context.messageId, 'failed', 'no-template');
    try {
      return this.attempt(context, leaving, this.text(context, leaving, now), now);
    } catch (error) {
      if (error instanceof TemplateUnrenderable) return settledAs(context.messageId, 'failed', error.reason);
      throw error;
    }
  }

  private text(
    context: SendContext,
    { gateway: { channel }, joins, sameDay }: Leaving,
    now: Instant,
  ): WrittenText {
    const stopToken = newToken();
    const alike = sameDay.filter(({ isAlike }) => isAlike);
    const { body, joined } = joinTexts(context, joins, {
      channel,
      stopUrl: `${this.env.PUBLIC_BASE_URL}/s/${stopToken}`,
      now,
      alsoAt: Array.from(oncePerAppointment(alike), ({ time }) => time),
    });
    const said = [context, ...joined];
    return {
      body,
      stopToken: said.some((one) => needsLink(one, channel)) ? stopToken : null,
      tells: toldBy(sameDay, joined),
      usefulUntil: new Date(Math.min(...[...said, ...alike].map(({ usefulUntil }) => Number(usefulUntil)))),
    };
  }

  private attempt(
    context: SendContext,
    { gateway, recipient, realNow }: Leaving,
    { body, stopToken, tells, usefulUntil }: WrittenText,
    now: Instant,
  ): Attempt {
    const token = gateway.channel === 'email' ? newMailToken() : newToken();
    return {
      context,
      messageId: context.messageId,
      attemptId: timeOrderedUuid(realNow.getTime(), randomBytes(10)),
      number: context.attempts + 1,
      realPreparedAt: realNow,
      channel: gateway.channel,
      recipient: recipient.value,
      recipientId: recipient.id,
      body,
      stopToken,
      tells,
      token,
      segments: gateway.channel === 'sms' ? smsLength(body).segments : 1,
      operator: gateway.operator,
      sender: gateway.sender,
      awaitsReceipt: gateway.givesReceipts,
      callbackUrl: this.callbackUrl(gateway.callbackPath(token)),
      returnAddress: gateway.returnAddress?.(token) ?? null,
      validitySeconds: validitySeconds({
        usefulUntil: instantOf(usefulUntil),
        now,
        poorCoverage: context.poorCoverage,
      }),
    };
  }

  private callbackUrl(path: string): string {
    return path === '' ? '' : `${this.env.PUBLIC_BASE_URL}${path}`;
  }
}
