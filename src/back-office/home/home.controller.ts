import { Controller, Get } from '@nestjs/common';
import { h } from 'preact';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { isAllowed } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import { todayOf } from '../../convocations/convocation.queries.js';
import { MessageQueries } from '../../notifications/message.queries.js';
import { countTasks } from '../../notifications/follow-up/task.queries.js';
import { listAppointmentTypes } from '../../organizations/organization.queries.js';
import { openSlots } from '../../organizations/slot.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { renderPage } from '../../ui/render-page.js';
import { capital, day, dayOfYear, hourAt } from '../../ui/typography.js';
import { countDisabled } from '../../webhooks/webhook.queries.js';
import { attentionCounters, type Counter } from '../attention/attention.page.js';
import { attentionCounts } from '../attention/attention.query.js';
import { dayRows } from '../day-list/day-row.js';
import { frameOf } from '../frame.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { absenceNow } from './absence-now.js';
import { type FreeSeat, HomePage, type HomeView } from './home.page.js';

const SHOWN_SEATS = 6;

@Controller()
export class HomeController {
  constructor(
    private readonly transaction: Transaction,
    private readonly officeHours: OfficeHours,
    private readonly messages: MessageQueries,
  ) {}

  @SignedIn()
  @Get()
  async show(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const view = await this.transaction.run((tx) => this.view(tx, actor));
    return renderPage(h(HomePage, { frame: frameOf(session), ...view }));
  }

  private async view(tx: EntityManager, actor: Actor): Promise<Omit<HomeView, 'frame'>> {
    const office = await this.officeHours.of(tx, actor);
    const today = await todayOf(tx, actor);
    return {
      date: capital(day(office.today)),
      today: office.today,
      rows: await dayRows(tx, today, this.messages, office),
      attention: [
        ...(await tasksOf(tx, actor)),
        ...(await attentionOf(tx, actor)),
        ...(await webhooksOf(tx, actor)),
      ],
      seats: actor.organizationKind === 'tj' ? await hearingSeats(tx, actor, office) : null,
      absence: isAllowed(actor.role, 'statistics.read') ? await absenceNow(tx, actor, office.today) : null,
    };
  }
}

/** What messages could not do by themselves. */
async function tasksOf(tx: EntityManager, actor: Actor): Promise<Counter[]> {
  if (!isAllowed(actor.role, 'task.read')) return [];
  const { total, toReach } = await countTasks(tx, actor);
  return [
    { href: '/tasks', label: 'À joindre autrement', count: toReach },
    { href: '/tasks', label: 'Numéros et réponses à traiter', count: total - toReach },
  ];
}

/** Who never records outcomes is not asked to. */
async function attentionOf(tx: EntityManager, actor: Actor): Promise<Counter[]> {
  const { unmarked, ...counts } = await attentionCounts(tx, actor);
  return attentionCounters(isAllowed(actor.role, 'attendance.record') ? { ...counts, unmarked } : counts);
}

/** Software that is told nothing any more. */
async function webhooksOf(tx: EntityManager, actor: Actor): Promise<Counter[]> {
  if (!isAllowed(actor.role, 'webhook.manage')) return [];
  const count = await countDisabled(tx, actor);
  return [{ href: '/console/webhooks', label: 'Webhooks désactivés par leurs échecs', count }];
}

/** Within a month, of the types this role books at the end of a hearing. */
async function hearingSeats(tx: EntityManager, actor: Actor, office: Office): Promise<FreeSeat[]> {
  const types = (await listAppointmentTypes(tx, actor)).filter(({ isHearingExit }) => isHearingExit);
  const to = Temporal.PlainDate.from(office.today).add({ months: 1 }).toString();
  const found = [];
  for (const { id: typeCode } of types)
    found.push(...(await openSlots(tx, actor, { typeCode, to, onlyFree: true, limit: SHOWN_SEATS })).items);
  return found
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    .slice(0, SHOWN_SEATS)
    .map((slot) => ({
      slotId: slot.id,
      when: `${capital(dayOfYear(slot.date))} à ${hourAt(slot.time, slot.timeZone, office.timeZone)}`,
      where: `${slot.placeName}, ${slot.agendaName}`,
      left: slot.seatsLeft,
      capacity: slot.capacity,
    }));
}
