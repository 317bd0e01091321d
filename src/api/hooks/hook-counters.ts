import { Injectable } from '@nestjs/common';
import { Counter, register } from 'prom-client';

const NAME = 'msj_callbacks_refused_total';
const REPLIES = 'msj_replies_total';

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
  private readonly replies =
    (register.getSingleMetric(REPLIES) as Counter | undefined) ??
    new Counter({
      name: REPLIES,
      help: 'Replies by text, by what they ask for and whether the number is known',
      labelNames: ['intent', 'known'],
    });

  badSignature(): void {
    this.refused.inc({ reason: 'signature' });
  }

  unknownToken(): void {
    this.refused.inc({ reason: 'unknown-token' });
  }

  unreadableReply(): void {
    this.refused.inc({ reason: 'unreadable-reply' });
  }

  repeatedReply(): void {
    this.refused.inc({ reason: 'repeated-reply' });
  }

  /** @param known somebody is registered with the number */
  reply(intent: string, known: boolean): void {
    this.replies.inc({ intent, known: String(known) });
  }
}
