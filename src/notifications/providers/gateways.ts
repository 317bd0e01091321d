import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import type { Channel } from '../domain/notification.states.js';
import { MailGateway } from './mail.gateway.js';
import type { MessageGateway } from './message-gateway.port.js';
import { TwilioGateway } from './twilio.gateway.js';

/** The gateways this environment provides. */
@Injectable()
export class Gateways {
  /** False: nothing is sent and messages wait. */
  readonly smsIsOn: boolean;
  readonly mailIsOn: boolean;
  private readonly byChannel = new Map<Channel, MessageGateway>();

  constructor(private readonly env: Env) {
    this.smsIsOn = env.SMS_PROVIDERS.length > 0;
    this.mailIsOn = env.SMTP_URL !== undefined;
  }

  /** Built at first use: a web process never opens a connection to an operator. */
  of(channel: Channel): MessageGateway {
    const known = this.byChannel.get(channel);
    if (known !== undefined) return known;
    const gateway = channel === 'sms' ? new TwilioGateway(this.env) : new MailGateway(this.env);
    this.byChannel.set(channel, gateway);
    return gateway;
  }

  /** The gateway whose name an attempt keeps. */
  byOperator(operator: string): MessageGateway {
    return operator === 'smtp' ? this.of('email') : this.of('sms');
  }

  async onApplicationShutdown(): Promise<void> {
    for (const gateway of this.byChannel.values())
      if (gateway instanceof TwilioGateway) await gateway.onApplicationShutdown();
      else if (gateway instanceof MailGateway) gateway.onApplicationShutdown();
  }
}
