import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type NumberMove, NumberMoves } from '../../persons/number-moves.port.js';
import { elevated } from '../../platform/elevated.js';
import { SendingRules } from '../sending/sending-rules.js';
import { changesToCome } from './changes-to-come.js';
import { written } from './plan-changes.js';

const EARLIER = (territory: string) =>
  `coalesce((SELECT earlier_hours FROM territory_setting WHERE territory = ${territory} AND poor_coverage), 0)`;

/** Reminders leave earlier where coverage is poor: with another number they are planned again when that differs. */
@Injectable()
export class ReplanMovedNumber extends NumberMoves {
  constructor(private readonly rules: SendingRules) {
    super();
  }

  /** What a person is told hangs on all their convocations, whichever service keeps them. */
  moved(tx: EntityManager, move: NumberMove): Promise<void> {
    return elevated(tx, () => this.replan(tx, move));
  }

  private async replan(tx: EntityManager, { personId, from, to }: NumberMove): Promise<void> {
    const which = `c.person_id = $1 AND ${EARLIER('$2::text')} <> ${EARLIER('$3::text')}`;
    await written(tx, await changesToCome(tx, this.rules, which, [personId, from, to]));
  }
}
