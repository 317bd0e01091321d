import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, readBody, sendJson } from '../support/http.js';
import type { CallbackClient } from './callback-client.js';
import type { JudgeLog } from './judge-log.js';
import type { MessageStore } from './message-store.js';
import { signature } from './receipts.js';
import type { LogEntry, Message } from './types.js';

export const REPLY_PATH = '/reply';

const LONGEST = 1600;
const SHOWN = 3;

/** What the holder of a phone answers, told to the application as Twilio tells it: signed, one id each. */
export class Replies {
  constructor(
    private readonly store: MessageStore,
    private readonly log: JudgeLog,
    private readonly client: CallbackClient,
    private readonly account: { readonly accountSid: string; readonly authToken: string },
  ) {}

  /** @returns status of the application's answer; null when it could not be reached or never wrote to this phone */
  async send(from: string, text: string): Promise<number | null> {
    const asked = this.store.all(from).at(-1);
    const address = lastCallback(this.store.all(from)) ?? lastCallback(this.store.all());
    if (asked === undefined || address === undefined) return null;
    const url = address.replace(/\/hooks\/.*$/, '/hooks/twilio/inbound');
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const body = text.slice(0, LONGEST);
    const parameters = {
      ...{ AccountSid: this.account.accountSid, ApiVersion: '2010-04-01', Body: body, From: from },
      ...{ MessageSid: sid, NumMedia: '0', SmsSid: sid, SmsStatus: 'received', To: asked.from },
    };
    const answer = await this.client.post(url, parameters, {
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': signature(this.account.authToken, url, parameters),
    });
    const httpStatus = answer?.status ?? null;
    this.log.append({ kind: 'reply', sid, from, body, httpStatus } as const);
    return httpStatus;
  }

  /** The form of a phone; only our own page may post it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const site = request.headers['sec-fetch-site'];
    const form = new URLSearchParams(await readBody(request));
    const from = form.get('from') ?? '';
    if ((site !== undefined && site !== 'same-origin') || !/^\+\d{7,15}$/.test(from)) {
      sendJson(response, 403, { message: 'only from the page of phones' });
      return;
    }
    await this.send(from, form.get('text') ?? '');
    response.writeHead(303, { location: `/?to=${encodeURIComponent(from)}` }).end();
  }
}

function lastCallback(messages: readonly Message[]): string | undefined {
  return messages.findLast(({ statusCallback }) => statusCallback !== null)?.statusCallback ?? undefined;
}

/** What this phone answered last, and a field to answer. */
export function replyPart(number: string, log: readonly LogEntry[]): string {
  const sent = log.flatMap((entry) => (entry.kind === 'reply' && entry.from === number ? [entry] : []));
  const id = `reply-${number.slice(1)}`;
  return `<ul class="replies">${sent
    .slice(-SHOWN)
    .map(
      ({ body, httpStatus }) =>
        `<li><p class="bubble">${escapeHtml(body)}</p><p class="stamp">${httpStatus === 204 ? 'répondu' : 'l’application n’a pas pris cette réponse'}</p></li>`,
    )
    .join('')}</ul>
    <form class="reply" method="post" action="${REPLY_PATH}">
      <input type="hidden" name="from" value="${escapeHtml(number)}">
      <label for="${id}">Répondre depuis ce téléphone</label>
      <input id="${id}" name="text" maxlength="${LONGEST}" placeholder="OUI, NON, STOP…" required autocomplete="off">
      <button>Envoyer</button>
    </form>`;
}
