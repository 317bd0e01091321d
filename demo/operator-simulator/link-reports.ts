import { setTimeout as delay } from 'node:timers/promises';
import type { CallbackClient } from './callback-client.js';
import type { JudgeLog } from './judge-log.js';
import type { MessageStore } from './message-store.js';
import { endingOf } from './misbehaviours.js';
import type { Message } from './types.js';

export interface LinkReportOptions {
  /** The one address this account was given; undefined: no report is sent. */
  readonly callbackUrl: string | undefined;
  readonly stepMs: number;
  enabled(): boolean;
}

const UNAVAILABLE = 113;
const RETRY_AFTER_MS = 300;
const TRIES = 3;
const ACKNOWLEDGED = /ack="true"/;

/**
 * Delivery reports of LINK Mobility: one for each part at the end of a message, again until it is acknowledged. The last
 * part tells first, as parts that travel alone may.
 */
export class LinkReports {
  private stopped = false;

  constructor(
    private readonly store: MessageStore,
    private readonly log: JudgeLog,
    private readonly client: CallbackClient,
    private readonly options: LinkReportOptions,
  ) {}

  begin(message: Message, wantsReport: boolean): void {
    void this.live(message, wantsReport).catch(() => undefined);
  }

  /** Before the request itself is answered; again by itself when it was not acknowledged. */
  async tellAtOnce(message: Message): Promise<void> {
    this.settle(message);
    for (const part of lastFirst(message))
      if (!(await this.tell(message, part))) void this.insist(message, part, 1).catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
  }

  private async live(message: Message, wantsReport: boolean): Promise<void> {
    if (!(await this.step())) return;
    this.store.setStatus(message, 'sent');
    if (!(await this.step())) return;
    this.settle(message);
    if (!wantsReport) return;
    const times = endingOf(message.to) === '95' ? 2 : 1;
    for (let time = 0; time < times; time++)
      await Promise.all(lastFirst(message).map((part) => this.insist(message, part, 0)));
  }

  /** False once the simulator stops. */
  private async step(): Promise<boolean> {
    await delay(this.options.stepMs, undefined, { ref: false });
    return !this.stopped;
  }

  private settle(message: Message): void {
    if (endingOf(message.to) === '98') this.store.setStatus(message, 'undelivered', UNAVAILABLE);
    else this.store.setStatus(message, 'delivered');
  }

  private async insist(message: Message, part: string, triedBefore: number): Promise<void> {
    for (let tried = triedBefore; tried < TRIES && !this.stopped; tried++) {
      if (tried > 0) await delay(RETRY_AFTER_MS, undefined, { ref: false });
      if (await this.tell(message, part)) return;
    }
  }

  private async tell(message: Message, part: string): Promise<boolean> {
    const { callbackUrl } = this.options;
    if (callbackUrl === undefined || !this.options.enabled() || endingOf(message.to) === '97') return true;
    const isDelivered = message.status === 'delivered';
    const answer = await this.client.post(
      callbackUrl,
      {
        MessageId: part,
        DestinationAddress: message.to.replace(/^\+/, ''),
        StatusCode: isDelivered ? '0' : '2',
        TimeStamp: new Date().toISOString().replace(/\D/g, '').slice(0, 14),
        Operator: 'simulated',
        ...(isDelivered
          ? {}
          : { ReasonCode: String(message.errorCode ?? UNAVAILABLE), StatusText: 'Deleted' }),
      },
      { 'user-agent': 'IPX' },
    );
    this.log.append({
      kind: 'callback',
      sid: message.sid,
      status: message.status,
      httpStatus: answer?.status ?? null,
    } as const);
    return answer !== null && ACKNOWLEDGED.test(answer.text);
  }
}

function lastFirst({ partIds }: Message): readonly string[] {
  return [...partIds].reverse();
}
