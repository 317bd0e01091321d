import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { close, listen, sendJson } from '../support/http.js';
import { CallbackClient } from './callback-client.js';
import { JudgeLog } from './judge-log.js';
import { LINK_PATH, LinkApi, type LinkCredentials } from './link-api.js';
import { LinkReports } from './link-reports.js';
import { MessageStore } from './message-store.js';
import { OwnPages } from './own-pages.js';
import { Receipts } from './receipts.js';
import { Replies } from './replies.js';
import { RestApi } from './rest-api.js';
import {
  type Control,
  type ControlChange,
  isRefusing,
  type LogEntry,
  type Outage,
  type ReceivedMessage,
} from './types.js';

export interface OperatorSimulatorOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** Keeps the log, and with it the messages, from one run to the next. */
  readonly dataFile?: string;
  /** Between two receipts of one message; default 40 ms. */
  readonly receiptStepMs?: number;
  /** `host:port` to connect callbacks to, whatever their address says. */
  readonly connectTo?: string;
  /** LINK Mobility's side; by default the account and the token of Twilio's. */
  readonly link?: Partial<LinkCredentials> & {
    /** 0, the default: any free one. */
    readonly port?: number;
    /** Where delivery reports go; absent: none is sent. */
    readonly callbackUrl?: string;
  };
  readonly control?: Partial<Control>;
}

export interface OperatorSimulator {
  readonly url: string;
  /** The same process on a second port, which LINK Mobility's API goes down with. */
  readonly linkUrl: string;
  /** Everything asked and done, in order: the judge of every test. */
  log(): readonly LogEntry[];
  messages(to?: string): ReceivedMessage[];
  control(change: ControlChange): Promise<void>;
  /** Answers from a phone; status of the application's answer, null when there was none. */
  reply(from: string, text: string): Promise<number | null>;
  stop(): Promise<void>;
}

const CONTROL: Control = {
  latencyMs: 0,
  receipts: true,
  down: false,
  linkDown: false,
  listLagMs: 0,
  clockOffsetMs: 0,
};

/** Two operators in one process, on one page of phones and in one log: Twilio's REST API and LINK Mobility's. */
export async function startOperatorSimulator(options: OperatorSimulatorOptions): Promise<OperatorSimulator> {
  const simulator = new Simulator(options);
  await simulator.open(options.port ?? 0, options.link?.port ?? 0);
  return simulator;
}

class Simulator implements OperatorSimulator {
  private readonly judge: JudgeLog;
  private readonly store: MessageStore;
  private readonly receipts: Receipts;
  private readonly replies: Replies;
  private readonly client: CallbackClient;
  private readonly linkReports: LinkReports;
  private readonly api: RestApi;
  private readonly linkApi: LinkApi;
  private readonly own: OwnPages;
  private readonly server: Server;
  private readonly linkServer: Server;
  private readonly host: string;
  private state: Control = CONTROL;
  private port = 0;
  private linkPort = 0;

  constructor(options: OperatorSimulatorOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.state = { ...CONTROL, ...options.control };
    this.judge = new JudgeLog(options.dataFile);
    this.judge.clockOffsetMs = this.state.clockOffsetMs;
    this.store = new MessageStore(this.judge);
    const { accountSid, authToken } = options;
    this.client = new CallbackClient(options.connectTo);
    const life = { stepMs: options.receiptStepMs ?? 40, enabled: () => this.state.receipts };
    this.receipts = new Receipts(this.store, this.judge, this.client, { accountSid, authToken, ...life });
    this.replies = new Replies(this.store, this.judge, this.client, { accountSid, authToken });
    const callbackUrl = options.link?.callbackUrl;
    this.linkReports = new LinkReports(this.store, this.judge, this.client, { callbackUrl, ...life });
    this.linkApi = new LinkApi(
      this.store,
      this.linkReports,
      { account: options.link?.account ?? accountSid, password: options.link?.password ?? authToken },
      () => this.state,
    );
    this.api = new RestApi(
      this.store,
      this.judge,
      this.receipts,
      { accountSid, authToken },
      () => this.state,
    );
    this.own = new OwnPages(this, this.store, this.judge, this.replies, () => this.state);
    this.server = this.newServer();
    this.linkServer = this.newServer();
  }

  get url(): string {
    return this.address(this.port);
  }

  get linkUrl(): string {
    return this.address(this.linkPort);
  }

  async open(port: number, linkPort: number): Promise<void> {
    this.port = await listen(this.server, port, this.host);
    this.linkPort = await listen(this.linkServer, linkPort, this.host);
  }

  log(): readonly LogEntry[] {
    return this.judge.entries;
  }

  messages(to?: string): ReceivedMessage[] {
    return this.store
      .all(to)
      .map(({ sid, to: number, from, messagingServiceSid, body, createdAt, status }) => ({
        sid,
        to: number,
        from: from === '' ? (messagingServiceSid ?? '') : from,
        body,
        at: createdAt,
        status,
      }));
  }

  reply(from: string, text: string): Promise<number | null> {
    return this.replies.send(from, text);
  }

  async control({ downMs, ...change }: ControlChange): Promise<void> {
    const before = this.state;
    this.state = { ...this.state, ...change };
    this.judge.clockOffsetMs = this.state.clockOffsetMs;
    await this.turn(this.server, this.port, before.down, this.state.down);
    await this.turn(this.linkServer, this.linkPort, before.linkDown, this.state.linkDown);
    if (downMs !== undefined)
      setTimeout(() => void this.control({ down: false, linkDown: false }), downMs).unref();
  }

  async stop(): Promise<void> {
    this.receipts.stop();
    this.linkReports.stop();
    this.client.stop();
    await close(this.server);
    await close(this.linkServer);
    await this.judge.close();
  }

  private newServer(): Server {
    const server = createServer((request, response) => void this.serve(request, response));
    server.keepAliveTimeout = 60_000;
    return server;
  }

  private address(port: number): string {
    return `http://${this.host === '0.0.0.0' ? '127.0.0.1' : this.host}:${port}`;
  }

  private async turn(server: Server, port: number, before: Outage, now: Outage): Promise<void> {
    if (isRefusing(now) && !isRefusing(before)) await close(server);
    if (!isRefusing(now) && isRefusing(before)) await listen(server, port, this.host);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', 'http://simulator');
      if (url.pathname.startsWith('/2010-04-01/')) await this.api.handle(request, response, url);
      else if (url.pathname === LINK_PATH) await this.linkApi.handle(request, response);
      else await this.own.handle(request, response, url);
    } catch (error) {
      sendJson(response, 500, { message: error instanceof Error ? error.message : 'error' });
    }
  }
}
