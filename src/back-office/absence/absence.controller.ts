import { Controller, Get, Query } from '@nestjs/common';
import { h } from 'preact';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { Transaction } from '../../platform/transaction.js';
import { absenceTable, type AbsenceTable } from '../../statistics/absence-table.query.js';
import type { ChartPoint } from '../../ui/absence-chart.js';
import { renderPage } from '../../ui/render-page.js';
import { capital, monthInWords } from '../../ui/typography.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { AbsencePage } from './absence.page.js';
import {
  rateDifference as difference,
  rateInterval as wilson,
} from '../../statistics/domain/rate-interval.js';

const MONTHS = 24;
const MOST_MONTHS = 60;

@Controller('absence')
export class AbsenceController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
  ) {}

  @Allow('statistics.read')
  @Get()
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const { period, table } = await this.transaction.run(async (tx) => {
      const { today } = await this.officeHours.of(tx, actor);
      const asked = periodOf(query, today);
      return { period: asked, table: await absenceTable(tx, actor, daysOf(asked)) };
    });
    const chosen = chosenService(table, query.service, actor);
    const { before, since } = chosen ?? { before: null, since: null };
    const view = {
      periodWords: capital(`${monthInWords(period.from)} à ${monthInWords(period.to)}`),
      ...period,
      table,
      chosen,
      points: chosen === null ? [] : pointsOf(table, chosen),
      difference: before === null || since === null ? null : difference(before, since),
    };
    return renderPage(h(AbsencePage, { frame: frameOf(session), ...view }));
  }
}

interface Period {
  /** Months, both included. */
  readonly from: string;
  readonly to: string;
}

/** What is no month, or the wrong way round, falls back to the last two years. */
function periodOf(query: Record<string, unknown>, today: string): Period {
  const current = Temporal.PlainYearMonth.from(today.slice(0, 7));
  const to = monthOf(query.to) ?? current;
  const from = monthOf(query.from) ?? to.subtract({ months: MONTHS - 1 });
  const length = from.until(to, { largestUnit: 'month' }).months;
  const first = length < 0 || length >= MOST_MONTHS ? to.subtract({ months: MONTHS - 1 }) : from;
  return { from: first.toString(), to: to.toString() };
}

function monthOf(text: unknown): Temporal.PlainYearMonth | undefined {
  if (typeof text !== 'string' || !/^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(text)) return undefined;
  return Temporal.PlainYearMonth.from(text);
}

function daysOf({ from, to }: Period): { from: string; to: string } {
  const last = Temporal.PlainYearMonth.from(to);
  return { from: `${from}-01`, to: last.toPlainDate({ day: last.daysInMonth }).toString() };
}

function chosenService(
  { services }: AbsenceTable,
  asked: unknown,
  actor: Actor,
): AbsenceTable['services'][number] | null {
  return (
    services.find(({ id }) => id === asked) ??
    services.find(({ id, total }) => id === actor.organizationId && total.known > 0) ??
    services.find(({ total }) => total.known > 0) ??
    services[0] ??
    null
  );
}

function pointsOf(table: AbsenceTable, service: AbsenceTable['services'][number]): ChartPoint[] {
  const at = table.services.indexOf(service);
  return table.months.map(({ month, figures }) => {
    const figure = figures[at] ?? null;
    const interval = figure === null ? null : wilson(figure);
    return { month, rate: figure?.rate ?? null, low: interval?.low ?? null, high: interval?.high ?? null };
  });
}
