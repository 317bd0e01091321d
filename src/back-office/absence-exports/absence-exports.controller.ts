import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import { Tells } from '../../access/journal/running-route.js';
import { CurrentActor } from '../../access/caller.decorators.js';
import { Limited } from '../../access/limited.decorator.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { DEFINITIONS } from '../../statistics/domain/definitions.js';
import { shortMonth } from '../../ui/charts/scale.js';
import { column, type ExportFile } from '../../ui/exports/export-file.js';
import { formatOf, sendExport } from '../../ui/exports/send-export.js';
import { capital, monthInWords } from '../../ui/typography.js';
import { readNationalQuery } from '../absence-national/national-filter.js';
import { nationalView } from '../absence-national/national.view.js';
import { type AbsenceFigures, AbsencePages } from '../absence/absence.view.js';
import { askedFigures, type Period } from '../absence/filters.js';
import { OfficeHours } from '../office-hours.js';
import { nationalExport } from './national-tables-export.js';
import { serviceTables } from './service-tables.js';
import { trendDrawing } from './trend-drawing.js';

/** The tables of the absence pages, to take away: the same filters, the same figures. */
@Controller('absence')
export class AbsenceExportsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
    private readonly pages: AbsencePages,
  ) {}

  /** @throws ValidationFailed for another format */
  @Allow('statistics.read')
  @Limited('export')
  @FreshSignIn()
  @Tells('export.made')
  @Get('export')
  async service(
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const format = formatOf(query.format);
    const { figures, madeAt } = await this.read(actor, query);
    const file = { ...serviceFile(figures, madeAt), fileName: 'absence' };
    await sendExport(response, file, format, { table: query.table, drawings: [trendDrawing(figures.trend)] });
  }

  /** One year of one service as a report. @throws ValidationFailed for what is no year */
  @Allow('statistics.read')
  @Limited('export')
  @FreshSignIn()
  @Tells('export.made')
  @Get('report')
  async report(
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const year = query.year;
    if (typeof year !== 'string' || !/^(19|20)\d{2}$/.test(year))
      throw new ValidationFailed([{ field: 'year', code: 'isYear', message: 'a year of four digits' }]);
    const { figures, madeAt } = await this.read(actor, { ...query, from: `${year}-01`, to: `${year}-12` });
    const file = { ...serviceFile(figures, madeAt), fileName: `rapport-${year}` };
    const title = `Rapport ${year}, ${figures.service?.name ?? ''}`;
    const definitions = {
      name: 'definitions',
      title: 'Définitions',
      columns: [column.text('Chiffre'), column.text('Calcul'), column.text('Ce qu’il dit')],
      rows: DEFINITIONS.map(({ name, formula, sentence }) => [name, formula, sentence]),
      notes: [],
    };
    await sendExport(response, { ...file, title, tables: [...file.tables, definitions] }, 'pdf', {
      drawings: [trendDrawing(figures.trend)],
    });
  }

  @Allow('statistics.national')
  @Limited('export')
  @FreshSignIn()
  @Tells('export.made')
  @Get('national/export')
  async national(
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const format = formatOf(query.format);
    const { view, madeAt } = await this.transaction.run(async (tx) => {
      const { today, now } = await this.officeHours.of(tx, actor);
      return {
        view: await nationalView(tx, actor, readNationalQuery(query, actor, today)),
        madeAt: new Date(now.epochMilliseconds),
      };
    });
    const file: ExportFile = {
      fileName: 'absence-services',
      title: 'Absence par service',
      lines: [periodWords(view.query), typeWords(view.types, view.query.type)],
      tables: nationalExport(view),
      madeAt,
    };
    await sendExport(response, format === 'pdf' ? onPaper(file) : file, format, { table: query.table });
  }

  private read(
    actor: Actor,
    query: Record<string, unknown>,
  ): Promise<{ readonly figures: AbsenceFigures; readonly madeAt: Date }> {
    return this.transaction.run(async (tx) => {
      const { now } = await this.officeHours.of(tx, actor);
      const figures = await this.pages.figures(tx, actor, askedFigures(query));
      if (figures.service === null) throw new NotFound('organization');
      return { figures, madeAt: new Date(now.epochMilliseconds) };
    });
  }
}

/** Some forty pages: what is longer is a file for programs. */
const MOST_ROWS_ON_PAPER = 2_000;

function onPaper(file: ExportFile): ExportFile {
  const left = file.tables.filter(({ rows }) => rows.length > MOST_ROWS_ON_PAPER);
  return {
    ...file,
    lines: [
      ...file.lines,
      ...left.map(({ title }) => `${title}\u00a0: trop long pour le papier, en XLSX ou en CSV.`),
    ],
    tables: file.tables.filter((table) => !left.includes(table)),
  };
}

function serviceFile(figures: AbsenceFigures, madeAt: Date): Omit<ExportFile, 'fileName'> {
  return {
    title: `Absence, ${figures.service?.name ?? ''}`,
    lines: [
      periodWords(figures.period),
      typeWords(figures.types, figures.typeCode),
      figures.startedIn === null
        ? 'Pas de mise en service datée.'
        : `Premier mois entier avec messages\u00a0: ${shortMonth(figures.startedIn)}.`,
      ...(figures.foldedWords === null ? [] : [`Répartitions arrêtées ${figures.foldedWords}.`]),
    ],
    tables: serviceTables(figures),
    madeAt,
  };
}

function periodWords({ from, to }: Period): string {
  return capital(`${monthInWords(from)} à ${monthInWords(to)}`);
}

function typeWords(types: readonly { code: string; name: string }[], asked: string | null): string {
  const name = types.find(({ code }) => code === asked)?.name;
  return name === undefined ? 'Tous les types de convocation.' : `Type\u00a0: ${name}.`;
}
