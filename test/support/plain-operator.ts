import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json, PlainServer } from './plain-server.js';

/** What this operator does with one create request, decided by the test. */
export type Behaviour =
  | 'accept'
  | 'accept-then-hang'
  | 'accept-then-500'
  | 'accept-then-reset'
  | 'refuse-500'
  | `refuse-${number}`
  /** A page of something in between, not of the operator. */
  | `page-${number}`;

export interface OperatorMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly at: Date;
  readonly callback: string | null;
  readonly validity: number;
  status: string;
}

/** Behaviours named by a status have the code that goes with it. */
const CODES: Readonly<Record<string, number>> = { '429': 20429, '500': 20500 };

/**
 * A second server that speaks Twilio's REST API, written apart from the simulator, so that what is tested is the
 * protocol and not one program. Its list of messages is the judge.
 */
export class PlainOperator extends PlainServer {
  readonly accepted: OperatorMessage[] = [];
  /** Signs receipts; changed while a secret rotates. */
  authToken = 'another-operator-token';
  behaviour: (to: string, nth: number) => Behaviour = () => 'accept';
  /** False: the list answers 503. */
  listAnswers = true;
  /** How often it was asked for its list. */
  listed = 0;
  /** A list that lags does not show every message yet. */
  isListed: (message: OperatorMessage) => boolean = () => true;
  /** Awaited once a message is taken, before it is answered. */
  beforeAnswer: (message: OperatorMessage) => Promise<void> = () => Promise.resolve();
  /** Create requests received, whatever was answered. */
  calls = 0;
  private readonly seen = new Map<string, number>();

  to(number: string): OperatorMessage[] {
    return this.accepted.filter((message) => message.to === number);
  }

  /** Posts one signed receipt, as Twilio would. */
  async report(message: OperatorMessage, status: string, errorCode?: string): Promise<number> {
    const fields: Record<string, string> = {
      MessageSid: message.sid,
      MessageStatus: status,
      To: message.to,
      AccountSid: 'AC',
      ...(errorCode === undefined ? {} : { ErrorCode: errorCode }),
    };
    const signed = Object.keys(fields)
      .sort()
      .map((name) => `${name}${fields[name] ?? ''}`)
      .join('');
    const signature = createHmac('sha1', this.authToken)
      .update((message.callback ?? '') + signed)
      .digest('base64');
    const answer = await fetch(message.callback ?? '', {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body: new URLSearchParams(fields),
    });
    return answer.status;
  }

  protected async handle(
    request: IncomingMessage,
    form: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    if (request.method === 'GET') this.list(new URL(request.url ?? '/', 'http://localhost'), response);
    else await this.create(form, response);
  }

  private list(url: URL, response: ServerResponse): void {
    this.listed++;
    if (!this.listAnswers) {
      json(response, 503, { code: 20503, message: 'unavailable' });
      return;
    }
    const to = url.searchParams.get('To');
    const messages = this.accepted
      .filter((message) => (to === null || message.to === to) && this.isListed(message))
      .reverse();
    json(response, 200, {
      messages: messages.map(wire),
      next_page_uri: null,
      page: 0,
      page_size: 50,
      uri: url.pathname,
    });
  }

  private async create(fields: URLSearchParams, response: ServerResponse): Promise<void> {
    const to = fields.get('To') ?? '';
    this.calls++;
    const nth = (this.seen.get(to) ?? 0) + 1;
    this.seen.set(to, nth);
    const behaviour = this.behaviour(to, nth);
    const message = behaviour.startsWith('accept') ? this.keep(to, fields) : undefined;
    if (message !== undefined) await this.beforeAnswer(message);
    if (behaviour === 'accept-then-reset') response.socket?.resetAndDestroy();
    if (behaviour === 'accept-then-reset' || behaviour === 'accept-then-hang') return;
    if (behaviour === 'accept' && message !== undefined) {
      json(response, 201, wire(message));
      return;
    }
    const [kind, number] = behaviour.split('-');
    if (kind === 'page') {
      response.writeHead(Number(number), { 'content-type': 'text/html' }).end('<h1>Error</h1>');
      return;
    }
    const code = kind === 'refuse' ? (CODES[number ?? ''] ?? Number(number)) : 20500;
    json(response, code === 20429 ? 429 : code === 20500 ? 500 : 400, { code, message: 'refused' });
  }

  private keep(to: string, fields: URLSearchParams): OperatorMessage {
    const message: OperatorMessage = {
      sid: `SM${randomBytes(16).toString('hex')}`,
      to,
      from: fields.get('From') ?? '',
      body: fields.get('Body') ?? '',
      at: new Date(),
      callback: fields.get('StatusCallback'),
      validity: Number(fields.get('ValidityPeriod')),
      status: 'queued',
    };
    this.accepted.push(message);
    return message;
  }
}

function wire(message: OperatorMessage): object {
  return {
    sid: message.sid,
    to: message.to,
    from: message.from,
    body: message.body,
    status: message.status,
    date_created: message.at.toUTCString(),
    date_sent: null,
    error_code: null,
    account_sid: 'AC',
  };
}
