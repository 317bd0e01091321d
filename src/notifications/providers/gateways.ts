import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import type { Channel } from '../domain/notification.states.js';
import { LinkMobilityGateway } from './link-mobility.gateway.js';
import { MailGateway } from './mail.gateway.js';
import type { MessageGateway } from './message-gateway.port.js';
import { TwilioGateway } from './twilio.gateway.js';

type Build = (env: Env) => MessageGateway | undefined;

/** Each operator whose attempts may still be open, also one that takes no new text any more. */
const BUILDERS: Readonly<Record<string, Build>> = {
  twilio: (env) =>
    isGiven(env.TWILIO_ACCOUNT_SID) && env.TWILIO_AUTH_TOKEN.length > 0 ? new TwilioGateway(env) : undefined,
  'link-mobility': (env) =>
    isGiven(env.LINK_MOBILITY_API_BASE_URL) ? new LinkMobilityGateway(env) : undefined,
  smtp: (env) => (env.SMTP_URL === undefined ? undefined : new MailGateway(env)),
};

/** Checked at start for the operators of `SMS_PROVIDERS` only. */
function isGiven(variable: string | undefined): boolean {
  return variable !== undefined;
}

/** The gateways this environment provides. */
@Injectable()
export class Gateways {
  /** False: nothing is sent and messages wait. */
  readonly smsIsOn: boolean;
  readonly mailIsOn: boolean;
  private readonly built = new Map<string, MessageGateway | undefined>();

  constructor(private readonly env: Env) {
    this.smsIsOn = env.SMS_PROVIDERS.length > 0;
    this.mailIsOn = env.SMTP_URL !== undefined;
  }

  /** Every operator and relay by which something may leave. */
  get operators(): readonly string[] {
    return [...this.env.SMS_PROVIDERS, ...(this.mailIsOn ? ['smtp'] : [])];
  }

  /** The first gateway of a channel; which operator really takes a text is for `OperatorRouting` to say. */
  of(channel: Channel): MessageGateway {
    return this.byOperator(channel === 'sms' ? (this.env.SMS_PROVIDERS[0] ?? 'twilio') : 'smtp');
  }

  /** The gateway whose name an attempt keeps. @throws when this environment has no credentials for it */
  byOperator(operator: string): MessageGateway {
    const gateway = this.find(operator);
    if (gateway === undefined) throw new Error(`the operator ${operator} is not configured`);
    return gateway;
  }

  /** Built at first use: a web process asks operators for nothing but their list, before a hold is released. */
  find(operator: string): MessageGateway | undefined {
    if (!this.built.has(operator)) this.built.set(operator, BUILDERS[operator]?.(this.env));
    return this.built.get(operator);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const gateway of this.built.values()) await gateway?.close();
  }
}
