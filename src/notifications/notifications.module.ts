import { Module } from '@nestjs/common';
import { CheckTemplate } from './check-template.js';
import { CheckReach } from './check-reach.js';
import { CloseTask } from './close-task.js';
import { ChangePlan } from './change-plan.js';
import { ChangeServiceHours } from './change-service-hours.js';
import { ChangeTerritory } from './change-territory.js';
import { Dispatcher } from './dispatcher.js';
import { FollowUpMessages } from './follow-up-messages.js';
import { HoldRestoredBackup } from './hold-restored-backup.js';
import { HoldSending } from './hold-sending.js';
import { MessageQueries } from './message.queries.js';
import { OperatorRouting } from './operator-routing.js';
import { PlanMessages } from './plan-messages.js';
import { PrepareSends } from './prepare-sends.js';
import { PreviewTemplate } from './preview-template.js';
import { PreviewMessages } from './preview-messages.js';
import { Gateways } from './providers/gateways.js';
import { ReachQueries } from './reach.query.js';
import { RecordOutcomes } from './record-outcomes.js';
import { RecordReceipt } from './record-receipt.js';
import { RecordReport } from './record-report.js';
import { RecordReply } from './record-reply.js';
import { SaveTemplate } from './save-template.js';
import { RelayDue } from './relay-due.js';
import { ReleaseSending } from './release-sending.js';
import { ReportWrongPersonByLink } from './report-wrong-person-by-link.js';
import { ReportWrongPerson } from './report-wrong-person.js';
import { ResendTaskMessage } from './resend-task-message.js';
import { ReplanMessages } from './replan-messages.js';
import { ReviewTemplate } from './review-template.js';
import { ResolveUncertain } from './resolve-uncertain.js';
import { SendingRules } from './sending-rules.js';
import { SendingWorker } from './sending-worker.js';
import { FoldTally } from './surety-tally.js';
import { SweepMessages } from './sweep-messages.js';
import { WriteSend } from './write-send.js';
import { TellUnconfirmed } from './tell-unconfirmed.js';

const PROVIDERS = [
  ChangePlan,
  ChangeServiceHours,
  ChangeTerritory,
  CheckReach,
  CheckTemplate,
  CloseTask,
  Dispatcher,
  FollowUpMessages,
  FoldTally,
  Gateways,
  HoldRestoredBackup,
  HoldSending,
  MessageQueries,
  OperatorRouting,
  PlanMessages,
  PrepareSends,
  PreviewMessages,
  PreviewTemplate,
  ReachQueries,
  RecordOutcomes,
  RecordReceipt,
  RecordReport,
  RecordReply,
  RelayDue,
  SaveTemplate,
  ReleaseSending,
  ReportWrongPerson,
  ReportWrongPersonByLink,
  ResendTaskMessage,
  ReplanMessages,
  ResolveUncertain,
  ReviewTemplate,
  SendingRules,
  SendingWorker,
  SweepMessages,
  TellUnconfirmed,
  WriteSend,
];

@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class NotificationsModule {}
