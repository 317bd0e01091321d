import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DECIDED_HOURS, needsAgent, whyPending } from '../domain/reach.js';
import { openTasks } from './open-tasks.js';
import { Gateways } from '../providers/gateways.js';
import { comingFacts } from './reach.query.js';
import { TellUnconfirmed } from './tell-unconfirmed.js';
import { untoldChanges } from './untold-changes.query.js';

/** Longer than the time between two runs: at four hours sharp, nobody is left undecided. */
const AHEAD_HOURS = 2 / 60;
/** What was booked or moved just now has this long to be told before an agent is asked. */
const SETTLED_SECONDS = 25;

/**
 * Four hours before each appointment: whoever is not told by then, by a proof of it, becomes an agent's task, so that
 * each is reached, a task, or what an agent found: a refusal, nobody to be reached. The same before an hour that is off,
 * while what says so is overdue. A day before, what nobody confirmed goes by e-mail.
 */
@Injectable()
export class CheckReach {
  constructor(
    private readonly gateways: Gateways,
    private readonly tellUnconfirmed: TellUnconfirmed,
  ) {}

  async execute(tx: EntityManager): Promise<undefined> {
    const { mailIsOn } = this.gateways;
    const within = { hours: DECIDED_HOURS + AHEAD_HOURS, settledSeconds: SETTLED_SECONDS, mailIsOn };
    const left = (await comingFacts(tx, within)).filter(needsAgent);
    await openTasks(
      tx,
      left.map((facts) => ({
        kind: 'reach-otherwise',
        reason: whyPending(facts),
        personId: facts.personId,
        convocationId: facts.convocationId,
        messageId: null,
      })),
    );
    await openTasks(tx, await untoldChanges(tx, within));
    if (mailIsOn) await this.tellUnconfirmed.execute(tx);
    return undefined;
  }
}
