import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { CallerRequest } from '../../access/caller.decorators.js';
import { PageWrites } from '../page-writes.js';
import { AgentPages, type CardState } from './agents.view.js';

export interface CardForm {
  readonly agentId: string;
  /** Names the sentence the card shows once it is done. */
  readonly done: string;
  /** What was typed, shown again when it is refused. */
  readonly typed?: Pick<CardState, 'absence'>;
}

/** What the forms on the card of an agent do: back to the card, done or with what is wrong. */
@Injectable()
export class CardWrites {
  constructor(
    private readonly writes: PageWrites,
    private readonly pages: AgentPages,
  ) {}

  answer(
    request: CallerRequest,
    response: Response,
    { agentId, done, typed = {} }: CardForm,
    work: (tx: EntityManager, actor: Actor) => Promise<unknown>,
  ): Promise<void> {
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await work(tx, actor);
        return `/agents/${agentId}?done=${done}`;
      },
      (session, actor, problems) => this.pages.card(session, actor, agentId, { ...typed, problems }),
    );
  }
}
