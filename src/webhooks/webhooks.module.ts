import { Module, type OnModuleInit } from '@nestjs/common';
import { ScheduledTasks } from '../platform/scheduled-tasks.js';
import { CreateWebhook } from './create-webhook.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { ForgetDeliveries } from './forget-deliveries.js';
import { ReplayDeliveries } from './replay-deliveries.js';
import { RotateWebhookSecret } from './rotate-webhook-secret.js';
import { SwitchWebhook } from './switch-webhook.js';
import { TestWebhook } from './test-webhook.js';
import { WebhookHttp } from './webhook-http.js';
import { WebhookSecrets } from './webhook-secrets.js';

const USE_CASES = [
  CreateWebhook,
  DeliverWebhooks,
  ForgetDeliveries,
  ReplayDeliveries,
  RotateWebhookSecret,
  SwitchWebhook,
  TestWebhook,
];

@Module({ providers: [WebhookHttp, WebhookSecrets, ...USE_CASES], exports: USE_CASES })
export class WebhooksModule implements OnModuleInit {
  constructor(
    private readonly tasks: ScheduledTasks,
    private readonly deliverWebhooks: DeliverWebhooks,
    private readonly forgetDeliveries: ForgetDeliveries,
  ) {}

  onModuleInit(): void {
    this.tasks.register('deliver-webhooks', (tx) => this.deliverWebhooks.execute(tx));
    this.tasks.register('forget-deliveries', async (tx) => {
      await this.forgetDeliveries.execute(tx);
      return undefined;
    });
  }
}
