import type { IncomingMessage, ServerResponse } from 'node:http';
import { smsLength } from '../../src/shared/sms-length.js';
import { json, PlainServer } from './plain-server.js';

/** What this operator does with one text: a code it answers, or how the answer goes wrong. */
export type LinkBehaviour =
  'accept' | 'accept-then-reset' | 'accept-then-page' | 'accept-without-id' | 'refuse-502' | number;

export interface LinkText {
  /** One for each part. */
  readonly ids: readonly string[];
  readonly to: string;
  readonly body: string;
  /** What the client calls this very call. */
  readonly attemptId: string;
}

/**
 * A second server that speaks LINK Mobility's REST API, written apart from the simulator. It keeps no list that anybody
 * could ask for; its own is the judge.
 */
export class PlainLink extends PlainServer {
  static readonly account = 'account';
  static readonly password = 'another-operator-password';
  /** Last part of the one address its reports go to. */
  static readonly callbackToken = 'a-token-of-the-callback-address';
  readonly accepted: LinkText[] = [];
  behaviour: (to: string, nth: number) => LinkBehaviour = () => 'accept';
  /** Awaited once a text is taken, before it is answered. */
  beforeAnswer: (text: LinkText) => Promise<void> = () => Promise.resolve();
  /** Requests to send, whatever was answered. */
  calls = 0;
  private nextId = 1_000;
  private readonly seen = new Map<string, number>();

  /** Posts the report of one part. @returns whether it was acknowledged */
  async report(callback: string, text: LinkText, id: string, reason?: string): Promise<boolean> {
    const answer = await fetch(callback, {
      method: 'POST',
      body: new URLSearchParams({
        MessageId: id,
        DestinationAddress: text.to.slice(1),
        StatusCode: reason === undefined ? '0' : '2',
        ...(reason === undefined ? {} : { ReasonCode: reason }),
      }),
    });
    return (await answer.text()).includes('ack="true"');
  }

  protected async handle(
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const expected = Buffer.from(`${PlainLink.account}:${PlainLink.password}`).toString('base64');
    if (request.url !== '/restapi/v1/sms/send' || request.headers.authorization !== `Basic ${expected}`) {
      response.writeHead(401).end();
      return;
    }
    const to = form.get('destinationAddress') ?? '';
    this.calls++;
    const nth = (this.seen.get(to) ?? 0) + 1;
    this.seen.set(to, nth);
    await this.answer(response, this.behaviour(to, nth), form);
  }

  private async answer(
    response: ServerResponse,
    behaviour: LinkBehaviour,
    form: URLSearchParams,
  ): Promise<void> {
    if (typeof behaviour === 'number') {
      json(response, 200, { responseCode: behaviour, responseMessage: 'no' });
      return;
    }
    if (behaviour === 'refuse-502') {
      response.writeHead(502).end();
      return;
    }
    const text = this.keep(form);
    await this.beforeAnswer(text);
    const { ids } = text;
    if (behaviour === 'accept-then-reset') response.socket?.resetAndDestroy();
    else if (behaviour === 'accept-then-page') response.writeHead(200).end('<html></html>');
    else json(response, 200, { responseCode: 0, messageIds: behaviour === 'accept' ? ids : [] });
  }

  private keep(form: URLSearchParams): LinkText {
    const body = form.get('messageText') ?? '';
    const ids = Array.from({ length: smsLength(body).segments }, () => String(this.nextId++));
    const text = {
      ids,
      to: form.get('destinationAddress') ?? '',
      body,
      attemptId: form.get('correlationId') ?? '',
    };
    this.accepted.push(text);
    return text;
  }
}
