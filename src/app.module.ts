import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';
import { AccessGuard } from './access/access.guard.js';
import { AccessModule } from './access/access.module.js';
import { ProofCheck } from './access/fresh-sign-in.js';
import { Identification } from './access/identification.port.js';
import { RateLimitGuard } from './access/rate-limit.guard.js';
import { RememberRoute } from './access/journal/running-route.js';
import { SessionRules } from './access/session-rules.js';
import { AgentsModule } from './agents/agents.module.js';
import { ConfirmIdentity } from './agents/confirm-identity.js';
import { IdentifyCaller } from './agents/identify-caller.js';
import { OperationsModule } from './api/operations/operations.module.js';
import { ConvocationsModule } from './convocations/convocations.module.js';
import { MessagePlanner } from './convocations/message-planner.port.js';
import { ENTITIES } from './entities.js';
import { Housekeeping } from './housekeeping.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { PlanMessages } from './notifications/plans/plan-messages.js';
import { ReplanMovedNumber } from './notifications/plans/replan-moved-number.js';
import { OrganizationsModule } from './organizations/organizations.module.js';
import { NumberMoves } from './persons/number-moves.port.js';
import { PersonsModule } from './persons/persons.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { ProblemJsonFilter } from './platform/problem-json.filter.js';
import { closedShapes, StorableTextPipe } from './platform/validation.js';
import { StatisticsModule } from './statistics/statistics.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** What lower features ask of higher ones: each port meets its implementation here. */
@Global()
@Module({
  imports: [AgentsModule, NotificationsModule],
  providers: [
    { provide: Identification, useExisting: IdentifyCaller },
    { provide: ProofCheck, useExisting: ConfirmIdentity },
    { provide: MessagePlanner, useExisting: PlanMessages },
    { provide: NumberMoves, useExisting: ReplanMovedNumber },
  ],
  exports: [Identification, ProofCheck, MessagePlanner, NumberMoves],
})
class PortsModule {}

const FEATURES = [
  OrganizationsModule,
  AgentsModule,
  PersonsModule,
  ConvocationsModule,
  NotificationsModule,
  WebhooksModule,
  StatisticsModule,
];

/** Composition root: imports everything, imported by nobody but the entry points. */
@Module({})
export class AppModule {
  static async forRoot(env: Readonly<Env>, log: Logger): Promise<DynamicModule> {
    // A worker serves no screen: it does not even load them.
    const web = env.APP_ROLE === 'worker' ? [] : (await import('./web-modules.js')).WEB_MODULES;
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(env, { entities: ENTITIES, log }),
        AccessModule,
        PortsModule,
        ...FEATURES,
        OperationsModule,
        ...web,
      ],
      providers: [
        Housekeeping,
        SessionRules,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_INTERCEPTOR, useClass: RememberRoute },
        { provide: APP_FILTER, useClass: ProblemJsonFilter },
        { provide: APP_PIPE, useClass: StorableTextPipe },
        { provide: APP_PIPE, useFactory: closedShapes },
      ],
    };
  }
}
