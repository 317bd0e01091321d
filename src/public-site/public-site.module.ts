import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { PersonsModule } from '../persons/persons.module.js';
import { AssetsController } from './assets.controller.js';
import { FiguresController } from './figures.controller.js';
import { StopController } from './stop.controller.js';
import { WordsController } from './words.controller.js';

/** What anybody may open: the stop page, pages of words, style sheet and script. */
@Module({
  imports: [NotificationsModule, PersonsModule],
  controllers: [AssetsController, FiguresController, StopController, WordsController],
})
export class PublicSiteModule {}
