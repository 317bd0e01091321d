import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Public } from '../access/allow.decorator.js';
import { Transaction } from '../platform/transaction.js';
import { quarterOf } from '../statistics/domain/quarters.js';
import { publicFigures } from '../statistics/public-figures.query.js';
import { formatOf, sendExport } from '../ui/exports/send-export.js';
import { renderPage } from '../ui/render-page.js';
import { figuresExport } from './figures-export.js';
import { FiguresPage } from './figures.page.js';

const ONE_HOUR = 'public, max-age=3600';

/** The same for everybody: may be kept by any cache for an hour, sets no cookie, costs one statement. */
@Controller('chiffres')
export class FiguresController {
  constructor(private readonly transaction: Transaction) {}

  @Public()
  @Get()
  async show(@Query() query: Record<string, unknown>, @Res() response: Response): Promise<void> {
    const asked = quarterOf(query.trimestre);
    const figures = await this.transaction.run((tx) => publicFigures(tx, asked));
    response
      .set('Cache-Control', ONE_HOUR)
      .type('html')
      .send(renderPage(h(FiguresPage, { figures })));
  }

  /** The tables of the page, to take away; open data. @throws ValidationFailed for another format */
  @Public()
  @Get('export')
  async export(@Query() query: Record<string, unknown>, @Res() response: Response): Promise<void> {
    const format = formatOf(query.format);
    const asked = quarterOf(query.trimestre);
    const figures = await this.transaction.run((tx) => publicFigures(tx, asked));
    await sendExport(response, figuresExport(figures), format, { table: query.table });
  }
}
