import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { close, listen, numberParameter, readBody, send, sendHtml, sendJson } from '../support/http.js';
import { asset } from '../support/assets.js';
import { JudgeLog } from './judge-log.js';
import { MessageStore } from './message-store.js';
import { phonesPage } from './phones-page.js';
import { Receipts } from './receipts.js';
import { RestApi } from './rest-api.js';
import type { Control, LogEntry, Status } from './types.js';

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
  readonly control?: Partial<Control>;
}

/** A text as the phones show it; `at` is real time. */
export interface ReceivedMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly at: string;
  readonly status: Status;
}

export interface ControlChange extends Partial<Control> {
  /** With `down`: back up by itself after this many milliseconds. */
  readonly downMs?: number;
}

export interface OperatorSimulator {
  readonly url: string;
  /** Everything asked and done, in order: the judge of every test. */
  log(): readonly LogEntry[];
  messages(to?: string): ReceivedMessage[];
  control(change: ControlChange): Promise<void>;
  stop(): Promise<void>;
}

const CONTROL: Control = { latencyMs: 0, receipts: true, down: false, clockOffsetMs: 0 };

/** An operator speaking Twilio's REST API. Its page of phones is at its root. */
export async function startOperatorSimulator(options: OperatorSimulatorOptions): Promise<OperatorSimulator> {
  const simulator = new Simulator(options);
  await simulator.open(options.port ?? 0);
  return simulator;
}

class Simulator implements OperatorSimulator {
  private readonly judge: JudgeLog;
  private readonly store: MessageStore;
  private readonly receipts: Receipts;
  private readonly api: RestApi;
  private readonly server: Server;
  private readonly host: string;
  private state: Control = CONTROL;
  private port = 0;

  constructor(options: OperatorSimulatorOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.state = { ...CONTROL, ...options.control };
    this.judge = new JudgeLog(options.dataFile);
    this.judge.clockOffsetMs = this.state.clockOffsetMs;
    this.store = new MessageStore(this.judge);
    const { accountSid, authToken } = options;
    this.receipts = new Receipts(this.store, this.judge, {
      accountSid,
      authToken,
      stepMs: options.receiptStepMs ?? 40,
      connectTo: options.connectTo,
      enabled: () => this.state.receipts,
    });
    this.api = new RestApi(
      this.store,
      this.judge,
      this.receipts,
      { accountSid, authToken },
      () => this.state,
    );
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  get url(): string {
    return `http://${this.host === '0.0.0.0' ? '127.0.0.1' : this.host}:${this.port}`;
  }

  async open(port: number): Promise<void> {
    this.port = await listen(this.server, port, this.host);
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

  async control({ downMs, ...change }: ControlChange): Promise<void> {
    const wasRefusing = isRefusing(this.state);
    this.state = { ...this.state, ...change };
    this.judge.clockOffsetMs = this.state.clockOffsetMs;
    if (isRefusing(this.state) && !wasRefusing) await close(this.server);
    if (!isRefusing(this.state) && wasRefusing) await listen(this.server, this.port, this.host);
    if (downMs !== undefined) setTimeout(() => void this.control({ down: false }), downMs).unref();
  }

  async stop(): Promise<void> {
    this.receipts.stop();
    await close(this.server);
    await this.judge.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? '/', 'http://simulator');
      if (url.pathname.startsWith('/2010-04-01/')) await this.api.handle(request, response, url);
      else await this.serveOwn(request, response, url);
    } catch (error) {
      sendJson(response, 500, { message: error instanceof Error ? error.message : 'error' });
    }
  }

  private async serveOwn(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const to = numberParameter(url.searchParams.get('to'));
    if (request.method === 'POST' && url.pathname === '/control') return this.serveControl(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendJson(response, 405, {});
      return;
    }
    const file = asset(import.meta.url, url.pathname);
    if (file !== undefined) {
      send(response, 200, file.type, file.content);
      return;
    }
    if (url.pathname === '/messages') {
      sendJson(response, 200, this.messages(to));
      return;
    }
    if (url.pathname === '/log') {
      sendJson(response, 200, this.judge.entries);
      return;
    }
    if (url.pathname === '/control') {
      sendJson(response, 200, this.state);
      return;
    }
    if (url.pathname === '/') {
      sendHtml(response, 200, phonesPage(this.store, to));
      return;
    }
    sendJson(response, 404, { message: 'not found' });
  }

  /** Answered before it goes down, which cuts this very connection. */
  private async serveControl(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const change = JSON.parse(await readBody(request)) as ControlChange;
    const next = { ...this.state, ...change };
    if (isRefusing(next)) response.once('finish', () => void this.control(change));
    else await this.control(change);
    sendJson(response, 200, next);
  }
}

function isRefusing({ down }: Control): boolean {
  return down === true || down === 'refuse';
}
