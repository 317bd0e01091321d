import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsQuery } from './metrics.query.js';
import { ReadinessQuery } from './readiness.query.js';

/** What those who run the service look at; served by every process, workers included. */
@Module({ controllers: [HealthController, MetricsController], providers: [MetricsQuery, ReadinessQuery] })
export class OperationsModule {}
