import type { IncomingMessage, ServerResponse } from 'node:http';
import { asset } from '../support/assets.js';
import { numberParameter, readBody, send, sendHtml, sendJson } from '../support/http.js';
import type { JudgeLog } from './judge-log.js';
import type { MessageStore } from './message-store.js';
import { phonesPage } from './phones-page.js';
import { type Replies, REPLY_PATH } from './replies.js';
import { type Control, type ControlChange, isRefusing, type ReceivedMessage } from './types.js';

/** What the pages show of the simulator and ask of it. */
interface Simulated {
  messages(to?: string): ReceivedMessage[];
  control(change: ControlChange): Promise<void>;
}

/** What the simulator serves beside the interfaces of the operators: the phones, the log and its own switches. */
export class OwnPages {
  constructor(
    private readonly simulator: Simulated,
    private readonly store: MessageStore,
    private readonly judge: JudgeLog,
    private readonly replies: Replies,
    private readonly state: () => Control,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const to = numberParameter(url.searchParams.get('to'));
    if (request.method === 'POST' && url.pathname === '/control') return this.change(request, response);
    if (request.method === 'POST' && url.pathname === REPLY_PATH)
      return this.replies.handle(request, response);
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
      sendJson(response, 200, this.simulator.messages(to));
      return;
    }
    if (url.pathname === '/log') {
      sendJson(response, 200, this.judge.entries);
      return;
    }
    if (url.pathname === '/control') {
      sendJson(response, 200, this.state());
      return;
    }
    if (url.pathname === '/') {
      sendHtml(response, 200, phonesPage(this.store, to, this.judge.entries));
      return;
    }
    sendJson(response, 404, { message: 'not found' });
  }

  /** Answered before it goes down, which cuts this very connection. */
  private async change(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const change = JSON.parse(await readBody(request)) as ControlChange;
    const next = { ...this.state(), ...change };
    if (isRefusing(next.down) || isRefusing(next.linkDown))
      response.once('finish', () => void this.simulator.control(change));
    else await this.simulator.control(change);
    sendJson(response, 200, next);
  }
}
