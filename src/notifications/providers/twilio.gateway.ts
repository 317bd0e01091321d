import twilio from 'twilio';
import { type Env, isHostAllowed } from '../../../config/env.js';
import { type Instant, instantOf } from '../../shared/time.js';
import { digest } from '../../shared/tokens.js';
import { type CallOutcome, CALL_TIMEOUT_SECONDS } from '../domain/attempt-results.js';
import { isDrillText } from '../domain/drill-text.js';
import { answerOutcome, networkOutcome } from '../domain/operator-errors.js';
import { LeanHttp } from './lean-http.js';
import type {
  FoundMessage,
  ListBounds,
  LookUp,
  MessageGateway,
  OutgoingMessage,
  RecentMessage,
  TakenSince,
} from './message-gateway.port.js';

/** Bounds of Twilio's `ValidityPeriod`, in seconds (docs/messaging/api/message-resource, 2026-08). */
const VALIDITY = { min: 1, max: 36_000 };
/** Messages read at most when one is looked up by its recipient. */
const LIST_LIMIT = 50;
/** Of the whole account, newest first: read at once, and how often at most. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;
/** Statuses of a server that takes texts and has no list at all. */
const KEEPS_NO_LIST: ReadonlySet<unknown> = new Set([404, 405, 501]);
const CLOCK_TOLERANCE_MS = 60_000;
/** Statuses of which Twilio says that the request was not processed: safe to try again. */
const NOT_PROCESSED = new Set([401, 403, 429]);
/** Without a code it is not Twilio that answers: no resource under our address, so nothing was created. */
const NOT_FOUND = 404;

type MessagePage = Awaited<ReturnType<twilio.Twilio['messages']['page']>>;

interface ListedPage {
  readonly ours: readonly RecentMessage[];
  readonly dates: readonly Instant[];
}

/** Text messages by Twilio's REST API, or by any server that speaks it (`TWILIO_API_BASE_URL`). */
export class TwilioGateway implements MessageGateway {
  readonly channel = 'sms';
  readonly operator = 'twilio';
  readonly givesReceipts = true;
  readonly sender: string;
  private readonly client: twilio.Twilio;
  private readonly http: LeanHttp;

  constructor(private readonly env: Env) {
    this.sender = env.TWILIO_SENDER;
    this.http = new LeanHttp(env.SEND_CONCURRENCY, CALL_TIMEOUT_SECONDS * 1000);
    this.client = twilio(env.TWILIO_ACCOUNT_SID, env.TWILIO_AUTH_TOKEN[0] ?? '', {
      httpClient: this.http,
      autoRetry: false,
    });
    if (env.TWILIO_API_BASE_URL !== undefined) this.client.api.baseUrl = env.TWILIO_API_BASE_URL;
  }

  mayReach(recipient: string): boolean {
    if (this.env.APP_ENV === 'production') return true;
    return isHostAllowed(this.env, this.client.api.baseUrl) || this.env.SEND_ALLOW_LIST.includes(recipient);
  }

  callbackPath(token: string): string {
    return `/hooks/twilio/status/${token}`;
  }

  async send(message: OutgoingMessage): Promise<CallOutcome> {
    try {
      const created = await this.client.messages.create({
        to: message.recipient,
        body: message.body,
        statusCallback: message.callbackUrl,
        validityPeriod: Math.min(VALIDITY.max, Math.max(VALIDITY.min, Math.floor(message.validitySeconds))),
        ...(this.sender.startsWith('MG') ? { messagingServiceSid: this.sender } : { from: this.sender }),
      });
      return created.sid ? { result: 'accepted', operatorMessageId: created.sid } : doubt('no-sid');
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async lookUp(query: LookUp): Promise<readonly FoundMessage[]> {
    const listed = await this.client.messages.list({
      to: query.recipient,
      limit: LIST_LIMIT,
      pageSize: LIST_LIMIT,
    });
    const earliest = query.since.epochMilliseconds - CLOCK_TOLERANCE_MS;
    return listed
      .filter((message) => message.dateCreated.getTime() >= earliest)
      .filter((message) => digest(message.body).equals(query.bodyHash))
      .filter((message) => query.sender.startsWith('MG') || message.from === query.sender)
      .map((message) => ({
        operatorMessageId: message.sid,
        status: message.status,
        errorCode: message.errorCode ? String(message.errorCode) : null,
      }));
  }

  /** The list of an account that others share is read further, to find ours among theirs. */
  recent(): Promise<readonly RecentMessage[] | null> {
    return orNoList(async () => {
      const ours: RecentMessage[] = [];
      let read = 0;
      for await (const page of this.newestPages(PAGE_SIZE)) {
        ours.push(...page.ours);
        if (ours.length >= LIST_LIMIT || ++read === MOST_PAGES) break;
      }
      return ours.slice(0, LIST_LIMIT);
    });
  }

  takenSince(since: Instant, { pages, pageSize, patienceMs }: ListBounds): Promise<TakenSince | null> {
    const began = performance.now();
    const isSince = (at: Instant) => at.epochMilliseconds >= since.epochMilliseconds;
    return orNoList(async () => {
      const messages: RecentMessage[] = [];
      let read = 0;
      for await (const { ours, dates } of this.newestPages(pageSize)) {
        messages.push(...ours.filter(({ createdAt }) => isSince(createdAt)));
        // Its order is that of the departures: a whole page must be older.
        if (!dates.some(isSince)) break;
        if (++read === pages || performance.now() - began > patienceMs) return { messages, isWhole: false };
      }
      return { messages, isWhole: true };
    });
  }

  /** The list of the account, newest first: of each page what our sender sent, and the dates of all. */
  private async *newestPages(pageSize: number): AsyncGenerator<ListedPage> {
    const isService = this.sender.startsWith('MG');
    const from = isService ? {} : { from: this.sender };
    let next: Promise<Pick<MessagePage, 'instances' | 'nextPage'>> | undefined = this.client.messages.page({
      ...from,
      pageSize,
    });
    while (next !== undefined) {
      const page: Pick<MessagePage, 'instances' | 'nextPage'> = await next;
      yield {
        ours: page.instances
          .filter((text) => (isService ? text.messagingServiceSid : text.from) === this.sender)
          .filter(({ body }) => !isDrillText(body))
          .map(({ sid, to, dateCreated }) => ({
            operatorMessageId: sid,
            recipient: to,
            createdAt: instantOf(dateCreated),
          })),
        dates: page.instances.map(({ dateCreated }) => instantOf(dateCreated)),
      };
      next = page.nextPage();
    }
  }

  async close(): Promise<void> {
    await this.http.close();
  }
}

/** Null where there is no list at all. */
async function orNoList<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (KEEPS_NO_LIST.has((error as { status?: unknown }).status)) return null;
    throw error;
  }
}

function outcomeOf(error: unknown): CallOutcome {
  const { status, code, name } = error as { status?: unknown; code?: unknown; name?: unknown };
  if (typeof status !== 'number') return networkOutcome(typeof code === 'string' ? code : String(name));
  const isCoded = typeof code === 'number';
  const errorCode = String(isCoded ? code : status);
  if (NOT_PROCESSED.has(status)) return { result: 'not-sent', errorCode };
  if (status === NOT_FOUND && !isCoded) return { result: 'not-sent', errorCode };
  if (status >= 400 && status < 500 && isCoded)
    return answerOutcome('twilio', errorCode, { result: 'refused', errorCode, optedOut: false });
  return doubt(errorCode);
}

function doubt(errorCode: string): CallOutcome {
  return { result: 'uncertain', errorCode };
}
