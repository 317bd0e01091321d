import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { type HttpLogger, pinoHttp } from 'pino-http';
import { QueryFailedError } from 'typeorm';
import type { Env } from '../../config/env.js';

/** DI token of the process's pino logger. */
export const LOG = Symbol('LOG');

/** Whatever slips into a logged object under one of these names is replaced. */
const REDACTED = [
  'password',
  'token',
  'authorization',
  'cookie',
  'phone',
  'email',
  'firstName',
  'lastName',
  'body',
  'text',
  'to',
  'recipient',
  'query',
];

/** Nest tells every module and route at each start. */
const ASSEMBLY = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
]);

/** No personal data: no body, no address, no header, no path; of a request, the pattern of its route. */
export function createLog(env: Pick<Env, 'LOG_LEVEL' | 'APP_ROLE'>, stream?: DestinationStream): Logger {
  const options = {
    level: env.LOG_LEVEL,
    base: { role: env.APP_ROLE },
    redact: { paths: [...REDACTED, ...REDACTED.map((name) => `*.${name}`)], censor: '…' },
    serializers: { err: describeError },
  };
  return pino(options, stream ?? STANDARD_OUTPUT);
}

const BREATH = new Int32Array(new SharedArrayBuffer(4));
const BREATH_MS = 5;

/**
 * A line that cannot be written (disk full, reader gone) is dropped, and sending goes on; pino's own destination
 * freezes the process. A reader that is slow is waited for.
 */
const STANDARD_OUTPUT: DestinationStream = {
  write(line) {
    for (let left = Buffer.from(line); left.length > 0;)
      try {
        left = left.subarray(writeSync(process.stdout.fd, left));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        Atomics.wait(BREATH, 0, 0, BREATH_MS);
      }
  },
};

export function silentLog(): Logger {
  return pino({ level: 'silent' });
}

/** One line per request, with an id of ours that the answer carries too. */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: (_request: IncomingMessage, response: ServerResponse) => {
      const id = randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    serializers: {
      req: ({ id, method }: { id: unknown; method: string }) => ({ id, method }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      // Given the error as pino-http tells it, message and all; only the raw one may be described.
      err: ({ raw }: { raw?: unknown }) => describeError(raw),
    },
    customProps: (request) => ({ route: routeOf(request) }),
    customLogLevel: (_request, response, error) =>
      error !== undefined || response.statusCode >= 500 ? 'error' : 'info',
    autoLogging: { ignore: (request) => request.url?.startsWith('/health/') ?? false },
  });
}

/** `/persons/:id`, never what stood in its place; known once the request has met its route. */
function routeOf(request: IncomingMessage): string | undefined {
  const { route } = request as IncomingMessage & { route?: { path?: unknown } };
  return typeof route?.path === 'string' ? route.path : undefined;
}

/** Kind, code and frames of an error. A message may quote what somebody typed: only scrubbed words of it remain. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const described = { type: error.name, frames: frames.map((line) => line.trim()) };
  if (error instanceof QueryFailedError) {
    const driver: { code?: unknown; constraint?: unknown; table?: unknown } = error.driverError;
    return { ...described, sqlState: driver.code, constraint: driver.constraint, table: driver.table };
  }
  return { ...described, message: scrub(error.message) };
}

/** Drops what is quoted, addresses and long digits: the places where an error repeats its input. */
export function scrub(message: string): string {
  return message
    .replace(/"[^"]*"?|«[^»]*»?|`[^`]*`/g, '"…"')
    .split(/(\s+)/)
    .map((word) => (word.includes('@') ? '…@…' : word))
    .join('')
    .replace(/\+?\d[\d .-]{5,}\d/g, '#');
}

/** Nest's own lines, and those of `new Logger('relay')`, in the same stream. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...more: unknown[]): void {
    this.write(ASSEMBLY.has(String(more.at(-1))) ? 'debug' : 'info', message, more);
  }
  error(message: unknown, ...more: unknown[]): void {
    this.write('error', message, more);
  }
  warn(message: unknown, ...more: unknown[]): void {
    this.write('warn', message, more);
  }
  debug(message: unknown, ...more: unknown[]): void {
    this.write('debug', message, more);
  }
  verbose(message: unknown, ...more: unknown[]): void {
    this.write('trace', message, more);
  }
  fatal(message: unknown, ...more: unknown[]): void {
    this.write('fatal', message, more);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal',
    message: unknown,
    more: unknown[],
  ): void {
    const words = more.filter((item) => typeof item === 'string');
    const context = words.at(-1);
    const sentence = typeof message === 'string' ? message : words.slice(0, -1).join(' ');
    const err = message instanceof Error ? message : more.find((item) => item instanceof Error);
    const fields =
      typeof message === 'object' && message !== null && !(message instanceof Error) ? message : {};
    this.logger[level](
      { ...fields, ...(context === undefined ? {} : { context }), ...(err === undefined ? {} : { err }) },
      scrub(sentence),
    );
  }
}
