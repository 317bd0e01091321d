import { Controller, Get, Header, Query } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { Tells } from '../../access/journal/running-route.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { Limited } from '../../access/limited.decorator.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { suretyByService, type SuretyFigures } from '../../notifications/surety/surety.query.js';
import { Transaction } from '../../platform/transaction.js';
import { centsOf } from '../../shared/euros.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { csvOf } from '../../ui/exports/csv.js';
import { SuretyPage } from './surety.page.js';
import { periodOf, SuretyPages } from './surety.view.js';

const DONE = ['held', 'released'] as const;

const COLUMNS: readonly (readonly [keyof SuretyFigures, string])[] = [
  ['due', 'Dus'],
  ['onTime', 'À l’heure'],
  ['late', 'En retard'],
  ['delivered', 'Reçus'],
  ['accepted', 'Remis, sans accusé'],
  ['undelivered', 'Non reçus'],
  ['uncertain', 'En vérification'],
  ['expired', 'Périmés'],
  ['suppressed', 'Sans moyen d’envoi'],
  ['waiting', 'En attente'],
  ['withdrawn', 'Retirés (à part)'],
  ['possibleDuplicates', 'Doublons possibles'],
  ['euros', 'Coût (euros)'],
];

/** Did everything leave on time, and what not? A service sees its own messages, an administrator all of them. */
@Controller('surety')
export class SuretyController {
  constructor(
    private readonly transaction: Transaction,
    private readonly pages: SuretyPages,
  ) {}

  @Allow('sending.read')
  @Get()
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.transaction.run((tx) => this.pages.content(tx, actor, periodOf(query)));
    const done = DONE.find((one) => one === query['done']) ?? null;
    return renderPage(h(SuretyPage, { frame: frameOf(session), done, ...content }));
  }

  @Allow('sending.read')
  @Limited('export')
  @FreshSignIn()
  @Tells('export.made')
  @Get('figures.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="surete-des-envois.csv"')
  async csv(@CurrentActor() actor: Actor, @Query() query: Record<string, unknown>): Promise<string> {
    const hours = periodOf(query) * 24;
    const services = await this.transaction.run((tx) => suretyByService(tx, actor, { hours }));
    const round = (name: keyof SuretyFigures, value: number) =>
      name === 'euros' ? centsOf(value) / 100 : value;
    return csvOf([
      ['Service', ...COLUMNS.map(([, head]) => head)],
      ...services.map((row) => [row.organization, ...COLUMNS.map(([name]) => round(name, row[name]))]),
    ]);
  }
}
