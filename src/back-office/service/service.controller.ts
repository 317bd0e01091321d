import { Controller, Get } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { isAllowed } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import { countTransfers } from '../../notifications/hand-over/transfer.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { renderPage } from '../../ui/render-page.js';
import { plainDate } from '../../ui/typography.js';
import { frameOf } from '../frame.js';
import { roomsOf, SETTINGS } from '../rooms.js';
import { OfficeHours } from '../office-hours.js';
import { ServicePage } from './service.page.js';
import { serviceNow } from './service.query.js';

const OWN_ROOMS = [
  {
    href: '/agents',
    label: 'Agents',
    right: 'agent.read',
    about: 'Inviter, changer un rôle, noter une absence ou un départ, muter.',
  },
  {
    href: '/alerts',
    label: 'Alertes',
    right: 'alert.manage',
    about: 'Quelques phrases en haut des pages des agents.',
  },
  { href: '/agendas', label: 'Agendas', right: 'agenda.read', about: 'Créneaux ouverts, fermés, à ouvrir.' },
] as const;

/** The local console: one page from which a service is looked after. */
@Controller('service')
export class ServiceController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
  ) {}

  @Allow('local-console.use')
  @Get()
  async show(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const { now, timeZone, transfers } = await this.transaction.run(async (tx) => ({
      now: await serviceNow(tx, actor),
      transfers: await countTransfers(tx, actor),
      timeZone: (await this.officeHours.of(tx, actor)).timeZone,
    }));
    const own = OWN_ROOMS.filter(({ right }) => isAllowed(actor.role, right));
    const taken = new Set<string>(['/service', ...own.map(({ href }) => href)]);
    const rooms = [...own, ...roomsOf(actor.role, SETTINGS).filter(({ href }) => !taken.has(href))];
    const dayOf = (at: Date) => plainDate(toLocal(instantOf(at), timeZone).date);
    return renderPage(h(ServicePage, { frame: frameOf(session), ...now, transfers, rooms, dayOf }));
  }
}
