import type { Readable } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import { type Env, isHostAllowed } from '../../../config/env.js';
import { type CallOutcome, CALL_TIMEOUT_SECONDS } from '../domain/attempt-results.js';
import { type MailFailure, mailOutcome } from '../domain/mail-outcome.js';
import { returnAddressOf } from '../domain/return-address.js';
import type { FoundMessage, MessageGateway, OutgoingMessage } from './message-gateway.port.js';

/** Says nothing of justice: it shows on a locked screen. */
const SUBJECT = 'Votre rendez-vous';
/** Mails handed to the relay at once by one process; who hands over more only waits. */
export const MAIL_CONNECTIONS = 5;
/** E-mail to persons and agents, in plain text. A relay keeps no list: a doubt is decided without look-up. */
export class MailGateway implements MessageGateway {
  readonly channel = 'email';
  readonly operator = 'smtp';
  readonly givesReceipts = false;
  readonly sender: string;
  private readonly transport: Transporter;
  /** What the texts on their way are read from, by Message-ID: one that was not read has not left. */
  private readonly texts = new Map<string, Readable[]>();

  constructor(private readonly env: Env) {
    this.sender = env.MAIL_FROM;
    this.transport = createTransport({
      url: env.SMTP_URL ?? '',
      pool: true,
      maxConnections: MAIL_CONNECTIONS,
      requireTLS: env.APP_ENV === 'production',
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: CALL_TIMEOUT_SECONDS * 1000,
    });
    // Its errors do not say whether the text had begun: a connection cut before it and one cut after it look alike.
    this.transport.use('stream', (mail, done) => {
      mail.message.processFunc((text) => {
        this.texts.get(mail.data.messageId ?? '')?.push(text);
        return text;
      });
      done();
    });
  }

  mayReach(recipient: string): boolean {
    if (this.env.APP_ENV === 'production') return true;
    return isHostAllowed(this.env, this.env.SMTP_URL ?? '') || this.env.SEND_ALLOW_LIST.includes(recipient);
  }

  callbackPath(): string {
    return '';
  }

  returnAddress(token: string): string | null {
    const mailbox = this.env.MAIL_RETURN_ADDRESS;
    return mailbox === undefined ? null : returnAddressOf(mailbox, token);
  }

  async send(message: OutgoingMessage): Promise<CallOutcome> {
    const messageId = `<${message.attemptId}@${new URL(this.env.PUBLIC_BASE_URL).hostname}>`;
    const texts: Readable[] = [];
    this.texts.set(messageId, texts);
    try {
      await this.transport.sendMail({
        from: this.sender,
        to: message.recipient,
        subject: SUBJECT,
        text: message.body,
        messageId,
        ...(message.returnAddress == null
          ? {}
          : { envelope: { from: message.returnAddress, to: message.recipient } }),
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { result: 'accepted', operatorMessageId: messageId };
    } catch (error) {
      const textBegan = texts.some(({ readableDidRead }) => readableDidRead);
      return mailOutcome({ ...failureOf(error), textBegan });
    } finally {
      this.texts.delete(messageId);
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

function failureOf(error: unknown): Omit<MailFailure, 'textBegan'> {
  const { responseCode, response, command, code } = error as Partial<Record<string, unknown>>;
  const said = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    replyCode: typeof responseCode === 'number' ? responseCode : null,
    reply: said(response),
    step: said(command),
    code: said(code),
  };
}
