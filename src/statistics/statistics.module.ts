import { Module } from '@nestjs/common';
import { ChangeUnitCosts } from './change-unit-costs.js';
import { FoldAttendance } from './fold-attendance.js';
import { FoldBreakdowns } from './fold-breakdowns.js';
import { PublishFigures } from './publish-figures.js';

const PROVIDERS = [ChangeUnitCosts, FoldAttendance, FoldBreakdowns, PublishFigures];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class StatisticsModule {}
