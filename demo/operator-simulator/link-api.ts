import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readBody, sendJson } from '../support/http.js';
import type { LinkReports } from './link-reports.js';
import type { MessageStore, Request } from './message-store.js';
import { type Ending, endingOf } from './misbehaviours.js';
import type { Control } from './types.js';

export const LINK_PATH = '/restapi/v1/sms/send';

export interface LinkCredentials {
  readonly account: string;
  readonly password: string;
}

interface Answer {
  readonly responseCode: number;
  readonly responseMessage: string;
  readonly messageIds?: readonly string[];
}

const LANDLINE = /^\+33[1-59]/;

/** LINK Mobility's REST API as the reference service uses it: one form in, a code and the ids out. */
export class LinkApi {
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly store: MessageStore,
    private readonly reports: LinkReports,
    private readonly credentials: LinkCredentials,
    private readonly control: () => Control,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { linkDown, latencyMs } = this.control();
    if (linkDown === 'hang') return;
    if (linkDown === '500') {
      sendError(response);
      return;
    }
    if (request.method !== 'POST' || !this.isSignedIn(request)) {
      sendJson(response, request.method === 'POST' ? 401 : 405, {});
      return;
    }
    const form = new URLSearchParams(await readBody(request));
    const to = form.get('destinationAddress') ?? '';
    const ending = endingOf(to);
    const refusal = this.refusal(form, ending);
    if (refusal !== undefined) {
      this.store.refuse({ ...asRequest(form), httpStatus: refusal.status }, refusal.code);
      if (latencyMs > 0) await delay(latencyMs);
      if (refusal.status === 200) sendJson(response, 200, answer(refusal.code, 'Refused'));
      else sendJson(response, refusal.status, {});
      return;
    }
    await this.accept(response, form, ending);
  }

  private async accept(
    response: ServerResponse,
    form: URLSearchParams,
    ending: Ending | undefined,
  ): Promise<void> {
    const request = asRequest(form);
    this.asked.delete(request.to);
    const httpStatus = ending === '91' ? 500 : ending === '90' || ending === '92' ? null : 200;
    const message = this.store.accept({ ...request, httpStatus });
    const wantsReport = form.get('statusReportFlags') === '1';
    if (ending === '96' && wantsReport) await this.reports.tellAtOnce(message);
    else this.reports.begin(message, wantsReport);
    const { latencyMs } = this.control();
    if (latencyMs > 0) await delay(latencyMs);
    if (ending === '90') return;
    if (ending === '92') response.socket?.resetAndDestroy();
    else if (ending === '91') sendError(response);
    else sendJson(response, 200, { ...answer(0, 'Success'), messageIds: message.partIds });
  }

  private refusal(
    form: URLSearchParams,
    ending: Ending | undefined,
  ): { readonly status: number; readonly code: number } | undefined {
    const to = form.get('destinationAddress') ?? '';
    if (!/^\+[1-9]\d{6,14}$/.test(to) || LANDLINE.test(to)) return { status: 200, code: 100 };
    if (!form.get('messageText')) return { status: 200, code: 110 };
    if (
      form.get('originatorTON') !== '1' ||
      !/^[A-Za-z0-9 ]{1,11}$/.test(form.get('originatingAddress') ?? '')
    )
      return { status: 200, code: 107 };
    if (ending === '93') return { status: 500, code: 500 };
    if (ending === '99') return { status: 200, code: 16 };
    if (ending !== '94') return undefined;
    const before = this.asked.get(to) ?? 0;
    this.asked.set(to, before + 1);
    return before < 2 ? { status: 429, code: 429 } : undefined;
  }

  private isSignedIn(request: IncomingMessage): boolean {
    const { account, password } = this.credentials;
    const expected = Buffer.from(`${account}:${password}`).toString('base64');
    return request.headers.authorization === `Basic ${expected}`;
  }
}

function asRequest(form: URLSearchParams): Request {
  return {
    operator: 'link-mobility',
    to: form.get('destinationAddress') ?? '',
    from: form.get('originatingAddress') ?? '',
    messagingServiceSid: null,
    body: form.get('messageText') ?? '',
    statusCallback: null,
    httpStatus: 200,
  };
}

function answer(responseCode: number, responseMessage: string): Answer {
  return { responseCode, responseMessage };
}

/** As a gateway in front of it would: a page, not JSON. */
function sendError(response: ServerResponse): void {
  if (!response.destroyed) response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Error</h1>');
}
