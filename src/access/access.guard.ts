import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Env } from '../../config/env.js';
import { enterScope, WORKER } from '../platform/scope.js';
import { Transaction } from '../platform/transaction.js';
import { Forbidden } from '../shared/domain-error.js';
import type { Actor } from './actor.js';
import { ALLOW, type Requirement } from './allow.decorator.js';
import type { CallerRequest } from './caller.decorators.js';
import { enterAs } from './enter-as.js';
import { cookieName, readCookie } from './cookies.js';
import { isInScope, scopeOf } from './domain/api-scopes.js';
import { may } from './domain/rights.js';
import { FormCheck, sameToken } from './form-check.js';
import { Identification } from './identification.port.js';
import { ForeignForm, Unauthenticated } from './refusals.js';
import { SessionRules } from './session-rules.js';

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Who calls, and may they? Asked before every route; a route that declares nothing is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly env: Env,
    private readonly reflector: Reflector,
    private readonly transaction: Transaction,
    private readonly identification: Identification,
    private readonly forms: FormCheck,
    private readonly sessionRules: SessionRules,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(ALLOW, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (requirement === undefined) throw new Forbidden('a route that nobody declared');
    const isApi = request.path.startsWith('/api/');
    const isForm = !isApi && CHANGES.has(request.method) && !request.path.startsWith('/hooks/');
    if (isForm && !this.forms.isSameSite(request)) throw new ForeignForm();
    if (requirement.kind === 'public') {
      if (requirement.isProven) enterScope(WORKER);
      return true;
    }
    request.actor = isApi ? await this.program(request, requirement) : await this.agent(request);
    enterAs(request.actor, typeof request.id === 'object' ? '' : String(request.id));
    await this.sessionRules.check(context, request);
    if (requirement.kind === 'action' && !may(request.actor, requirement.action))
      throw new Forbidden(requirement.action);
    return true;
  }

  private async program(request: CallerRequest, requirement: Requirement): Promise<Actor> {
    const key = request.get('Authorization')?.match(/^Bearer ([\w-]{1,200})$/i)?.[1];
    if (key === undefined) throw new Unauthenticated();
    const program = await this.transaction.run((tx) => this.identification.ofApiKey(tx, key), WORKER);
    if (program === undefined) throw new Unauthenticated();
    if (requirement.kind === 'action' && !isInScope(program.scopes, requirement.action))
      throw new Forbidden(`a scope of the key: ${scopeOf(requirement.action) ?? 'none'}`);
    return program.actor;
  }

  private async agent(request: CallerRequest): Promise<Actor> {
    const token = readCookie(request, cookieName(this.env, 'sid'));
    if (token === undefined) throw new Unauthenticated();
    const session = await this.transaction.run((tx) => this.identification.ofSession(tx, token), WORKER);
    if (session === undefined) throw new Unauthenticated();
    if (CHANGES.has(request.method)) takeHiddenFields(request, session.csrfToken);
    request.session = session;
    return session.actor;
  }
}

/** Takes both hidden fields out of the body, so that no DTO has to know them. @throws ForeignForm */
function takeHiddenFields(request: CallerRequest, csrfToken: string): void {
  const { _csrf: given, formToken, ...fields } = request.body as Record<string, unknown>;
  if (!sameToken(csrfToken, given)) throw new ForeignForm();
  if (typeof formToken === 'string' && /^[\w-]{8,100}$/.test(formToken)) request.formToken = formToken;
  request.body = fields;
}
