import { Module } from '@nestjs/common';
import { ChangeUnitCosts } from './change-unit-costs.js';
import { FoldBreakdowns } from './fold-breakdowns.js';
import { PublishFigures } from './publish-figures.js';

const PROVIDERS = [ChangeUnitCosts, FoldBreakdowns, PublishFigures];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class StatisticsModule {}
