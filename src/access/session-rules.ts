import { type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Env } from '../../config/env.js';
import { PageInstead, SeeOther } from '../platform/refusals.js';
import { Forbidden } from '../shared/domain-error.js';
import type { CallerRequest } from './caller.decorators.js';
import { cookieName, readCookie } from './cookies.js';
import { type SessionStep, STEP_PAGES } from './domain/session-steps.js';
import { FRESH, PROOF_FIELD, PROOF_PAGE, ProofCheck, ProofPage } from './fresh-sign-in.js';
import { mayUnderAnotherName } from './domain/under-another-name.js';
import type { PageSession } from './identification.port.js';
import { LIMITED } from './limited.decorator.js';
import { OPEN_DURING } from './open-during.decorator.js';

/** What a session must have done before this route: its pending step, and a recent proof where the route asks for one. */
@Injectable()
export class SessionRules {
  constructor(
    private readonly env: Env,
    private readonly reflector: Reflector,
    private readonly proofs: ProofCheck,
    @Optional() private readonly page?: ProofPage,
  ) {}

  /** @throws SeeOther or PageInstead when something else comes first */
  async check(context: ExecutionContext, request: CallerRequest): Promise<void> {
    const { session } = request;
    if (session === undefined) return;
    const declared = [context.getHandler(), context.getClass()];
    if (session.impersonation !== null) {
      const isExport = this.reflector.getAllAndOverride<string | undefined>(LIMITED, declared) === 'export';
      if (!mayUnderAnotherName({ method: request.method, path: request.path, isExport }))
        throw new Forbidden('under another name');
    }
    const open = this.reflector.getAllAndOverride<readonly SessionStep[] | undefined>(OPEN_DURING, declared);
    const step = session.pendingStep;
    if (step !== null && open?.includes(step) !== true)
      throw new SeeOther(withReturn(STEP_PAGES[step], request));
    const asksProof = this.reflector.getAllAndOverride<boolean | undefined>(FRESH, declared) === true;
    if (asksProof) await this.askProof(request, session);
  }

  private async askProof(request: CallerRequest, session: PageSession): Promise<void> {
    const { [PROOF_FIELD]: proof, ...fields } = request.body as Record<string, unknown>;
    request.body = fields;
    if (session.isFresh) return;
    if (request.method === 'GET' || this.page === undefined)
      throw new SeeOther(withReturn(PROOF_PAGE, request));
    const given = typeof proof === 'string' && proof !== '';
    if (given && (await this.isRight(request, proof))) return;
    const hidden = { _csrf: session.csrfToken, ...fields, ...tokenField(request) };
    const held = { session, action: request.originalUrl, fields: hidden, proofWasWrong: given };
    throw new PageInstead(this.page.render(held));
  }

  private isRight(request: CallerRequest, proof: string): Promise<boolean> {
    const token = readCookie(request, cookieName(this.env, 'sid')) ?? '';
    const deviceToken = readCookie(request, cookieName(this.env, 'device'));
    return this.proofs.prove({ token, proof, address: request.ip ?? '', deviceToken });
  }
}

function tokenField({ formToken }: CallerRequest): Record<string, string> {
  return formToken === undefined ? {} : { formToken };
}

/** Where the agent was going, when that can be asked for again. */
function withReturn(page: string, request: CallerRequest): string {
  const goesBack = request.method === 'GET' && request.originalUrl !== '/';
  return goesBack ? `${page}?returnTo=${encodeURIComponent(request.originalUrl)}` : page;
}
