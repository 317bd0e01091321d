import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isWhole } from '../../shared/whole-number.js';
import { type ReplanAnswer, ReplanMessages, undoneWhen } from './replan-messages.js';
import { OPERATORS, type RoutedOperator, TERRITORIES } from './territory.queries.js';

export interface ChangeTerritoryCommand {
  readonly territory: string;
  /** First route of its numbers; null: the order of `SMS_PROVIDERS`. */
  readonly operator: RoutedOperator | null;
  /** Telephones there are seldom in reach: reminders leave earlier, the operator tries longer. */
  readonly hasPoorCoverage: boolean;
  /** Hours by the wall clock, where coverage is poor. */
  readonly earlierHours: number;
  /** Says what it would change and leaves nothing behind. */
  readonly isDryRun: boolean;
}

export const MOST_EARLIER_HOURS = 48;

/** How the numbers of a territory are served; what is not yet sent to them is planned again. */
@Injectable()
export class ChangeTerritory {
  constructor(private readonly replan: ReplanMessages) {}

  /** @throws Forbidden by role, NotFound (no such territory), ValidationFailed */
  async execute(tx: EntityManager, command: ChangeTerritoryCommand, actor: Actor): Promise<ReplanAnswer> {
    if (!isAllowed(actor.role, 'territory.manage')) throw new Forbidden('territory.manage');
    refuseShape(command);
    const { territory, isDryRun } = command;
    return undoneWhen(isDryRun, tx, async () => {
      await store(tx, command, actor);
      return this.replan.execute(tx, { organizationId: null, typeCode: null, territory, isDryRun });
    });
  }
}

function refuseShape({ territory, operator, hasPoorCoverage, earlierHours }: ChangeTerritoryCommand): void {
  if (!TERRITORIES.some(({ code }) => code === territory)) throw new NotFound('territory');
  if (operator !== null && !OPERATORS.includes(operator))
    throw new ValidationFailed([{ field: 'operator', code: 'isIn', message: OPERATORS.join(', ') }]);
  if (!isWhole(earlierHours, { least: 0, most: MOST_EARLIER_HOURS }))
    throw new ValidationFailed([
      { field: 'earlierHours', code: 'range', message: `from 0 to ${MOST_EARLIER_HOURS}` },
    ]);
  if (hasPoorCoverage && earlierHours === 0)
    throw new ValidationFailed([
      { field: 'earlierHours', code: 'none', message: 'poor coverage needs an hour at least' },
    ]);
}

async function store(
  tx: EntityManager,
  { territory, operator, hasPoorCoverage, earlierHours }: ChangeTerritoryCommand,
  actor: Actor,
): Promise<void> {
  await tx.query(
    `INSERT INTO territory_setting (territory, operator, poor_coverage, earlier_hours, updated_by_agent_id)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (territory) DO UPDATE SET operator = excluded.operator, poor_coverage = excluded.poor_coverage,
       earlier_hours = excluded.earlier_hours, updated_at = app_now(), updated_by_agent_id = excluded.updated_by_agent_id`,
    [territory, operator, hasPoorCoverage, earlierHours, actor.agentId],
  );
}
