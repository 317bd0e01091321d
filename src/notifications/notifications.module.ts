import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { TellAgents } from './agent-mail/tell-agents.js';
import { AskTransfer } from './hand-over/ask-transfer.js';
import { ChangeRole } from './hand-over/change-role.js';
import { CloseAccount } from './hand-over/close-account.js';
import { DecideTransfer } from './hand-over/decide-transfer.js';
import { HandOver } from './hand-over/hand-over.js';
import { CheckTemplate } from './templates/check-template.js';
import { CheckReach } from './follow-up/check-reach.js';
import { CloseTask } from './follow-up/close-task.js';
import { ChangePlan } from './plans/change-plan.js';
import { ChangeServiceHours } from './plans/change-service-hours.js';
import { ChangeTerritory } from './plans/change-territory.js';
import { Dispatcher } from './sending/dispatcher.js';
import { FollowUpMessages } from './follow-up/follow-up-messages.js';
import { DatabaseWitness } from './surety/database-witness.js';
import { OperatorLists } from './surety/operator-lists.js';
import { HoldRestoredBackup } from './surety/hold-restored-backup.js';
import { HoldSending } from './surety/hold-sending.js';
import { MessageQueries } from './message.queries.js';
import { OperatorRouting } from './sending/operator-routing.js';
import { PlanMessages } from './plans/plan-messages.js';
import { PrepareSends } from './sending/prepare-sends.js';
import { PreviewTemplate } from './templates/preview-template.js';
import { PreviewMessages } from './plans/preview-messages.js';
import { IssueCertificate } from './certificates/issue-certificate.js';
import { Gateways } from './providers/gateways.js';
import { ReachQueries } from './follow-up/reach.query.js';
import { RecordOutcomes } from './sending/record-outcomes.js';
import { RecordReceipt } from './sending/record-receipt.js';
import { RecordReport } from './sending/record-report.js';
import { RecordReply } from './replies/record-reply.js';
import { SaveTemplate } from './templates/save-template.js';
import { RelayDue } from './sending/relay-due.js';
import { ReleaseSending } from './surety/release-sending.js';
import { ReportWrongPersonByLink } from './replies/report-wrong-person-by-link.js';
import { ReportWrongPerson } from './replies/report-wrong-person.js';
import { RemindAgain } from './follow-up/remind-again.js';
import { ResendTaskMessage } from './follow-up/resend-task-message.js';
import { ReplanMessages } from './plans/replan-messages.js';
import { RunReplans } from './plans/run-replans.js';
import { ReplanMovedNumber } from './plans/replan-moved-number.js';
import { ReviewTemplate } from './templates/review-template.js';
import { ResolveUncertain } from './sending/resolve-uncertain.js';
import { SendingRules } from './sending/sending-rules.js';
import { SendingWorker } from './sending/sending-worker.js';
import { FoldTally } from './surety/surety-tally.js';
import { SweepMessages } from './sending/sweep-messages.js';
import { WriteSend } from './sending/write-send.js';
import { ChangeTrial } from './trials/change-trial.js';
import { DraftTrial } from './trials/draft-trial.js';
import { EndTrials } from './trials/end-trials.js';
import { TellUnconfirmed } from './follow-up/tell-unconfirmed.js';

const PROVIDERS = [
  AskTransfer,
  ChangeRole,
  CloseAccount,
  DecideTransfer,
  HandOver,
  TellAgents,
  ChangePlan,
  ChangeServiceHours,
  ChangeTerritory,
  ChangeTrial,
  CheckReach,
  CheckTemplate,
  CloseTask,
  Dispatcher,
  DraftTrial,
  EndTrials,
  FollowUpMessages,
  FoldTally,
  Gateways,
  IssueCertificate,
  HoldRestoredBackup,
  HoldSending,
  DatabaseWitness,
  OperatorLists,
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
  RemindAgain,
  SaveTemplate,
  ReleaseSending,
  ReportWrongPerson,
  ReportWrongPersonByLink,
  ResendTaskMessage,
  ReplanMessages,
  ReplanMovedNumber,
  ResolveUncertain,
  ReviewTemplate,
  RunReplans,
  SendingRules,
  SendingWorker,
  SweepMessages,
  TellUnconfirmed,
  WriteSend,
];

@Module({ imports: [AgentsModule], providers: PROVIDERS, exports: PROVIDERS })
export class NotificationsModule {}
