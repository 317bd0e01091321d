import { Module } from '@nestjs/common';
import { Dispatcher } from './dispatcher.js';
import { MessageQueries } from './message.queries.js';
import { OperatorRouting } from './operator-routing.js';
import { PlanMessages } from './plan-messages.js';
import { PrepareSends } from './prepare-sends.js';
import { PreviewMessages } from './preview-messages.js';
import { Gateways } from './providers/gateways.js';
import { RecordOutcomes } from './record-outcomes.js';
import { RecordReceipt } from './record-receipt.js';
import { RelayDue } from './relay-due.js';
import { ResolveUncertain } from './resolve-uncertain.js';
import { SendingRules } from './sending-rules.js';
import { SendingWorker } from './sending-worker.js';
import { SweepMessages } from './sweep-messages.js';

const PROVIDERS = [
  Dispatcher,
  Gateways,
  MessageQueries,
  OperatorRouting,
  PlanMessages,
  PrepareSends,
  PreviewMessages,
  RecordOutcomes,
  RecordReceipt,
  RelayDue,
  ResolveUncertain,
  SendingRules,
  SendingWorker,
  SweepMessages,
];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class NotificationsModule {}
