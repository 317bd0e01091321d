import { AGENTS, type DemoAgent } from './agents.js';
import { Chance, idOf } from './chance.js';
import {
  daysBetween,
  FIRST_DAY,
  isWorkingDay,
  plusDays,
  weekdayOf,
  workingDayFrom,
  workingDayUpTo,
} from './days.js';
import type { DemoPerson } from './persons.js';
import { evenOut } from './even-out.js';
import type { DemoVisit, DrawnVisit } from './visit.js';
import { type DrawnOutcome, drawOutcome, type Outcome } from './outcome.js';
import { agendaId, agentId, dayKey, openingId, organizationId, placeId, referentOf } from './ids.js';
import { type DemoOpening, type DemoService, OPENINGS, serviceOf, SERVICES } from './services.js';

/** What the generation needs to know of the day on which the demo is started. */
export interface DemoCalendar {
  /** Today at each service. */
  readonly today: ReadonlyMap<string, string>;
  readonly rolledOutOn: ReadonlyMap<string, string>;
  /** First day of each service that is told one by one. */
  readonly from: ReadonlyMap<string, string>;
  /** Seats in weekly openings are taken at the first start only: later, they are the agents' business. */
  readonly withSeats: boolean;
}

const DAYS_AHEAD = 35;
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
const WEEKEND_TYPES = ['placement-tig-tnr', 'convocation-ddse'];
const TYPES: readonly (readonly [code: string, weight: number])[] = [
  ['suivi-spip', 66],
  ['convocation-741-1', 8],
  ['placement-tig-tnr', 7],
  ['visite-domicile', 5],
  ['rdv-telephonique', 4],
  ['rappel-spip', 4],
  ['convocation-ddse', 3],
  ['action-collective', 3],
];
/** Convocations that an office sees on a full day. */
const FULL_DAY: Readonly<Record<string, number>> = {
  'spip-92': 24,
  'spip-973': 14,
  'spip-974': 14,
  'tj-92': 6,
  'tj-973': 3,
  'tj-974': 3,
};

const SMALL_DAY = 4;

/** Everything from the first days of `calendar.from` to five weeks ahead that was booked before today, and full days today and tomorrow. */
export function demoVisits(persons: readonly DemoPerson[], calendar: DemoCalendar): DemoVisit[] {
  const maker = new VisitMaker(calendar);
  for (const person of persons) maker.follow(person);
  for (const service of SERVICES) maker.fillDays(service, persons);
  return evenOut(maker.visits, calendar.rolledOutOn);
}

interface Wanted {
  readonly key: string;
  readonly person: DemoPerson;
  readonly service: DemoService;
  readonly date: string;
  readonly chance: Chance;
  readonly typeCode: string;
}

class VisitMaker {
  readonly visits: DrawnVisit[] = [];
  private readonly taken = new Set<string>();
  private readonly seats = new Map<string, number>();

  constructor(private readonly calendar: DemoCalendar) {}

  /** The rhythm of one person: a visit every two to six weeks, the first of them a first convocation. */
  follow(person: DemoPerson): void {
    const chance = new Chance(`rhythm ${person.id}`);
    const service = serviceOf(person.service);
    const every = chance.between(14, 40);
    const measure = measureOf(chance);
    const planned = plusDays(this.todayAt(service), DAYS_AHEAD);
    const last = measure.until < planned ? measure.until : planned;
    for (let k = 0, due = measure.from; due <= last; k++) {
      this.visitOf(person, service, workingDayFrom(service.calendar, due), k);
      due = plusDays(due, every + chance.between(-5, 6));
    }
  }

  private visitOf(person: DemoPerson, service: DemoService, date: string, k: number): void {
    const court = k % 4 === 3 ? person.alsoFollowedBy.find((name) => name.startsWith('tj')) : undefined;
    if (date < (this.calendar.from.get(court ?? service.key) ?? FIRST_DAY)) return;
    const key = `visit ${person.id} ${k}`;
    const chance = new Chance(key);
    if (court !== undefined) {
      this.add({
        key,
        person,
        service: serviceOf(court),
        date,
        chance,
        typeCode: chance.happens(0.2) ? 'debat-contradictoire' : 'suivi-jap',
      });
      return;
    }
    const hearingExit = k === 0 && chance.happens(0.6) ? exitFrom(service, date) : undefined;
    if (hearingExit !== undefined && this.calendar.withSeats) {
      this.seat({ key, person, service, date, chance, typeCode: 'sortie-audience-spip' }, hearingExit);
      return;
    }
    this.add({
      key,
      person,
      service,
      date,
      chance,
      typeCode: k === 0 ? 'premiere-convocation-spip' : weighted(chance),
    });
  }

