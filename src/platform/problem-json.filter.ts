import { STATUS_CODES } from 'node:http';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Optional,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { DomainError, type FieldError, ValidationFailed } from '../shared/domain-error.js';
import { LOG } from './log.js';
import { PageInstead, RateLimited, SeeOther } from './refusals.js';
import { RefusalPage } from './refusal-page.js';
import { isDatabaseGone } from './database.js';
import { CannotOpen } from './sealing.js';
import { sqlState } from './transaction.js';

/** Status of each code of the public contract; the only place where both vocabularies meet. */
export const STATUS: Readonly<Record<string, number>> = {
  validation: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'slot-full': 409,
  'slot-closed': 409,
  'illegal-transition': 409,
  'too-early': 409,
  'too-late': 409,
  'duplicate-person': 409,
  conflict: 409,
  'idempotency-conflict': 409,
  'person-archived': 409,
  'in-the-past': 422,
  'too-far-ahead': 422,
  'closed-day': 422,
  'nonexistent-local-time': 422,
  'phone-invalid': 422,
  'type-not-allowed': 422,
  'rate-limited': 429,
};

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly field?: string;
  readonly retryAfterSeconds?: number;
}

const FAULT: Answer = { status: 500, code: 'internal' };
const OVERLOADED: Answer = { status: 503, code: 'unavailable', retryAfterSeconds: 2 };
/** Not for this process to mend: `/health/ready` says the same until it is restarted with the key. */
const KEY_MISSING: Answer = {
  status: 503,
  code: 'key-missing',
  detail: 'this process lacks the key of what it must read',
};
/** lock_not_available, query_canceled, too_many_connections, cannot_connect_now, admin_shutdown */
const OVERLOAD_STATES = new Set(['55P03', '57014', '53300']);
const PROGRAMS = /^\/(api|hooks|health|metrics)(\/|$)/;

/** Every refusal and every fault leaves through here: a problem for programs, a page for people. */
@Catch()
export class ProblemJsonFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    @Optional() private readonly page?: RefusalPage,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const answer = answerTo(error);
    if (answer.status >= 500) this.log.error({ err: error, requestId: idOf(response) }, 'fault');
    if (response.headersSent) {
      response.end();
      return;
    }
    response.setHeader('Cache-Control', 'no-store');
    if (error instanceof SeeOther) {
      goTo(error.location, request, response);
      return;
    }
    if (error instanceof PageInstead) {
      response.status(401).type('html').send(error.html);
      return;
    }
    if (answer.retryAfterSeconds !== undefined)
      response.setHeader('Retry-After', String(answer.retryAfterSeconds));
    if (this.page === undefined || PROGRAMS.test(request.path)) sendProblem(response, answer);
    else sendPage(this.page, request, response, answer);
  }
}

/** What the caller is told: never a stack, never SQL, nothing of an error that we did not write ourselves. */
export function answerTo(error: unknown): Answer {
  if (error instanceof DomainError) return domainAnswer(error);
  if (error instanceof HttpException) return httpAnswer(error.getStatus());
  const state = sqlState(error);
  if (state?.startsWith('22') === true) return invalid('value', 'not a possible value');
  if (state !== undefined && OVERLOAD_STATES.has(state)) return OVERLOADED;
  if (isDatabaseGone(error)) return OVERLOADED;
  if (error instanceof CannotOpen && error.reason === 'unknown-key') return KEY_MISSING;
  return bodyAnswer(error) ?? FAULT;
}

function domainAnswer(error: DomainError): Answer {
  const status = STATUS[error.code];
  if (status === undefined) return FAULT;
  return {
    status,
    code: error.code,
    detail: error.message,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error instanceof ValidationFailed ? { errors: error.errors } : {}),
    ...(error instanceof RateLimited ? { retryAfterSeconds: error.retryAfterSeconds } : {}),
  };
}

/** Refusals of the framework itself: no such route, unreadable path. */
function httpAnswer(status: number): Answer {
  if (status === 404 || status === 405) return { status: 404, code: 'not-found', detail: 'no such address' };
  if (status === 401 || status === 403)
    return { status, code: status === 401 ? 'unauthenticated' : 'forbidden' };
  return status < 500 ? invalid('malformed', 'the request cannot be read') : FAULT;
}

/** Errors of the body parser: too large, cut short, not what its header says. */
function bodyAnswer(error: unknown): Answer | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) return invalid('too-large', 'the body is too large');
  return error.status >= 400 && error.status < 500
    ? invalid('malformed', 'the body cannot be read')
    : undefined;
}

function invalid(code: string, message: string): Answer {
  return { status: 400, code: 'validation', detail: message, errors: [{ field: 'body', code, message }] };
}

function sendPage(page: RefusalPage, request: Request, response: Response, answer: Answer): void {
  if (answer.status === 401) {
    sendToSignIn(request, response);
    return;
  }
  const { status, code, retryAfterSeconds } = answer;
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const html = page.render({ path: request.path, status, code, requestId: idOf(response), ...wait });
  response.status(status).type('html').send(html);
}

function sendProblem(response: Response, { status, code, detail, errors, field }: Answer): void {
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: status >= 500 ? 'about:blank' : `/problems/${code}`,
        title: status >= 500 ? STATUS_CODES[status] : code,
        status,
        code,
        detail,
        field,
        errors,
        instance: `urn:uuid:${idOf(response)}`,
      }),
    );
}

/** Back to where the agent was going, when that is a page that can be asked for again. */
function sendToSignIn(request: Request, response: Response): void {
  const target = request.method === 'GET' ? request.originalUrl : '/';
  const address = target === '/' ? '/sign-in' : `/sign-in?returnTo=${encodeURIComponent(target)}`;
  goTo(address, request, response);
}

function goTo(address: string, request: Request, response: Response): void {
  if (request.get('HX-Request') === 'true') response.setHeader('HX-Redirect', address).status(401).end();
  else response.redirect(303, address);
}

function idOf(response: Response): string {
  const id = response.getHeader('X-Request-Id');
  return typeof id === 'string' ? id : '';
}
