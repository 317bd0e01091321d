import { AGENTS, type DemoAgent } from './agents.js';
import { Chance, idOf } from './chance.js';
import { FIRST_DAY, plusDays, weekdayOf, workingDayFrom, workingDayUpTo } from './days.js';
import { type DemoCalendar, todayAt } from './demo-calendar.js';
import { agendaId, agentId, openingId, organizationId, placeId, referentOf } from './ids.js';
import { type DrawnOutcome, drawOutcome } from './outcome.js';
import type { DemoPerson } from './persons.js';
import { type DemoOpening, type DemoService, serviceOf } from './services.js';
import type { DrawnVisit } from './visit.js';

const HOURS = [
  '08:30',
  '09:00',
  '09:30',
  '10:00',
  '10:30',
  '11:00',
  '11:30',
  '14:00',
  '14:30',
  '15:00',
  '15:30',
  '16:00',
  '16:30',
];

/** A visit that is to find an hour. */
export interface Wanted {
  readonly key: string;
  readonly person: DemoPerson;
  readonly service: DemoService;
  readonly date: string;
  readonly chance: Chance;
  readonly typeCode: string;
}

/** The diaries of all services: gives each visit that is wanted an hour, and tells what became of it. */
export class Diary {
  readonly visits: DrawnVisit[] = [];
  private readonly taken = new Set<string>();
  private readonly seats = new Map<string, number>();

  constructor(readonly calendar: DemoCalendar) {}

  /** At any hour that is free at an office of the service; nowhere when the day is full. */
  add(wanted: Wanted): void {
    const { service, date, chance } = wanted;
    const agendas = service.agendas.filter((name) => name.startsWith('Bureau') || name.startsWith('Cabinet'));
    const own = service.kind === 'spip' ? agendas : ['Cabinet du JAP'];
    for (let tries = 0; tries < 40; tries++) {
      const agenda = chance.pick(own);
      const time = chance.pick(HOURS);
      const seat = `${service.key} ${agenda} ${date} ${time}`;
      if (this.taken.has(seat)) continue;
      this.taken.add(seat);
      this.push(wanted, { agenda, time, date, opening: null });
      return;
    }
  }

  /** The next hearing-exit opening with a seat left. */
  seat(wanted: Wanted, opening: DemoOpening): void {
    let date = workingDayFrom(wanted.service.calendar, wanted.date);
    while (weekdayOf(date) !== opening.weekday)
      date = workingDayFrom(wanted.service.calendar, plusDays(date, 1));
    const key = `${openingId(opening)} ${date}`;
    const taken = this.seats.get(key) ?? 0;
    if (taken >= opening.capacity - 1) return;
    this.seats.set(key, taken + 1);
    this.push(wanted, { agenda: opening.agenda, time: opening.time, date, opening });
  }

  private push(
    wanted: Wanted,
    at: { agenda: string; time: string; date: string; opening: DemoOpening | null },
  ): void {
    const { service, person, chance, typeCode } = wanted;
    const lead = chance.between(3, 26);
    const created = workingDayUpTo(service.calendar, plusDays(at.date, -lead));
    // Not booked yet on the day the demo is started: it will appear at a later start.
    if (created >= todayAt(this.calendar, service)) return;
    const booker = bookerOf(service, person, at.opening);
    this.visits.push({
      id: idOf(wanted.key),
      person_id: person.id,
      type_code: typeCode,
      agenda_id: agendaId(service, at.agenda),
      place_id: placeId(service),
      organization_id: organizationId(service),
      weekly_slot_id: at.opening === null ? null : openingId(at.opening),
      local_date: at.date,
      local_time: at.time,
      time_zone: service.timeZone,
      duration_minutes: at.opening?.minutes ?? 30,
      created_on: created,
      created_time: `${String(chance.between(9, 16)).padStart(2, '0')}:${String(chance.between(0, 59)).padStart(2, '0')}`,
      created_by_organization_id: organizationId(serviceOf(booker.service)),
      created_by_agent_id: agentId(booker),
      assigned_to_agent_id: service.kind === 'spip' ? agentId(referentOf(person)) : null,
      service: service.key,
      ...this.outcome(wanted, at.date),
    });
  }

  private outcome({ person, service, chance }: Wanted, date: string): DrawnOutcome {
    const rolledOutOn = this.calendar.rolledOutOn.get(service.key) ?? FIRST_DAY;
    const recent = date > plusDays(todayAt(this.calendar, service), -8);
    return drawOutcome({ personId: person.id, service: service.key, date, rolledOutOn, recent }, chance);
  }
}

/** Hearing exits are booked by the court, everything else by the service itself. */
function bookerOf(service: DemoService, person: DemoPerson, opening: DemoOpening | null): DemoAgent {
  if (opening === null && service.kind === 'spip') return referentOf(person);
  const court = service.key.replace('spip', 'tj');
  const roles = opening === null ? ['jap', 'sap-clerk'] : ['bex'];
  return new Chance(`booker ${person.id}`).pick(
    AGENTS.filter((a) => a.service === court && roles.includes(a.role)),
  );
}
