import { createHash } from 'node:crypto';
import type { CallOutcome } from '../../../src/notifications/domain/attempt-results.js';
import type {
  FoundMessage,
  LookUp,
  MessageGateway,
  OutgoingMessage,
} from '../../../src/notifications/providers/message-gateway.port.js';

export const ANSWERS = [
  'taken',
  'refused',
  'stopped',
  'later',
  'unreached',
  'timed-out-taken',
  'timed-out-lost',
] as const;
export const REPORTS = [
  'delivered',
  'undelivered',
  'none',
  'twice',
  'out-of-order',
  'delivered-then-not',
  'not-then-delivered',
] as const;

/** What the operator does with one call, and what it tells of the text afterwards. */
export interface Behaviour {
  readonly answer: (typeof ANSWERS)[number];
  readonly report: (typeof REPORTS)[number];
  /** Minutes until the first report. */
  readonly after: number;
}

/** A text that a phone got, or a mail that a relay took. */
export interface Got {
  readonly id: string;
  readonly at: number;
  readonly way: 'sms' | 'email';
  readonly to: string;
  readonly body: string;
  readonly token: string;
  readonly attemptId: string;
  /** The first end that was reported, and when; undefined: none. */
  end?: { readonly status: 'delivered' | 'undelivered'; readonly at: number };
}

export interface Report {
  readonly at: number;
  readonly of: Got;
  readonly status: string;
  readonly errorCode: string | null;
}

const OUTCOMES: Readonly<Record<string, CallOutcome>> = {
  refused: { result: 'refused', errorCode: '21211', optedOut: false },
  stopped: { result: 'refused', errorCode: '21610', optedOut: true },
  later: { result: 'not-sent', errorCode: '20429' },
  unreached: { result: 'not-sent', errorCode: 'ECONNREFUSED' },
  'timed-out-lost': { result: 'uncertain', errorCode: 'timeout' },
};
const STATUSES: Readonly<Record<Behaviour['report'], readonly string[]>> = {
  delivered: ['sent', 'delivered'],
  undelivered: ['sent', 'undelivered'],
  none: [],
  twice: ['delivered', 'delivered'],
  'out-of-order': ['delivered', 'sent', 'queued'],
  'delivered-then-not': ['delivered', 'undelivered'],
  'not-then-delivered': ['undelivered', 'delivered'],
};
const MINUTE = 60_000;

/** An operator and a mail relay in this process: what they took is what phones and boxes got. Stands in for `Gateways`. */
export class Phones {
  readonly smsIsOn = true;
  readonly mailIsOn = true;
  readonly operators = ['twilio', 'smtp'];
  got: Got[] = [];
  /** Calls refused because the phone had sent STOP to the operator. */
  stops: { readonly to: string; readonly body: string; readonly at: number }[] = [];
  reports: Report[] = [];
  now = 0;
  /** What a test of the judge makes of each text. */
  bend: (got: Got) => readonly Got[] = (got) => [got];
  private calls = 0;
  private script: readonly Behaviour[] = [];
  private readonly gateways = { sms: this.gateway('sms'), email: this.gateway('email') };

  begin(script: readonly Behaviour[]): void {
    Object.assign(this, { got: [], stops: [], reports: [], calls: 0, script });
  }

  of(channel: 'sms' | 'email'): MessageGateway {
    return this.gateways[channel];
  }

  find(operator: string): MessageGateway | undefined {
    if (operator === 'twilio') return this.gateways.sms;
    return operator === 'smtp' ? this.gateways.email : undefined;
  }

  byOperator(operator: string): MessageGateway {
    const gateway = this.find(operator);
    if (gateway === undefined) throw new Error(`no operator ${operator}`);
    return gateway;
  }

  /** Those whose hour has come, taken out. */
  dueReports(): readonly Report[] {
    const due = this.reports.filter(({ at }) => at <= this.now);
    this.reports = this.reports.filter(({ at }) => at > this.now);
    return due;
  }

  private gateway(way: Got['way']): MessageGateway {
    return {
      channel: way,
      operator: way === 'sms' ? 'twilio' : 'smtp',
      sender: 'MonSuiviJus',
      givesReceipts: way === 'sms',
      mayReach: () => true,
      callbackPath: (token) => (way === 'sms' ? `/hooks/twilio/status/${token}` : ''),
      returnAddress: () => null,
      send: (message) => Promise.resolve(this.send(way, message)),
      lookUp: (query) => Promise.resolve(way === 'sms' ? this.lookUp(query) : null),
      recent: () => Promise.resolve(null),
      close: () => Promise.resolve(),
    };
  }

  private send(way: Got['way'], message: OutgoingMessage): CallOutcome {
    const next = this.script[this.calls++ % Math.max(1, this.script.length)];
    const behaviour: Behaviour = next ?? { answer: 'taken', report: 'delivered', after: 1 };
    if (behaviour.answer === 'stopped' && way === 'sms')
      this.stops.push({ to: message.recipient, body: message.body, at: this.now });
    const refusal = OUTCOMES[behaviour.answer];
    if (refusal !== undefined)
      return way === 'email' && refusal.result === 'refused'
        ? { ...refusal, errorCode: '550', optedOut: false }
        : refusal;
    const got = this.keep(way, message);
    if (way === 'sms') this.plan(got, behaviour);
    return behaviour.answer === 'taken'
      ? { result: 'accepted', operatorMessageId: got.id }
      : { result: 'uncertain', errorCode: 'timeout' };
  }

  private keep(way: Got['way'], { recipient, body, callbackUrl, attemptId }: OutgoingMessage): Got {
    const token = callbackUrl.split('/').at(-1) ?? '';
    const id =
      way === 'sms' ? `SM${createHash('md5').update(attemptId).digest('hex')}` : `<${attemptId}@msj>`;
    const got: Got = { id, at: this.now, way, to: recipient, body, token, attemptId };
    this.got.push(...this.bend(got));
    return got;
  }

  private plan(got: Got, { report, after }: Behaviour): void {
    STATUSES[report].forEach((status, nth) => {
      const at = this.now + (after + nth * 7) * MINUTE;
      this.reports.push({ at, of: got, status, errorCode: status === 'undelivered' ? '30003' : null });
    });
  }

  private lookUp({ recipient, bodyHash }: LookUp): FoundMessage[] {
    return this.got
      .filter(({ way, to }) => way === 'sms' && to === recipient)
      .filter(({ body }) => createHash('sha256').update(body).digest().equals(bodyHash))
      .reverse()
      .map(({ id, end }) => ({
        operatorMessageId: id,
        status: end?.status ?? 'sent',
        errorCode: end?.status === 'undelivered' ? '30003' : null,
      }));
  }
}
