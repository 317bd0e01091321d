import type { INestApplication } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ConvocationsModule } from '../../convocations/convocations.module.js';
import { NotificationsModule } from '../../notifications/notifications.module.js';
import { OrganizationsModule } from '../../organizations/organizations.module.js';
import { PersonsModule } from '../../persons/persons.module.js';
import { ConvocationChanges } from './convocation-changes.js';
import { ConvocationsController } from './convocations.controller.js';
import { DirectoryController } from './directory.controller.js';
import { EXTRA_MODELS } from './openapi.js';
import { OpenApiController, OpenApiDocument } from './openapi.controller.js';
import { PersonsController } from './persons.controller.js';
import { SlotsController } from './slots.controller.js';
import { StatisticsController } from './statistics.controller.js';
import { ToolsController } from './tools.controller.js';
import { Writes } from './writes.js';

/** The same use cases as the pages, for programs. */
@Module({
  imports: [OrganizationsModule, PersonsModule, ConvocationsModule, NotificationsModule],
  controllers: [
    ConvocationsController,
    DirectoryController,
    OpenApiController,
    PersonsController,
    SlotsController,
    StatisticsController,
    ToolsController,
  ],
  providers: [Writes, ConvocationChanges, OpenApiDocument],
})
export class ApiV1Module {}

/** Lets `/api/v1/openapi.json` describe this application. */
export function describeApi(app: INestApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Mon Suivi Justice')
    .setVersion('1')
    .addBearerAuth({ type: 'http', bearerFormat: 'API key' })
    .build();
  app
    .get(OpenApiDocument)
    .describe(() =>
      SwaggerModule.createDocument(app, about, { include: [ApiV1Module], extraModels: EXTRA_MODELS }),
    );
}
