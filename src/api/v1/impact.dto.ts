import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Habit } from '../../statistics/domain/effects/reports.js';
import { Id, LocalDate, Optional } from './fields.js';

export class ImpactQuery {
  /** Absent: every service that the key may see. */
  @Optional() @Id() readonly organizationId?: string | null;
  /** The whole months of these days are looked at; absent: no bound. */
  @Optional() @LocalDate() readonly from?: string | null;
  @Optional() @LocalDate() readonly to?: string | null;
}

export class IntervalAnswer {
  @ApiProperty({ description: 'difference of absence rates, as a share: -0.05 is five points less' })
  readonly value!: number;
  @ApiProperty({ description: 'bounds of the 95 % interval' }) readonly low!: number;
  @ApiProperty() readonly high!: number;
}

class RateAnswer extends IntervalAnswer {
  @ApiProperty() readonly missed!: number;
  @ApiProperty({ description: 'attended + missed + excused' }) readonly known!: number;
}

/** `kind` says which half is there: an estimate with its assumption, or a refusal with its reason. */
class FindingAnswer {
  @ApiProperty({ enum: ['estimate', 'refused'] }) readonly kind!: 'estimate' | 'refused';
  @ApiPropertyOptional({ description: 'refused: why, for programs', example: 'too-short' })
  readonly code?: string;
  @ApiPropertyOptional({ description: 'refused: why, one French sentence' }) readonly reason?: string;
  @ApiPropertyOptional() readonly value?: number;
  @ApiPropertyOptional({ description: 'bounds of the 95 % interval' }) readonly low?: number;
  @ApiPropertyOptional() readonly high?: number;
  @ApiPropertyOptional({ description: 'months it stands on' }) readonly months?: number;
  @ApiPropertyOptional({ description: 'outcomes it stands on' }) readonly outcomes?: number;
  @ApiPropertyOptional({ description: 'what must hold for it to be the effect, one French sentence' })
  readonly assumption?: string;
}

class NaiveAnswer extends FindingAnswer {
  @ApiPropertyOptional({ type: RateAnswer }) readonly before?: RateAnswer;
  @ApiPropertyOptional({ type: RateAnswer }) readonly after?: RateAnswer;
  @ApiPropertyOptional({ type: IntervalAnswer, description: 'as if outcomes were independent: too narrow' })
  readonly independent?: IntervalAnswer;
}

class PointAnswer {
  @ApiProperty({ example: '2026-04' }) readonly month!: string;
  @ApiProperty({ type: Number, nullable: true }) readonly observed!: number | null;
  @ApiProperty() readonly fitted!: number;
  @ApiProperty({ description: 'the same month without messages' }) readonly counterfactual!: number;
  @ApiProperty({ description: 'left out of the fit' }) readonly excluded!: boolean;
}

class InterruptedAnswer extends FindingAnswer {
  @ApiPropertyOptional() readonly monthsBefore?: number;
  @ApiPropertyOptional() readonly monthsAfter?: number;
  @ApiPropertyOptional({ type: [String], description: 'fewer than 98 % of outcomes known' })
  readonly excludedMonths?: readonly string[];
  @ApiPropertyOptional({ type: IntervalAnswer }) readonly level?: IntervalAnswer;
  @ApiPropertyOptional({ type: IntervalAnswer, description: 'share a month' })
  readonly slope?: IntervalAnswer;
  @ApiPropertyOptional() readonly autocorrelation?: number;
  @ApiPropertyOptional({ type: [PointAnswer] }) readonly points?: readonly PointAnswer[];
}

class HabitAnswer {
  @ApiProperty({ enum: ['excused', 'unknown', 'cancelled', 'volume'] }) readonly habit!: Habit;
  @ApiProperty() readonly before!: number;
  @ApiProperty() readonly after!: number;
  @ApiProperty({ description: 'in French' }) readonly sentence!: string;
}

class EventAnswer {
  @ApiProperty({ description: 'months since the start; negative: before' }) readonly sinceStart!: number;
  @ApiProperty({ type: IntervalAnswer }) readonly effect!: IntervalAnswer;
  @ApiProperty() readonly services!: number;
}

class PhaseAnswer {
  @ApiProperty({ enum: ['1-3', '4-6', '7+'], description: 'months since start, the first is 1' })
  readonly phase!: string;
  @ApiProperty({ type: IntervalAnswer }) readonly effect!: IntervalAnswer;
  @ApiProperty() readonly services!: number;
}

class BeforeAnswer {
  @ApiProperty({ description: 'joint test that nothing differed before' }) readonly pValue!: number;
}

class StaggeredAnswer extends FindingAnswer {
  @ApiPropertyOptional({ description: 'services with messages' }) readonly treated?: number;
  @ApiPropertyOptional({ description: 'services compared with' }) readonly comparisons?: number;
  @ApiPropertyOptional({ description: 'degrees of freedom of the interval' }) readonly freedom?: number;
  @ApiPropertyOptional({ type: [EventAnswer] }) readonly events?: readonly EventAnswer[];
  @ApiPropertyOptional({ type: [PhaseAnswer] }) readonly phases?: readonly PhaseAnswer[];
  @ApiPropertyOptional({ type: BeforeAnswer, nullable: true }) readonly before?: BeforeAnswer | null;
  @ApiPropertyOptional({ type: [HabitAnswer] }) readonly habits?: readonly HabitAnswer[];
}

class MonthAnswer {
  @ApiProperty({ example: '2026-04' }) readonly month!: string;
  @ApiProperty() readonly attended!: number;
  @ApiProperty() readonly missed!: number;
  @ApiProperty() readonly excused!: number;
  @ApiProperty() readonly cancelled!: number;
  @ApiProperty({ description: 'past and not marked' }) readonly unknown!: number;
  @ApiProperty({ enum: ['recorded', 'baseline'], description: 'baseline: imported counts of before' })
  readonly source!: 'recorded' | 'baseline';
}

class StartAnswer {
  @ApiProperty({ type: String, nullable: true }) readonly placeId!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly typeCode!: string | null;
  @ApiProperty() readonly startedOn!: string;
  @ApiProperty({ type: String, nullable: true }) readonly stoppedOn!: string | null;
}

class TargetAnswer {
  @ApiProperty({ description: '-0.3 is thirty per cent less' }) readonly relativeChange!: number;
  @ApiProperty() readonly fromOn!: string;
  @ApiProperty() readonly untilOn!: string;
}

class ServiceImpactAnswer {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ type: String, nullable: true, description: 'first whole month with messages, YYYY-MM' })
  readonly startedIn!: string | null;
  @ApiProperty({ type: [MonthAnswer] }) readonly months!: readonly MonthAnswer[];
  @ApiProperty({ type: [StartAnswer] }) readonly rollouts!: readonly StartAnswer[];
  @ApiProperty({ type: [TargetAnswer] }) readonly targets!: readonly TargetAnswer[];
  @ApiProperty({ type: NaiveAnswer }) readonly naive!: NaiveAnswer;
  @ApiProperty({ type: InterruptedAnswer }) readonly interrupted!: InterruptedAnswer;
  @ApiProperty({ type: [HabitAnswer], description: 'jumps at the start in what is recorded' })
  readonly habits!: readonly HabitAnswer[];
}

export class ImpactAnswer {
  @ApiProperty({ type: [ServiceImpactAnswer] }) readonly services!: readonly ServiceImpactAnswer[];
  @ApiProperty({ type: StaggeredAnswer, description: 'over all services answered' })
  readonly overall!: StaggeredAnswer;
}
