import { Module } from '@nestjs/common';
import { PublishFigures } from './publish-figures.js';

const PROVIDERS = [PublishFigures];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class StatisticsModule {}
