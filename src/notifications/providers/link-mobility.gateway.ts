import { Agent, request } from 'undici';
import { type Env, isHostAllowed } from '../../../config/env.js';
import { type CallOutcome, CALL_TIMEOUT_SECONDS } from '../domain/attempt-results.js';
import { answerOutcome, networkOutcome } from '../domain/operator-errors.js';
import { joinedIds } from '../domain/text-parts.js';
import { isOperatorId } from './link-mobility.report.js';
import type { MessageGateway, OutgoingMessage } from './message-gateway.port.js';

const PATH = '/restapi/v1/sms/send';
/** Alphanumeric sender: nobody can answer it. */
const ALPHANUMERIC = '1';
const MOST_PARTS = '10';
/** The longest validity that means something to us: a reminder is useful for days at most. */
const LONGEST_VALIDITY_SECONDS = 48 * 3600;
const ACCEPTED = 0;
/** Codes below are said by the platform itself, before it routes: what it answers so was surely not sent. */
const DECIDED_BEFORE_ROUTING = 200;

/**
 * Text messages by LINK Mobility's REST API (formerly Netsize, IPX), or by any server that speaks it.
 *
 * Known from public clients of this API (the reference service, RDV-Solidarités): path, form-encoded UTF-8, HTTP
 * Basic, `destinationAddress`, `messageText`, `originatingAddress`, `originatorTON`, `maxConcatenatedMessages`, and
 * the answer `{ responseCode, responseMessage, messageIds, traceId, timestamp }`, one id for each part.
 * Not confirmed for REST, since its guide is not public: `relativeValidityTime` (seconds from submission),
 * `statusReportFlags` (1: report wanted) and `correlationId` (ours, echoed) are the names of the same platform's SOAP
 * interface (SMS API 5.2), which shares all the others. To be tried on the account before it carries reminders:
 * `npm run cli -- drill --to NUMBER`.
 *
 * It keeps no list and takes no address for one message: a doubt ends by a report or is decided after five minutes.
 */
export class LinkMobilityGateway implements MessageGateway {
  readonly channel = 'sms';
  readonly operator = 'link-mobility';
  readonly sender: string;
  readonly givesReceipts: boolean;
  private readonly agent: Agent;
  private readonly url: string;
  private readonly authorization: string;

  constructor(private readonly env: Env) {
    this.sender = env.LINK_MOBILITY_SENDER;
    this.givesReceipts = env.LINK_MOBILITY_CALLBACK_TOKEN.length > 0;
    this.url = new URL(PATH, env.LINK_MOBILITY_API_BASE_URL).toString();
    const credentials = `${env.LINK_MOBILITY_ACCOUNT}:${env.LINK_MOBILITY_PASSWORD}`;
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.agent = new Agent({
      connections: env.SEND_CONCURRENCY,
      pipelining: 1,
      connect: { timeout: 10_000 },
      headersTimeout: CALL_TIMEOUT_SECONDS * 1000,
      bodyTimeout: CALL_TIMEOUT_SECONDS * 1000,
    });
  }

  mayReach(recipient: string): boolean {
    if (this.env.APP_ENV === 'production') return true;
    return isHostAllowed(this.env, this.url) || this.env.SEND_ALLOW_LIST.includes(recipient);
  }

  callbackPath(): string {
    return '';
  }

  async send(message: OutgoingMessage): Promise<CallOutcome> {
    try {
      const answer = await request(this.url, {
        dispatcher: this.agent,
        method: 'POST',
        headers: {
          authorization: this.authorization,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        },
        body: this.form(message).toString(),
      });
      return outcomeOf(answer.statusCode, await answer.body.text());
    } catch (error) {
      const { code, name } = error as { code?: unknown; name?: unknown };
      return networkOutcome(typeof code === 'string' ? code : String(name));
    }
  }

  lookUp(): Promise<null> {
    return Promise.resolve(null);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private form(message: OutgoingMessage): URLSearchParams {
    const validity = Math.min(LONGEST_VALIDITY_SECONDS, Math.max(1, Math.floor(message.validitySeconds)));
    return new URLSearchParams({
      destinationAddress: message.recipient,
      messageText: message.body,
      originatingAddress: this.sender,
      originatorTON: ALPHANUMERIC,
      maxConcatenatedMessages: MOST_PARTS,
      relativeValidityTime: String(validity),
      correlationId: message.attemptId,
      ...(this.givesReceipts ? { statusReportFlags: '1' } : {}),
    });
  }
}

/** Only a JSON answer with a code says anything sure; a gateway's error page is a doubt. */
function outcomeOf(status: number, text: string): CallOutcome {
  const http = `http-${status}`;
  if (status !== 200) return answerOutcome('link-mobility', http, doubt(http));
  const { responseCode, messageIds } = read(text);
  if (typeof responseCode !== 'number') return doubt('no-code');
  if (responseCode === ACCEPTED) return accepted(messageIds);
  const errorCode = String(responseCode);
  return answerOutcome(
    'link-mobility',
    errorCode,
    responseCode > 0 && responseCode < DECIDED_BEFORE_ROUTING
      ? { result: 'not-sent', errorCode }
      : doubt(errorCode),
  );
}

/** One id for each part: a report names any of them. */
function accepted(messageIds: unknown): CallOutcome {
  const listed: readonly unknown[] = Array.isArray(messageIds) ? messageIds : [];
  const ids = listed.map((id) => (typeof id === 'number' ? String(id) : id)).filter(isOperatorId);
  return ids.length === 0 ? doubt('no-id') : { result: 'accepted', operatorMessageId: joinedIds(ids) };
}

function read(text: string): { readonly responseCode?: unknown; readonly messageIds?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function doubt(errorCode: string): CallOutcome {
  return { result: 'uncertain', errorCode };
}
