import { createTransport, type Transporter } from 'nodemailer';
import { type Env, isHostAllowed } from '../../../config/env.js';
import { type CallOutcome, CALL_TIMEOUT_SECONDS } from '../domain/attempt-results.js';
import type { FoundMessage, MessageGateway, OutgoingMessage } from './message-gateway.port.js';

/** Says nothing of justice: it shows on a locked screen. */
const SUBJECT = 'Votre rendez-vous';
/** Steps of the SMTP dialogue before the text is handed over: a failure there means it was surely not sent. */
const BEFORE_DATA = new Set([
  'CONN',
  'EHLO',
  'HELO',
  'STARTTLS',
  'AUTH PLAIN',
  'AUTH LOGIN',
  'MAIL FROM',
  'RCPT TO',
]);

/** E-mail to persons and agents, in plain text. A relay keeps no list: a doubt is decided without look-up. */
export class MailGateway implements MessageGateway {
  readonly channel = 'email';
  readonly operator = 'smtp';
  readonly givesReceipts = false;
  readonly sender: string;
  private readonly transport: Transporter;

  constructor(private readonly env: Env) {
    this.sender = env.MAIL_FROM;
    this.transport = createTransport({
      url: env.SMTP_URL ?? '',
      pool: true,
      requireTLS: env.APP_ENV === 'production',
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: CALL_TIMEOUT_SECONDS * 1000,
    });
  }

  mayReach(recipient: string): boolean {
    if (this.env.APP_ENV === 'production') return true;
    return isHostAllowed(this.env, this.env.SMTP_URL ?? '') || this.env.SEND_ALLOW_LIST.includes(recipient);
  }

  callbackPath(): string {
    return '';
  }

  async send(message: OutgoingMessage): Promise<CallOutcome> {
    const messageId = `<${message.attemptId}@${new URL(this.env.PUBLIC_BASE_URL).hostname}>`;
    try {
      await this.transport.sendMail({
        from: this.sender,
        to: message.recipient,
        subject: SUBJECT,
        text: message.body,
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { result: 'accepted', operatorMessageId: messageId };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  lookUp(): Promise<readonly FoundMessage[] | null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    this.transport.close();
    return Promise.resolve();
  }
}

function outcomeOf(error: unknown): CallOutcome {
  const { responseCode, command, code } = error as {
    responseCode?: unknown;
    command?: unknown;
    code?: unknown;
  };
  const errorCode =
    typeof responseCode === 'number' ? String(responseCode) : typeof code === 'string' ? code : 'smtp';
  if (typeof responseCode === 'number' && responseCode >= 500)
    return { result: 'refused', errorCode, optedOut: false };
  const neverLeft =
    typeof responseCode === 'number' || (typeof command === 'string' && BEFORE_DATA.has(command));
  return neverLeft ? { result: 'not-sent', errorCode } : { result: 'uncertain', errorCode };
}
