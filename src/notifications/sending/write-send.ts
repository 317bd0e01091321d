import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { smsLength } from '../../shared/sms-length.js';
import { type Instant, instantOf } from '../../shared/time.js';
import { newMailToken, newToken } from '../../shared/tokens.js';
import { composeMessage } from '../templates/compose-message.js';
import { TemplateUnrenderable } from '../domain/render.js';
import { validitySeconds } from '../domain/validity.js';
import type { MessageGateway } from '../providers/message-gateway.port.js';
import type { SameDayRow, SendContext } from './send-context.query.js';
import type { Attempt, Settled } from './write-attempts.js';

/** A number or an address, and the contact that holds it. */
export interface Recipient {
  readonly id: string;
  readonly value: string;
}

/** How a message leaves, and what it says besides. */
export interface Leaving {
  readonly gateway: MessageGateway;
  readonly recipient: Recipient;
  /** Reminders of other appointments of that day that the text says too. */
  readonly sameDay: readonly SameDayRow[];
}

/** The text of one message as it leaves now, ready to be committed as an attempt. */
@Injectable()
export class WriteSend {
  constructor(private readonly env: Env) {}

  /** A text that cannot be written fails alone: the other messages of the batch leave. */
  execute(context: SendContext, leaving: Leaving, now: Instant): Attempt | Settled {
    if (context.templateText === null) return failed(context, 'no-template');
    const stopToken = context.isFirst ? newToken() : null;
    const stopUrl = stopToken === null ? null : `${this.env.PUBLIC_BASE_URL}/s/${stopToken}`;
    try {
      const body = composeMessage(context.templateText, context, stopUrl, now, others(leaving.sameDay));
      return this.attempt(context, leaving, { body, stopToken }, now);
    } catch (error) {
      if (error instanceof TemplateUnrenderable) return failed(context, error.reason);
      throw error;
    }
  }

  private attempt(
    context: SendContext,
    { gateway, recipient, sameDay }: Leaving,
    text: { readonly body: string; readonly stopToken: string | null },
    now: Instant,
  ): Attempt {
    const token = gateway.channel === 'email' ? newMailToken() : newToken();
    return {
      context,
      messageId: context.messageId,
      attemptId: randomUUID(),
      number: context.attempts + 1,
      realPreparedAt: context.realNow,
      channel: gateway.channel,
      recipient: recipient.value,
      recipientId: recipient.id,
      ...text,
      token,
      tells: sameDay.map(({ messageId }) => messageId),
      segments: gateway.channel === 'sms' ? smsLength(text.body).segments : 1,
      operator: gateway.operator,
      sender: gateway.sender,
      awaitsReceipt: gateway.givesReceipts,
      callbackUrl: this.callbackUrl(gateway.callbackPath(token)),
      returnAddress: gateway.returnAddress?.(token) ?? null,
      validitySeconds: validitySeconds({
        usefulUntil: instantOf(context.usefulUntil),
        now,
        poorCoverage: context.poorCoverage,
      }),
    };
  }

  private callbackUrl(path: string): string {
    return path === '' ? '' : `${this.env.PUBLIC_BASE_URL}${path}`;
  }
}

/** Each appointment once, though several reminders of it may be due. */
function others(sameDay: readonly SameDayRow[]): readonly SameDayRow[] {
  return [...new Map(sameDay.map((row) => [row.convocationId, row])).values()];
}

function failed(context: SendContext, reason: string): Settled {
  return { messageId: context.messageId, state: 'failed', reason, dueAt: null };
}
