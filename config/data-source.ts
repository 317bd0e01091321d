import { DataSource } from 'typeorm';
import { Baseline1763700000000 } from '../migrations/1763700000000-baseline.js';
import { AppointmentTypes1763700000100 } from '../migrations/1763700000100-appointment-types.js';
import { DefaultTemplates1763700000200 } from '../migrations/1763700000200-default-templates.js';
import { Engine1763800000000 } from '../migrations/1763800000000-engine.js';
import { SendingFigures1763800000100 } from '../migrations/1763800000100-sending-figures.js';
import { EngineTemplates1763800000200 } from '../migrations/1763800000200-engine-templates.js';
import { AttendanceRollup1764000000000 } from '../migrations/1764000000000-attendance-rollup.js';
import { RolloutRegister1764000000100 } from '../migrations/1764000000100-rollout-register.js';
import { Trials1764000000200 } from '../migrations/1764000000200-trials.js';
import { Figures1764000000300 } from '../migrations/1764000000300-figures.js';
import { ExpectedReceipts1764000000400 } from '../migrations/1764000000400-expected-receipts.js';
import { Headquarters1765000000000 } from '../migrations/1765000000000-headquarters.js';
import { SignIn1765000000100 } from '../migrations/1765000000100-sign-in.js';
import { AgentsLife1765000000200 } from '../migrations/1765000000200-agents-life.js';
import { Journal1765000000300 } from '../migrations/1765000000300-journal.js';
import { SealedContacts1765000000400 } from '../migrations/1765000000400-sealed-contacts.js';
import { Programs1765000000500 } from '../migrations/1765000000500-programs.js';
import { RowSecurity1765000000700 } from '../migrations/1765000000700-row-security.js';
import { BreakdownTotals1766000000500 } from '../migrations/1766000000500-breakdown-totals.js';
import { ProviderProof1766000000800 } from '../migrations/1766000000800-provider-proof.js';
import { PersonWithPhone1766000001000 } from '../migrations/1766000001000-person-with-phone.js';
import { CoveredBreakdowns1766100000100 } from '../migrations/1766100000100-covered-breakdowns.js';
import { HopelessMessages1766100000200 } from '../migrations/1766100000200-hopeless-messages.js';
import { ReturnedMail1766100000300 } from '../migrations/1766100000300-returned-mail.js';
import { ComparedCluster1766100000400 } from '../migrations/1766100000400-compared-cluster.js';
import { WebhookLosses1766100000500 } from '../migrations/1766100000500-webhook-losses.js';
import { Replans1766100000600 } from '../migrations/1766100000600-replans.js';
import { ArabicDrafts1766100000700 } from '../migrations/1766100000700-arabic-drafts.js';
import { ArabicMoved1766100000900 } from '../migrations/1766100000900-arabic-moved.js';

/** In the order in which they run; one not listed here does not exist. */
export const MIGRATIONS = [
  Baseline1763700000000,
  AppointmentTypes1763700000100,
  DefaultTemplates1763700000200,
  Engine1763800000000,
  SendingFigures1763800000100,
  EngineTemplates1763800000200,
  AttendanceRollup1764000000000,
  RolloutRegister1764000000100,
  Trials1764000000200,
  Figures1764000000300,
  ExpectedReceipts1764000000400,
  Headquarters1765000000000,
  SignIn1765000000100,
  AgentsLife1765000000200,
  Journal1765000000300,
  SealedContacts1765000000400,
  Programs1765000000500,
  RowSecurity1765000000700,
  BreakdownTotals1766000000500,
  ProviderProof1766000000800,
  PersonWithPhone1766000001000,
  CoveredBreakdowns1766100000100,
  HopelessMessages1766100000200,
  ReturnedMail1766100000300,
  ComparedCluster1766100000400,
  WebhookLosses1766100000500,
  Replans1766100000600,
  ArabicDrafts1766100000700,
  ArabicMoved1766100000900,
];

/** What migrations are run with: the owner of the database, one connection, no entity. */
export function ownerDataSource(url: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize: 1,
    applicationName: 'msj-migrate',
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
  });
}
