import type { Server } from 'node:http';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Env } from '../../config/env.js';
import { Forbidden, ValidationFailed } from '../shared/domain-error.js';
import { requestLog } from './log.js';
import { multipartForms } from './multipart.js';
import { asRequest } from './scope.js';

const BODY_LIMIT = '64kb';
const HOOK_BODY_LIMIT = '16kb';
/** Counts of before: one line per appointment of several years. */
const UPLOAD_LIMIT = 2_500_000;
/** No body of the interface has more than four. */
const MOST_LEVELS = 20;
const HSTS_SECONDS = 365 * 24 * 3600;
/** Nothing of the kind is used; a script that came in could not either. */
const PERMISSIONS = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((name) => `${name}=()`)
  .join(', ');

/** Milliseconds in which a whole request, and its headers, must have come; a slow sender holds a connection no longer. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
/** Longer than a proxy keeps an idle connection (nginx: 60 s), so that none is closed just as a request sets out on it. */
const IDLE_MS = 75_000;

/**
 * The server that the application is built on. Guards tell pages from the API by how an address begins: another
 * spelling of it must lead nowhere. Said before anything is used: the router reads it once, at its first use.
 */
export function strictServer(): ExpressAdapter {
  const server = express();
  server.set('case sensitive routing', true);
  return new ExpressAdapter(server);
}

/** What surrounds every request, in order: scope, log, headers, body, and the scope again. */
export function surroundRequests(app: NestExpressApplication, env: Readonly<Env>, log: Logger): void {
  app.set('trust proxy', env.TRUST_PROXY);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(ofNobody, requestLog(log), securityHeaders(env), neverStored, noPermissions);
  boundConnections(app.getHttpServer());
  app.use('/hooks', express.urlencoded({ extended: false, limit: HOOK_BODY_LIMIT, parameterLimit: 200 }));
  app.use(onlyUtf8);
  app.use('/api', express.json({ limit: BODY_LIMIT }), requireJsonObject);
  app.use('/rollouts/baseline', multipartForms(UPLOAD_LIMIT));
  app.use('/agents/import', multipartForms(UPLOAD_LIMIT));
  app.use(express.urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: 1000 }), emptyBody);
  app.use('/hooks/twilio', unsignedBody, readableAddress);
  // Readers of bodies call on from events of the socket, which know nothing of the request.
  app.use(ofNobody);
}

/** Until the guard knows who calls, a request sees no row about anybody. */
function ofNobody(request: Request, _response: Response, next: NextFunction): void {
  asRequest(request, next);
}

/** `same-origin` and not `no-referrer`: the latter makes browsers post forms with `Origin: null`. */
function securityHeaders(env: Readonly<Env>): RequestHandler {
  const https = env.PUBLIC_BASE_URL.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: https ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
}

/** Headers above 16 kB are refused by Node itself. */
function boundConnections(server: Server): void {
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = HEADERS_MS;
  server.keepAliveTimeout = IDLE_MS;
}

/** Bytes that mean something else in another character set pass filters that others apply. Hooks are read before. */
function onlyUtf8(request: Request, _response: Response, next: NextFunction): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(request.get('Content-Type') ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) next();
  else next(new ValidationFailed([{ field: 'body', code: 'charset', message: 'UTF-8 is expected' }]));
}

function noPermissions(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Permissions-Policy', PERMISSIONS);
  next();
}

/** A request without a body we read has an empty one: handlers never meet undefined. */
function emptyBody(request: Request, _response: Response, next: NextFunction): void {
  request.body ??= {};
  next();
}

/** A callback whose body cannot be read is one with nothing in it: its signature is looked at, and does not fit. */
function unsignedBody(_error: unknown, request: Request, _response: Response, next: NextFunction): void {
  request.body = {};
  next();
}

/** An address that is no text was signed by nobody. */
function readableAddress(request: Request, _response: Response, next: NextFunction): void {
  try {
    decodeURIComponent(request.path);
    next();
  } catch {
    next(new Forbidden('callback at an address that cannot be read'));
  }
}

/** Nearly everything is personal; style sheets and scripts say otherwise themselves. */
function neverStored(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** A program that writes sends one JSON object, and says so. An absent body is an empty object. */
function requireJsonObject(request: Request, _response: Response, next: NextFunction): void {
  const body: unknown = request.body;
  const given = body !== undefined || hasBody(request);
  if (given && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    const message = 'a JSON object is expected, with content type application/json';
    next(new ValidationFailed([{ field: 'body', code: 'content-type', message }]));
  } else if (isDeep(body)) {
    next(new ValidationFailed([{ field: 'body', code: 'depth', message: `at most ${MOST_LEVELS} levels` }]));
  } else next();
}

/** Level by level and not by recursion: what is nested thousands of times would exhaust the stack of whoever reads it. */
function isDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; depth < MOST_LEVELS; depth++) {
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

function hasBody(request: Request): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}
