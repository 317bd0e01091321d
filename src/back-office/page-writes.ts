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

/** What a form asks for. @returns the address to go to next; it holds no personal data */
export type Work = (tx: EntityManager, actor: Actor) => Promise<string>;

/** The page of a form that was refused. @param error the refusal, for a page with sentences of its own */
export type Again = (
  session: PageSession,
  actor: Actor,
  problems: Problems,
  error: unknown,
) => Promise<string> | string;

/** Runs what a form asks for in one transaction, once per rendered form: a double click acts once. */
@Injectable()
export class PageWrites {
  constructor(
    private readonly transaction: Transaction,
    private readonly idempotency: Idempotency,
  ) {}

  /** Runs it and goes on; refused, answers its page again. */
  answer(request: CallerRequest, response: Response, work: Work, again: Again): Promise<void> {
    return this.attempt(request, response, () => this.follow(request, response, work), again);
  }

  /** Runs it and goes on: for a button that no typing could mend. */
  async follow(request: CallerRequest, response: Response, work: Work): Promise<void> {
    response.redirect(303, await this.run(request, work));
  }

  /**
   * Runs it and answers with a page that shows what stands nowhere else: a key, a secret, a link. The same form sent
   * again only goes on, and so does work that leaves nothing to show.
   */
  answerOnce<T>(
    request: CallerRequest,
    response: Response,
    work: (tx: EntityManager, actor: Actor) => Promise<{ readonly next: string; readonly shown: T | null }>,
    page: (session: PageSession, shown: T, next: string) => Promise<string> | string,
    again: Again,
  ): Promise<void> {
    const act = async () => {
      const made: { shown: T | null } = { shown: null };
      // A retry starts over: what an undone attempt made is shown to nobody.
      const begin = () => (made.shown = null);
      const make: Work = async (tx, actor) => {
        const done = await work(tx, actor);
        made.shown = done.shown;
        return done.next;
      };
      const next = await this.run(request, make, begin);
      if (made.shown === null) response.redirect(303, next);
      else response.type('html').send(await page(sessionOf(request), made.shown, next));
    };
    return this.attempt(request, response, act, again);
  }

  /** Answers with a page that writes nothing and may refuse what was typed. */
  preview(
    request: CallerRequest,
    response: Response,
    page: () => Promise<string>,
    again: Again,
  ): Promise<void> {
    const act = async () => void response.type('html').send(await page());
    return this.attempt(request, response, act, again);
  }

  /** Answers the page again, as typed: what the Enter key asks for where no button was chosen. */
  async again(request: CallerRequest, response: Response, page: Again): Promise<void> {
    const session = sessionOf(request);
    response.type('html').send(await page(session, session.actor, [], null));
  }

  /**
   * Refused, answers the page again.
   * @param act answers by itself when nothing is refused
   * @throws what no form can mend
   */
  async attempt(
    request: CallerRequest,
    response: Response,
    act: () => Promise<void>,
    again: Again,
  ): Promise<void> {
    try {
      await act();
    } catch (error) {
      const problems = refusalOf(error, response);
      const session = sessionOf(request);
      response.type('html').send(await again(session, session.actor, problems, error));
    }
  }

  /** @param begin before each attempt of the transaction */
  private async run(
    request: CallerRequest,
    work: Work,
    begin: () => unknown = () => undefined,
  ): Promise<string> {
    const { actor, formToken } = request;
    if (actor?.agentId == null) throw new Unauthenticated();
    if (formToken === undefined)
      return this.transaction.run((tx) => {
        begin();
        return work(tx, actor);
      });
    const asked = {
      caller: `agent:${actor.agentId}`,
      key: formToken,
      requestHash: requestHash(`${request.method} ${request.path}`, request.body),
    };
    const answer = await this.transaction.run((tx) => {
      begin();
      return this.idempotency.run(tx, asked, async () => ({ status: 303, body: await work(tx, actor) }));
    });
    return typeof answer.body === 'string' ? answer.body : '/';
  }
}

function sessionOf({ session }: CallerRequest): PageSession {
  if (session === undefined) throw new Unauthenticated();
  return session;
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
