import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readBody, sendJson } from '../support/http.js';
import type { JudgeLog } from './judge-log.js';
import { listPage } from './list-page.js';
import type { MessageStore, Request } from './message-store.js';
import { endingOf } from './misbehaviours.js';
import type { Receipts } from './receipts.js';
import { errorBody, type Refusal, refusalOf } from './refusals.js';
import { resource } from './resource.js';
import type { Control, Message } from './types.js';

const PATH = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages(?:\/([^/]+))?\.json$/;
const SERVER_ERROR: Refusal = { status: 500, code: 20500, message: 'Internal Server Error' };

export interface Credentials {
  readonly accountSid: string;
  readonly authToken: string;
}

/** Twilio's Messages resource: create, fetch, list, update, delete. */
export class RestApi {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly store: MessageStore,
    private readonly log: JudgeLog,
    private readonly receipts: Receipts,
    private readonly credentials: Credentials,
    private readonly control: () => Control,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, account, sid] = PATH.exec(url.pathname) ?? [];
    if (this.control().down === 'hang') return;
    if (this.control().down === '500') {
      this.refuse(request, response, SERVER_ERROR);
      return;
    }
    if (!this.isSignedIn(request, account)) {
      this.refuse(request, response, { status: 401, code: 20003, message: 'Authenticate' });
      return;
    }
    if (account === undefined) {
      this.refuse(request, response, notFound(url.pathname));
      return;
    }
    if (sid === undefined && request.method === 'POST') return this.create(request, response);
    if (sid === undefined) {
      this.answer(request, response, 200, this.list(url));
      return;
    }
    return this.one(request, response, sid, url.pathname);
  }

  private list(url: URL): Record<string, unknown> {
    const { accountSid } = this.credentials;
    return listPage(this.store, url, { accountSid, lagMs: this.control().listLagMs });
  }

  private async create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readBody(request));
    const asked: Request = {
      to: form.get('To') ?? '',
      from: form.get('From') ?? '',
      messagingServiceSid: form.get('MessagingServiceSid'),
      body: form.get('Body') ?? '',
      statusCallback: form.get('StatusCallback'),
      httpStatus: 201,
    };
    const refusal = this.refusal(form);
    if (refusal !== undefined) return this.refuseCreate(response, asked, refusal);
    this.asked.delete(asked.to);
    const ending = endingOf(asked.to);
    const httpStatus = ending === '91' ? 500 : ending === '90' || ending === '92' ? null : 201;
    const message = this.store.accept({ ...asked, httpStatus });
    this.receipts.begin(message);
    const { latencyMs } = this.control();
    if (latencyMs > 0) await delay(latencyMs);
    this.answerCreate(response, message, ending);
  }

  private refusal(form: URLSearchParams): Refusal | undefined {
    const refusal = refusalOf(form);
    if (refusal !== undefined) return refusal;
    const to = form.get('To') ?? '';
    const ending = endingOf(to);
    if (ending === '93') return SERVER_ERROR;
    if (ending === '99')
      return { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' };
    if (ending !== '94') return undefined;
    const before = this.asked.get(to) ?? 0;
    this.asked.set(to, before + 1);
    return before < 2 ? { status: 429, code: 20429, message: 'Too Many Requests' } : undefined;
  }

  private async refuseCreate(response: ServerResponse, asked: Request, refusal: Refusal): Promise<void> {
    this.store.refuse({ ...asked, httpStatus: refusal.status }, refusal.code);
    const { latencyMs } = this.control();
    if (latencyMs > 0) await delay(latencyMs);
    sendJson(response, refusal.status, errorBody(refusal));
  }

  private answerCreate(response: ServerResponse, message: Message, ending: string | undefined): void {
    if (ending === '90') return;
    if (ending === '92') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (ending === '91') {
      sendJson(response, 500, errorBody(SERVER_ERROR));
      return;
    }
    sendJson(response, 201, {
      ...resource(message, this.credentials.accountSid),
      // What it was when it was taken: the receipts may have run ahead of a slow answer.
      status: message.messagingServiceSid === null ? 'queued' : 'accepted',
      date_sent: null,
    });
  }

  private async one(
    request: IncomingMessage,
    response: ServerResponse,
    sid: string,
    path: string,
  ): Promise<void> {
    const message = this.store.find(sid);
    if (message?.operator !== 'twilio') {
      this.refuse(request, response, notFound(path));
      return;
    }
    if (request.method === 'DELETE') {
      this.store.redact(message);
      this.answer(request, response, 204, undefined);
      return;
    }
    if (request.method === 'POST') {
      const refusal = this.update(message, new URLSearchParams(await readBody(request)));
      if (refusal !== undefined) {
        this.refuse(request, response, refusal);
        return;
      }
    }
    this.answer(request, response, 200, resource(message, this.credentials.accountSid));
  }

  /** An empty body redacts the text; `canceled` stops what has not left. */
  private update(message: Message, form: URLSearchParams): Refusal | undefined {
    if (form.get('Body') === '') this.store.redact(message);
    if (form.get('Status') !== 'canceled') return undefined;
    if (message.status !== 'queued' && message.status !== 'accepted')
      return { status: 400, code: 30409, message: 'Message cannot be canceled' };
    this.store.setStatus(message, 'canceled');
    return undefined;
  }

  private isSignedIn(request: IncomingMessage, account: string | undefined): boolean {
    const { accountSid, authToken } = this.credentials;
    const expected = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    return request.headers.authorization === `Basic ${expected}` && (account ?? accountSid) === accountSid;
  }

  private refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    this.answer(request, response, refusal.status, errorBody(refusal));
  }

  private answer(
    request: IncomingMessage,
    response: ServerResponse,
    httpStatus: number,
    body: unknown,
  ): void {
    this.log.append({
      kind: 'request',
      method: request.method ?? '',
      path: request.url ?? '',
      httpStatus,
    } as const);
    if (body === undefined) response.writeHead(httpStatus).end();
    else sendJson(response, httpStatus, body);
  }
}

function notFound(path: string): Refusal {
  return { status: 404, code: 20404, message: `The requested resource ${path} was not found` };
}
