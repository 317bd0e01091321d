import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';
import { AccessGuard } from './access/access.guard.js';
import { AccessModule } from './access/access.module.js';
import { Identification } from './access/identification.port.js';
import { AgentsModule } from './agents/agents.module.js';
import { IdentifyCaller } from './agents/identify-caller.js';
import { HooksModule } from './api/hooks/hooks.module.js';
import { OperationsModule } from './api/operations/operations.module.js';
import { ApiV1Module } from './api/v1/api-v1.module.js';
import { BackOfficeModule } from './back-office/back-office.module.js';
import { ConvocationsModule } from './convocations/convocations.module.js';
import { MessagePlanner } from './convocations/message-planner.port.js';
import { ENTITIES } from './entities.js';
import { Housekeeping } from './housekeeping.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { PlanMessages } from './notifications/plans/plan-messages.js';
import { OrganizationsModule } from './organizations/organizations.module.js';
import { PersonsModule } from './persons/persons.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { ProblemJsonFilter } from './platform/problem-json.filter.js';
import { closedShapes, StorableTextPipe } from './platform/validation.js';
import { PublicSiteModule } from './public-site/public-site.module.js';
import { StatisticsModule } from './statistics/statistics.module.js';

/** What lower features ask of higher ones: each port meets its implementation here. */
@Global()
@Module({
  imports: [AgentsModule, NotificationsModule],
  providers: [
    { provide: Identification, useExisting: IdentifyCaller },
    { provide: MessagePlanner, useExisting: PlanMessages },
  ],
  exports: [Identification, MessagePlanner],
})
class PortsModule {}

const FEATURES = [
  OrganizationsModule,
  AgentsModule,
  PersonsModule,
  ConvocationsModule,
  NotificationsModule,
  StatisticsModule,
];

/** Screens and routes; a worker process serves none of them. */
const WEB: readonly Type[] = [ApiV1Module, HooksModule, BackOfficeModule, PublicSiteModule];

/** Composition root: imports everything, imported by nobody but the entry points. */
@Module({})
export class AppModule {
  static forRoot(env: Readonly<Env>, log: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(env, { entities: ENTITIES, log }),
        AccessModule,
        PortsModule,
        ...FEATURES,
        OperationsModule,
        ...(env.APP_ROLE === 'worker' ? [] : WEB),
      ],
      providers: [
        Housekeeping,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemJsonFilter },
        { provide: APP_PIPE, useClass: StorableTextPipe },
        { provide: APP_PIPE, useFactory: closedShapes },
      ],
    };
  }
}