  /** Today and the next working day are full: there is always something to mark, and something that will leave. */
  fillDays(service: DemoService, persons: readonly DemoPerson[]): void {
    const today = this.todayAt(service);
    const known = persons.filter(
      (person) => person.service === service.key || person.alsoFollowedBy.includes(service.key),
    );
    for (const date of [today, plusDays(today, 1), workingDayFrom(service.calendar, plusDays(today, 2))])
      this.fill(service, date, known);
  }

  private fill(service: DemoService, date: string, known: readonly DemoPerson[]): void {
    const open = isWorkingDay(service.calendar, date);
    if (!open && service.kind === 'tj') return;
    const wanted = Math.ceil((FULL_DAY[service.key] ?? SMALL_DAY) * (open ? 1 : 0.4));
    const chance = new Chance(`day ${service.key} ${date}`);
    const here = organizationId(service);
    const already = this.visits.filter(
      (visit) => visit.organization_id === here && visit.local_date === date,
    );
    const busy = new Set(already.map((visit) => visit.person_id));
    for (let i = 0, tries = 0; i + already.length < wanted && tries < 200; tries++) {
      const person = chance.pick(known);
      if (busy.has(person.id)) continue;
      busy.add(person.id);
      const typeCode = open
        ? service.kind === 'tj'
          ? 'suivi-jap'
          : weighted(chance)
        : chance.pick(WEEKEND_TYPES);
      this.add({ key: dayKey(service, date, i++), person, service, date, chance, typeCode });
    }
  }

  private todayAt(service: DemoService): string {
    const today = this.calendar.today.get(service.key);
    if (today === undefined) throw new Error(`no today at ${service.key}`);
    return today;
  }

  private add(wanted: Wanted): void {
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
  private seat(wanted: Wanted, opening: DemoOpening): void {
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
    if (created >= this.todayAt(service)) return;
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
    const recent = date > plusDays(this.todayAt(service), -8);
    return drawOutcome({ personId: person.id, service: service.key, date, rolledOutOn, recent }, chance);
  }
}

/** Some are followed all along, as many others come as go: the work of a service stays about the same. */
function measureOf(chance: Chance): { from: string; until: string } {
  const draw = chance.next();
  const day = (first: number, last: number) => plusDays(FIRST_DAY, chance.between(first, last));
  if (draw < 0.6) return { from: day(0, 300), until: '9999-12-31' };
  if (draw < 0.8) return { from: day(0, 300), until: day(420, 1420) };
  return { from: day(300, 1400), until: '9999-12-31' };
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

function exitFrom(service: DemoService, date: string): DemoOpening | undefined {
  return OPENINGS.find(
    (o) => o.service === service.key && o.typeCode === 'sortie-audience-spip' && o.weekday >= weekdayOf(date),
  );
}

function weighted(chance: Chance): string {
  let left = chance.next() * TYPES.reduce((sum, [, weight]) => sum + weight, 0);
  return TYPES.find(([, weight]) => (left -= weight) < 0)?.[0] ?? 'suivi-spip';
}

/** Convocations that filled the days before today at earlier starts, with what became of them. */
export function earlierFullDays({
  today,
  rolledOutOn,
}: Pick<DemoCalendar, 'today' | 'rolledOutOn'>): { id: string; outcome: Outcome }[] {
  return SERVICES.flatMap((service) => {
    const now = today.get(service.key) ?? FIRST_DAY;
    const ranks = Array.from({ length: FULL_DAY[service.key] ?? SMALL_DAY }, (_, rank) => rank);
    return daysBetween(plusDays(now, -DAYS_AHEAD), plusDays(now, -1)).flatMap((date) =>
      ranks.map((rank) => {
        const id = idOf(dayKey(service, date, rank));
        return {
          id,
          ...drawOutcome(
            {
              ...{ personId: id, service: service.key, date, recent: date > plusDays(now, -8) },
              rolledOutOn: rolledOutOn.get(service.key) ?? FIRST_DAY,
            },
            new Chance(id),
          ),
        };
      }),
    );
  });
}

/** Seats of the weekly openings on every working day of a period. */
export function demoSlots(from: string, to: string): { weekly_slot_id: string; local_date: string }[] {
  const days = [...daysBetween(from, to)];
  return OPENINGS.flatMap((opening) =>
    days
      .filter(
        (date) =>
          weekdayOf(date) === opening.weekday && isWorkingDay(serviceOf(opening.service).calendar, date),
      )
      .map((local_date) => ({ weekly_slot_id: openingId(opening), local_date })),
  );
}
