import { Module } from '@nestjs/common';
import { NotificationsModule } from '../../notifications/notifications.module.js';
import { HookCounters } from './hook-counters.js';
import { LinkMobilityHooksController } from './link-mobility-hooks.controller.js';
import { TwilioHooksController } from './twilio-hooks.controller.js';

/** What operators call back. */
@Module({
  imports: [NotificationsModule],
  controllers: [LinkMobilityHooksController, TwilioHooksController],
  providers: [HookCounters],
})
export class HooksModule {}
