import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { type ManyReader, manyReaders } from '../../access/journal/journal.queries.js';
import {
  type OperatorReceipts,
  operatorReceipts,
} from '../../notifications/surety/operator-receipts.query.js';
import { type Hold, holdOf } from '../../notifications/surety/sending-hold.js';
import {
  type Doubt,
  doubtsNow,
  type OperatorNow,
  operatorsNow,
  type Pulse,
  pulse,
} from '../../notifications/surety/surety-now.query.js';
import {
  type OperatorSurety,
  type ServiceSurety,
  suretyByOperator,
  suretyByService,
  type SuretyFigures,
  sumOf,
} from '../../notifications/surety/surety.query.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { type Verdict, verdictOf } from './verdict.js';

/** Periods the page offers, in days. */
export const PERIODS = [1, 7] as const;
export type Period = (typeof PERIODS)[number];

export interface SuretyContent {
  readonly days: Period;
  readonly office: Office;
  readonly verdict: Verdict;
  readonly figures: SuretyFigures;
  readonly services: readonly ServiceSurety[];
  readonly calls: readonly OperatorSurety[];
  readonly pulse: Pulse;
  /** Every configured operator of texts, in the order of preference, then what else was ever watched. */
  readonly operators: readonly OperatorNow[];
  /** Of each operator that confirmed lately, or owes it. */
  readonly receipts: readonly OperatorReceipts[];
  readonly doubts: readonly Doubt[];
  readonly hold: Hold | null;
  readonly mayHold: boolean;
  /** Agents who opened unusually many files; told to central administrators. */
  readonly manyReaders: readonly ManyReader[];
}

/** Anything but a period offered is the last 24 hours. */
export function periodOf(query: Readonly<Record<string, unknown>>): Period {
  return PERIODS.find((days) => String(days) === query['days']) ?? 1;
}

/** What « Sûreté des envois » shows: counts, ages and names of services, nothing of a person. */
@Injectable()
export class SuretyPages {
  constructor(
    private readonly env: Env,
    private readonly officeHours: OfficeHours,
  ) {}

  async content(tx: EntityManager, actor: Actor, days: Period): Promise<SuretyContent> {
    const services = await suretyByService(tx, actor, { hours: days * 24 });
    const now = await pulse(tx);
    const operators = this.configured(await operatorsNow(tx));
    const hold = await holdOf(tx, this.env.APP_ENV);
    const figures = sumOf(services);
    const smsIsOn = this.env.SMS_PROVIDERS.length > 0;
    return {
      days,
      office: await this.officeHours.of(tx, actor),
      verdict: verdictOf({ figures, pulse: now, operators, hold, smsIsOn }),
      figures,
      services,
      calls: await suretyByOperator(tx, actor, { hours: days * 24 }),
      pulse: now,
      operators,
      receipts: await operatorReceipts(tx),
      doubts: await doubtsNow(tx, actor),
      hold,
      mayHold: isAllowed(actor.role, 'sending.hold'),
      manyReaders: actsEverywhere(actor) ? await manyReaders(tx) : [],
    };
  }

  private configured(known: readonly OperatorNow[]): readonly OperatorNow[] {
    const named: readonly string[] = this.env.SMS_PROVIDERS;
    const quiet = named
      .filter((name) => !known.some(({ operator }) => operator === name))
      .map((operator): OperatorNow => {
        return {
          operator,
          circuit: 'closed',
          since: null,
          lastAlert: null,
          lastAlertAt: null,
          comparison: null,
        };
      });
    const rank = ({ operator }: OperatorNow) =>
      named.includes(operator) ? named.indexOf(operator) : named.length;
    return [...known, ...quiet].sort((a, b) => rank(a) - rank(b));
  }
}
