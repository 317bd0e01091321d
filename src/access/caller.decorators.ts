import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from './actor.js';
import type { PageSession } from './identification.port.js';

/** What the guard leaves on a request. */
export interface CallerRequest extends Request {
  actor?: Actor;
  session?: PageSession;
  /** One per rendered form: makes a form that is sent twice act once. */
  formToken?: string;
}

const from = (read: (request: CallerRequest) => unknown) =>
  createParamDecorator((_data: unknown, context: ExecutionContext): unknown =>
    read(context.switchToHttp().getRequest<CallerRequest>()),
  );

/** Who acts; never undefined on a route that is not `@Public()`. */
export const CurrentActor = from((request) => request.actor);

/** The agent's session, on pages that are not `@Public()`. */
export const CurrentSession = from((request) => request.session);
