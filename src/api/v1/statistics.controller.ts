import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor } from '../../access/caller.decorators.js';
import { Transaction } from '../../platform/transaction.js';
import { attendance, visibleOrganization } from '../../statistics/attendance.query.js';
import { impactOf } from '../../statistics/impact.query.js';
import { ImpactAnswer, ImpactQuery } from './impact.dto.js';
import { impactAnswer } from './impact.view.js';
import { Documented } from './openapi.js';
import { AttendanceAnswer, AttendanceQuery } from './statistics.dto.js';

const EVER = { from: '1900-01-01', to: '2200-12-31' } as const;

@ApiTags('statistics')
@Documented()
@Controller('api/v1/statistics')
export class StatisticsController {
  constructor(private readonly transaction: Transaction) {}

  @Allow('statistics.read')
  @Get('attendance')
  @ApiOkResponse({ type: [AttendanceAnswer] })
  async attendance(
    @CurrentActor() actor: Actor,
    @Query() query: AttendanceQuery,
  ): Promise<AttendanceAnswer[]> {
    const { organizationId } = query;
    const period = { from: query.from ?? EVER.from, to: query.to ?? EVER.to };
    const request = { organizationId, ...period, groupBy: query.groupBy ?? 'month' } as const;
    const rows = await this.transaction.run((tx) => attendance(tx, actor, request));
    return rows.map(({ key, attended, missed, excused, cancelled, unknown, absenceRate }) => ({
      ...{ key, attended, missed, excused, cancelled, unknown, absenceRate },
    }));
  }

  /** Effect of the messages on absence, each with its interval and assumption, or the reason why there is none. */
  @Allow('statistics.read')
  @Get('impact')
  @ApiOkResponse({ type: ImpactAnswer })
  impact(@CurrentActor() actor: Actor, @Query() query: ImpactQuery): Promise<ImpactAnswer> {
    const [from, to] = [query.from ?? EVER.from, query.to ?? EVER.to].map((day) => day.slice(0, 7));
    return this.transaction.run(async (tx) => {
      const { organizationId } = query;
      const organizationIds =
        organizationId == null ? undefined : [await visibleOrganization(tx, actor, organizationId)];
      return impactAnswer(await impactOf(tx, actor, { organizationIds, from: from ?? '', to: to ?? '' }));
    });
  }
}
