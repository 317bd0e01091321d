import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Agent } from 'undici';
import { Env } from '../../config/env.js';
import { AddressGuard, RefusedAddress } from './address-guard.js';
import type { CallError, CallResult } from './domain/webhook.js';

const TIMEOUT_MS = 10_000;
/** Whole answers of more bytes are cut off: nobody reads them. */
const MOST_ANSWER_BYTES = 64 * 1024;

export interface WebhookCall {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Calls a receiver: one time-out for the whole call, no redirect, no proxy, no address that is not the Internet's. The
 * status and the time are kept, the body is thrown away.
 */
@Injectable()
export class WebhookHttp {
  private readonly guard: AddressGuard;
  private agent: Agent | undefined;

  constructor(env: Env) {
    this.guard = new AddressGuard(env);
  }

  async post({ url, body, headers }: WebhookCall): Promise<CallResult> {
    const started = performance.now();
    const latencyMs = () => Math.round(performance.now() - started);
    try {
      this.refuseLiteral(new URL(url));
      const { origin, pathname, search } = new URL(url);
      const answer = await this.dispatcher().request({
        ...{ origin, path: pathname + search, method: 'POST', body, headers: { ...headers } },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { statusCode } = answer;
      await answer.body.dump({ limit: MOST_ANSWER_BYTES }).catch(() => undefined);
      return { status: statusCode, error: null, latencyMs: latencyMs() };
    } catch (error) {
      return { status: null, error: errorOf(error), latencyMs: latencyMs() };
    }
  }

  /** Open calls end at once, without an answer. */
  async close(): Promise<void> {
    await this.agent?.destroy();
  }

  /** A host written as an address is connected to without being looked up. */
  private refuseLiteral({ hostname }: URL): void {
    const address = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) !== 0 && !this.guard.isAllowed(hostname, address)) throw new RefusedAddress();
  }

  /**
   * Made at first use: a web process calls nobody. As many connections as calls: whoever claims limits them for each
   * endpoint, and a call that waited here for those of another endpoint of its host would use up its own time.
   */
  private dispatcher(): Agent {
    this.agent ??= new Agent({
      pipelining: 1,
      connect: { timeout: TIMEOUT_MS / 2, lookup: this.guard.lookup },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    return this.agent;
  }
}

const CODES: Readonly<Record<string, CallError>> = {
  REFUSED_ADDRESS: 'refused-address',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  UND_ERR_CONNECT_TIMEOUT: 'timed-out',
  UND_ERR_HEADERS_TIMEOUT: 'timed-out',
  UND_ERR_BODY_TIMEOUT: 'timed-out',
};

function errorOf(error: unknown): CallError {
  const { name, code, errors } = Object(error) as { name?: unknown; code?: unknown; errors?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'timed-out';
  if (typeof code === 'string') {
    const known = CODES[code];
    if (known !== undefined) return known;
    if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(code)) return 'certificate';
  }
  return Array.isArray(errors) && errors.length > 0 ? errorOf(errors[0]) : 'broken';
}
