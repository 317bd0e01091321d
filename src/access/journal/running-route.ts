import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { currentRequest } from '../../platform/scope.js';
import { isUuid } from '../../shared/ids.js';
import type { JournalAction } from '../domain/journal-actions.js';

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const TELLS = 'journal:tells';

/** This route is told to the journal each time it answers, though it changes nothing: an export. */
export const Tells = (action: JournalAction) => SetMetadata(TELLS, action);

/** What the journal knows of the route that is running. */
export interface RunningRoute {
  /** Its pattern, never what stood in its place: `GET /persons/:id`. */
  readonly name: string;
  /** An operator's hook is not an agent's act: what it changes is told by the messages themselves. */
  readonly writes: boolean;
  /** The id in its address. */
  readonly id: string | null;
  readonly isAboutPerson: boolean;
  /** What is still to be told of it. */
  untold: JournalAction | null;
}

const routes = new WeakMap<object, RunningRoute>();

/** Null outside of a request, and before its caller was let in. */
export function runningRoute(): RunningRoute | null {
  const request = currentRequest();
  return request === null ? null : (routes.get(request) ?? null);
}

/** Remembers which route runs, once the guards let its caller in. */
@Injectable()
export class RememberRoute implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const running = currentRequest();
    if (running !== null) {
      const tells = this.reflector.get<JournalAction | undefined>(TELLS, context.getHandler());
      routes.set(running, routeOf(context.switchToHttp().getRequest<Request>(), tells ?? null));
    }
    return next.handle();
  }
}

function routeOf(request: Request, untold: JournalAction | null): RunningRoute {
  const met = request.route as { path?: unknown } | undefined;
  const path = typeof met?.path === 'string' ? met.path : '';
  const ids = Object.values(request.params).filter((value) => typeof value === 'string');
  return {
    name: `${request.method} ${path}`,
    writes: CHANGES.has(request.method) && !request.path.startsWith('/hooks/'),
    id: ids.find(isUuid) ?? null,
    isAboutPerson: /^(\/api\/v1)?\/persons\/:/.test(path),
    untold,
  };
}
