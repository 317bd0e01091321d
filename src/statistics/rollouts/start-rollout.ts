import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock.js';
import { scopeOf } from './domain/rollout.js';
import { addRow, lockService, refused, scopeColumns } from './register-store.js';

export interface StartRolloutCommand {
  readonly organizationId: string;
  /** As `scopeText` writes it. */
  readonly scope: string;
  /** First day with messages; it may be to come. `YYYY-MM-DD`. */
  readonly startedOn: string;
  readonly note: string;
}

/** Writes down that the service begins: everywhere, at a place, for a type or with an agent. */
@Injectable()
export class StartRollout {
  constructor(private readonly clock: Clock) {}

  /** @returns id of the row. @throws Forbidden, NotFound, ValidationFailed (`startedOn:overlap` when it is covered) */
  async execute(tx: EntityManager, command: StartRolloutCommand, actor: Actor): Promise<string> {
    const { organizationId, startedOn, note } = command;
    const today = await lockService(tx, organizationId, actor, await this.clock.now(tx));
    const scope = scopeOf(command.scope);
    if (scope === undefined) throw refused('scope', 'unknown');
    const columns = await scopeColumns(tx, organizationId, scope);
    return addRow(tx, { organizationId, ...columns, startedOn, stoppedOn: null, note }, actor, today);
  }
}
