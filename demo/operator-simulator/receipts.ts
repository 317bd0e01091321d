import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallbackClient } from './callback-client.js';
import type { JudgeLog } from './judge-log.js';
import type { MessageStore } from './message-store.js';
import { endingOf } from './misbehaviours.js';
import type { Message, Status } from './types.js';

export interface ReceiptOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Between two steps of a message's life. */
  readonly stepMs: number;
  enabled(): boolean;
}

interface Step {
  readonly status: Status;
  readonly errorCode?: number;
}

const USUAL: readonly Step[] = [{ status: 'queued' }, { status: 'sent' }, { status: 'delivered' }];
const UNREACHABLE: readonly Step[] = [
  { status: 'queued' },
  { status: 'sent' },
  { status: 'undelivered', errorCode: 30003 },
];
const RETRY_AFTER_MS = 1_000;

/** Lives each message's life after it was taken, and tells the application by signed callbacks. */
export class Receipts {
  private stopped = false;

  constructor(
    private readonly store: MessageStore,
    private readonly log: JudgeLog,
    private readonly client: CallbackClient,
    private readonly options: ReceiptOptions,
  ) {}

  begin(message: Message): void {
    void this.live(message).catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
  }

  private async live(message: Message): Promise<void> {
    const steps = endingOf(message.to) === '98' ? UNREACHABLE : USUAL;
    for (const step of steps) {
      await delay(this.options.stepMs, undefined, { ref: false });
      if (this.stopped || message.status === 'canceled') return;
      if (step.status !== 'queued') this.store.setStatus(message, step.status, step.errorCode ?? null);
      if (endingOf(message.to) !== '96') await this.tell(message, step);
    }
    if (endingOf(message.to) === '96')
      for (const step of [...steps].reverse()) await this.tell(message, step);
  }

  private async tell(message: Message, step: Step): Promise<void> {
    if (message.statusCallback === null || !this.options.enabled() || endingOf(message.to) === '97') return;
    const times = endingOf(message.to) === '95' ? 2 : 1;
    for (let time = 0; time < times; time++) await this.callBack(message, message.statusCallback, step);
  }

  /** As Twilio does by default, tried once more when nobody could be reached. */
  private async callBack(message: Message, url: string, step: Step): Promise<void> {
    const parameters = this.parametersOf(message, step);
    let httpStatus = await this.post(url, parameters);
    if (httpStatus === null) {
      await delay(RETRY_AFTER_MS, undefined, { ref: false });
      if (this.stopped) return;
      httpStatus = await this.post(url, parameters);
    }
    this.log.append({ kind: 'callback', sid: message.sid, status: step.status, httpStatus } as const);
  }

  private parametersOf(message: Message, step: Step): Record<string, string> {
    return {
      AccountSid: this.options.accountSid,
      ApiVersion: '2010-04-01',
      From: message.from,
      MessageSid: message.sid,
      MessageStatus: step.status,
      SmsSid: message.sid,
      SmsStatus: step.status,
      To: message.to,
      ...(message.messagingServiceSid === null ? {} : { MessagingServiceSid: message.messagingServiceSid }),
      ...(step.errorCode === undefined ? {} : { ErrorCode: String(step.errorCode) }),
    };
  }

  /** Status of the answer; null when there was none. */
  private async post(url: string, parameters: Record<string, string>): Promise<number | null> {
    const answer = await this.client.post(url, parameters, {
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': signature(this.options.authToken, url, parameters),
    });
    return answer?.status ?? null;
  }
}

/** HMAC-SHA1 of the exact address followed by every parameter, sorted by name. */
export function signature(
  authToken: string,
  url: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha1', authToken)
    .update(url + sorted.flat().join(''), 'utf8')
    .digest('base64');
}
