import { randomInt, randomUUID } from 'node:crypto';
import { smsLength } from '../../src/shared/sms-length.js';
import type { JudgeLog } from './judge-log.js';
import type { CreateEntry, LogEntry, Message, Status } from './types.js';

export type Request = Omit<
  CreateEntry,
  'kind' | 'at' | 'simulatedAt' | 'accepted' | 'sid' | 'partIds' | 'errorCode'
>;

/** The operator's messages, rebuilt from its log at start. */
export class MessageStore {
  private readonly bySid = new Map<string, Message>();
  private readonly byNumber = new Map<string, Message[]>();
  private readonly inOrder: Message[] = [];

  constructor(private readonly log: JudgeLog) {
    for (const entry of log.entries) this.replay(entry);
  }

  accept(request: Request): Message {
    const partIds = request.operator === 'link-mobility' ? decimalIds(request.body) : undefined;
    const sid = partIds?.[0] ?? `SM${randomUUID().replaceAll('-', '')}`;
    const entry = this.log.append({
      kind: 'create',
      accepted: true,
      errorCode: null,
      sid,
      ...(partIds === undefined ? {} : { partIds }),
      ...request,
    } as const);
    return this.add(entry, sid);
  }

  refuse(request: Request, errorCode: number | null): void {
    this.log.append({ kind: 'create', accepted: false, errorCode, sid: null, ...request } as const);
  }

  setStatus(message: Message, status: Status, errorCode: number | null = null): void {
    const { at } = this.log.append({ kind: 'status', sid: message.sid, status, errorCode } as const);
    applyStatus(message, status, errorCode, at);
  }

  redact(message: Message): void {
    const { at } = this.log.append({ kind: 'redaction', sid: message.sid } as const);
    message.body = '';
    message.updatedAt = at;
  }

  find(sid: string): Message | undefined {
    return this.bySid.get(sid);
  }

  /** Oldest first. */
  all(to?: string): readonly Message[] {
    return to === undefined ? this.inOrder : (this.byNumber.get(to) ?? []);
  }

  /** Numbers with their messages, the number written to last first. */
  phones(): (readonly [string, readonly Message[]])[] {
    return [...this.byNumber].sort(([, a], [, b]) => compare(b.at(-1)?.createdAt, a.at(-1)?.createdAt));
  }

  private replay(entry: LogEntry): void {
    if (entry.kind === 'create' && entry.sid !== null) this.add(entry, entry.sid);
    if (entry.kind !== 'status' && entry.kind !== 'redaction') return;
    const message = this.bySid.get(entry.sid);
    if (message === undefined) return;
    if (entry.kind === 'redaction') message.body = '';
    else applyStatus(message, entry.status, entry.errorCode, entry.at);
  }

  private add(entry: Omit<CreateEntry, 'accepted'>, sid: string): Message {
    const { to, from, body, messagingServiceSid, statusCallback, at, simulatedAt } = entry;
    const message: Message = {
      sid,
      partIds: entry.partIds ?? [sid],
      operator: entry.operator ?? 'twilio',
      to,
      from,
      body,
      messagingServiceSid,
      statusCallback,
      createdAt: at,
      ...(simulatedAt === undefined ? {} : { simulatedAt }),
      status: messagingServiceSid === null ? 'queued' : 'accepted',
      errorCode: null,
      sentAt: null,
      updatedAt: at,
    };
    this.bySid.set(sid, message);
    this.inOrder.push(message);
    const sameNumber = this.byNumber.get(to);
    if (sameNumber === undefined) this.byNumber.set(to, [message]);
    else sameNumber.push(message);
    return message;
  }
}

/** LINK Mobility counts its messages, and takes each part for one. */
function decimalIds(body: string): readonly string[] {
  const first = randomInt(1, 2 ** 47);
  return Array.from({ length: smsLength(body).segments }, (_, part) => String(first + part));
}

function applyStatus(message: Message, status: Status, errorCode: number | null, at: string): void {
  message.status = status;
  message.errorCode = errorCode;
  message.updatedAt = at;
  if (status === 'sent' || status === 'delivered') message.sentAt ??= at;
}

function compare(a: string | undefined, b: string | undefined): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}
