import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { CallerRequest } from '../access/caller.decorators.js';
import type { PageSession } from '../access/identification.port.js';
import { Unauthenticated } from '../access/refusals.js';
import { Idempotency, requestHash } from '../platform/idempotency.js';
import { STATUS } from '../platform/problem-json.filter.js';
import { Transaction } from '../platform/transaction.js';
import { DomainError } from '../shared/domain-error.js';
import type { Problems } from '../ui/forms.js';
import { problemsOf } from '../ui/refusals.js';

/** Runs what a form asks for in one transaction, once per rendered form: a double click acts once. */
@Injectable()
export class PageWrites {
  constructor(
    private readonly transaction: Transaction,
    private readonly idempotency: Idempotency,
  ) {}

  /** @param work returns the address to go to next; it holds no personal data */
  async run(
    request: CallerRequest,
    work: (tx: EntityManager, actor: Actor) => Promise<string>,
  ): Promise<string> {
    const { actor, formToken } = request;
    if (actor?.agentId == null) throw new Unauthenticated();
    if (formToken === undefined) return this.transaction.run((tx) => work(tx, actor));
    const asked = {
      caller: `agent:${actor.agentId}`,
      key: formToken,
      requestHash: requestHash(`${request.method} ${request.path}`, request.body),
    };
    const answer = await this.transaction.run((tx) =>
      this.idempotency.run(tx, asked, async () => ({ status: 303, body: await work(tx, actor) })),
    );
    return typeof answer.body === 'string' ? answer.body : '/';
  }

  /** Runs it and goes on; refused, answers its page again. @param again the page with what was refused */
  async answer(
    request: CallerRequest,
    response: Response,
    work: (tx: EntityManager, actor: Actor) => Promise<string>,
    again: (session: PageSession, actor: Actor, problems: Problems) => Promise<string>,
  ): Promise<void> {
    try {
      response.redirect(303, await this.run(request, work));
    } catch (error) {
      const problems = refusalOf(error, response);
      const { session, actor } = request;
      if (session === undefined || actor === undefined) throw error;
      response.type('html').send(await again(session, actor, problems));
    }
  }
}

/**
 * What a refused form has to say; sets the status of the answer.
 * @throws the error itself when no form can mend it
 */
export function refusalOf(error: unknown, response: Response): Problems {
  const problems = problemsOf(error);
  if (problems === undefined || !(error instanceof DomainError)) throw error;
  response.status(STATUS[error.code] ?? 400);
  return problems;
}
