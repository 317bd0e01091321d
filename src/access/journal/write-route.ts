import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { currentRequest } from '../../platform/scope.js';
import { isUuid } from '../../shared/ids.js';
import type { JournalAct } from './journal-acts.js';

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Acts that are told when a write route changes something and says nothing of it itself. */
const routes = new WeakMap<object, JournalAct>();

/** The write route that is running and what it would tell; null for a route that reads, and outside of a request. */
export function currentWriteRoute(): JournalAct | null {
  const request = currentRequest();
  return request === null ? null : (routes.get(request) ?? null);
}

/**
 * Remembers, once the caller was let in, that a write route runs. An operator's hook is not an agent's act: what it
 * changes is told by the messages themselves.
 */
@Injectable()
export class WriteRoutes implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const running = currentRequest();
    if (running !== null && CHANGES.has(request.method) && !request.path.startsWith('/hooks/'))
      routes.set(running, actOf(request));
    return next.handle();
  }
}

/** The route's own pattern, never what stood in its place, and the ids that did. */
function actOf(request: Request): JournalAct {
  const { route } = request as Request & { route?: { path?: unknown } };
  const path = typeof route?.path === 'string' ? route.path : '';
  const id = Object.values(request.params)
    .filter((value) => typeof value === 'string')
    .find(isUuid);
  const isPerson = /^(\/api\/v1)?\/persons\/:/.test(path);
  return {
    action: 'route.written',
    ...(isPerson ? { personId: id } : { objectId: id }),
    detail: { route: `${request.method} ${path}` },
  };
}
