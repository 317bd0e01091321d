import { Injectable } from '@nestjs/common';
import { Counter, register } from 'prom-client';

const NAME = 'msj_callbacks_refused_total';

/** Callbacks that changed nothing, by reason; shown in /metrics. */
@Injectable()
export class HookCounters {
  private readonly refused =
    (register.getSingleMetric(NAME) as Counter | undefined) ??
    new Counter({
      name: NAME,
      help: 'Callbacks of the operator that changed nothing',
      labelNames: ['reason'],
    });

  badSignature(): void {
    this.refused.inc({ reason: 'signature' });
  }

  unknownToken(): void {
    this.refused.inc({ reason: 'unknown-token' });
  }

  inbound(): void {
    this.refused.inc({ reason: 'inbound-not-read' });
  }
}
