import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../../../src/access/actor.js';
import { ONE_DAY, RECOMMENDED, TWO_DAYS } from '../../../src/notifications/domain/reminder-plan-presets.js';
import { type ReminderPlan, stepsOf } from '../../../src/notifications/domain/reminder-plan.js';
import { contactId } from '../contacts.js';
import type { Engine } from './engine.js';
import type { Behaviour } from './phones.js';

/** A service as the judge knows it. */
export interface Service {
  readonly id: string;
  readonly agendaId: string;
  readonly street: string;
  readonly timeZone: string;
  hours: readonly [from: string, to: string];
  closes: boolean;
  planVersion: number;
}

export interface Person {
  readonly id: string;
  phone: string | null;
  readonly email: string | null;
  /** Since when texts are refused, in milliseconds; null: they are not. */
  refusedAt: number | null;
}

/** Said to a person: recognised in any text by its minute, which no other promise of the history has. */
export interface Promised {
  readonly clock: string;
  readonly date: string;
  readonly startsAt: number;
  readonly service: Service;
  readonly madeAt: number;
  /** The agent asked that the person be told. */
  readonly notify: boolean;
}

export interface Appointment {
  readonly id: string;
  readonly person: Person;
  readonly typeCode: string;
  readonly promises: Promised[];
  state: 'booked' | 'attended' | 'missed' | 'excused' | 'cancelled';
  changedAt: number;
  /** Of its last change of state. */
  isTold: boolean;
}

export interface Setup {
  readonly begins: string;
  readonly persons: readonly {
    readonly phone: number;
    readonly email: boolean;
    readonly discreet: boolean;
  }[];
  readonly closes: boolean;
  readonly plan: number;
  readonly script: readonly Behaviour[];
}

const SPACED: ReminderPlan = {
  ...RECOMMENDED,
  summons: { ...RECOMMENDED.summons, isSpaced: true },
  reminders: RECOMMENDED.reminders.map((step) => ({ ...step, hour: '18:00' })),
};
export const PLANS: readonly ReminderPlan[] = [ONE_DAY, RECOMMENDED, TWO_DAYS, SPACED];
const PHONES = ['+33611000010', '+33611000110', '+33611000210', '+594694000010'];
/** Beside the usual hours of the environment. */
export const HOURS = [
  ['08:00', '20:00'],
  ['09:00', '17:00'],
  ['10:30', '12:00'],
] as const;
const PLACES = [
  ['Nanterre', 'Europe/Paris', 'metropole', '1 rue Alpha'],
  ['Cayenne', 'America/Cayenne', 'guyane', '2 rue Bravo'],
  ['Papeete', 'Pacific/Tahiti', 'polynesie-francaise', '3 rue Charlie'],
] as const;

/** What an agent knows of an office: kept by the test itself, never read from the product's tables. */
export class OfficeWorld {
  readonly services: Service[] = [];
  readonly persons: Person[] = [];
  readonly appointments: Appointment[] = [];
  readonly blocked = new Set<string>();
  readonly said: string[] = [];
  isHeld = false;
  planChanged = false;
  lastActAt = 0;
  agents: readonly string[] = [];
  private minutes = 0;

  private constructor(readonly engine: Engine) {}

  static async open(engine: Engine, setup: Setup): Promise<OfficeWorld> {
    const world = new OfficeWorld(engine);
    engine.phones.begin(setup.script);
    await engine.reset(setup.begins);
    for (const place of PLACES) world.services.push(await world.service(place, setup));
    const [first] = world.services;
    world.agents = [await world.agent(first?.id), await world.agent(first?.id)];
    for (const one of setup.persons) world.persons.push(await world.person(one));
    return world;
  }

  get now(): number {
    return this.engine.milliseconds;
  }

  admin(which = 0): Actor {
    const who = { agentId: this.agents[which] ?? null, apiKeyId: null, linkedOrganizationIds: [] };
    const where = {
      organizationId: this.services[0]?.id ?? '',
      organizationKind: 'spip',
      timeZone: 'Europe/Paris',
    } as const;
    return { ...who, ...where, role: 'admin', headquartersOrganizationIds: [], isInterRessort: false };
  }

  phone(which: number): string | null {
    return PHONES[which] ?? null;
  }

  /** A wall clock nobody else of this history has, on a working day. */
  hourAt(service: Service, days: number, hour: number): { readonly date: string; readonly time: string } {
    const local = Temporal.Instant.fromEpochMilliseconds(this.now).toZonedDateTimeISO(service.timeZone);
    const minute = this.minutes++ % 60;
    const at = days === 0 ? local.add({ hours: 1 + (hour % 8) }).hour : hour;
    let day = local.toPlainDate().add({ days });
    if (days > 0) while (day.dayOfWeek > 5) day = day.add({ days: 1 });
    return { date: day.toString(), time: `${pad(at)}:${pad(minute)}` };
  }

  promised(service: Service, said: { date: string; time: string }, notify: boolean): Promised {
    const startsAt = Temporal.PlainDateTime.from(`${said.date}T${said.time}`)
      .toZonedDateTime(service.timeZone)
      .toInstant().epochMilliseconds;
    return { clock: said.time, date: said.date, startsAt, service, madeAt: this.now, notify };
  }

  /** Of this wall clock, whichever appointment it is of. */
  promiseOf(clock: string): { readonly appointment: Appointment; readonly promised: Promised } | undefined {
    for (const appointment of this.appointments)
      for (const promised of appointment.promises)
        if (promised.clock === clock) return { appointment, promised };
    return undefined;
  }

  private async service(place: (typeof PLACES)[number], setup: Setup): Promise<Service> {
    const [name, timeZone, calendar, street] = place;
    const [usual] = HOURS;
    const id = await this.insert(
      `INSERT INTO organization (name, kind, time_zone, calendar, sends_on_closed_days) VALUES ($1, 'spip', $2, $3, $4) RETURNING id`,
      [`SPIP ${name}`, timeZone, calendar, !setup.closes],
    );
    const placeId = await this.insert(
      `INSERT INTO place (organization_id, name, address, time_zone, phone) VALUES ($1, $2, $3, $4, '+33147250000') RETURNING id`,
      [id, `SPIP ${name}`, `${street}, ${name}`, timeZone],
    );
    await this.engine.query(
      'INSERT INTO reminder_plan (organization_id, steps, weekly_limit) VALUES ($1, $2, 4)',
      [id, JSON.stringify(stepsOf(PLANS[setup.plan % PLANS.length] ?? ONE_DAY))],
    );
    const agendaId = await this.insert(
      `INSERT INTO agenda (place_id, name) VALUES ($1, 'Bureau') RETURNING id`,
      [placeId],
    );
    return { id, agendaId, street, timeZone, hours: usual, closes: setup.closes, planVersion: 1 };
  }

  private agent(organizationId = ''): Promise<string> {
    return this.insert(
      `INSERT INTO agent (organization_id, email, first_name, last_name, role, charter_version, charter_accepted_at)
       VALUES ($1, $2, 'Camille', 'Martin', 'admin', 1, app_now()) RETURNING id`,
      [organizationId, `${randomUUID()}@example.test`],
    );
  }

  private async person(given: Setup['persons'][number]): Promise<Person> {
    const phone = this.phone(given.phone);
    const email = given.email ? `${randomUUID()}@example.test` : null;
    const { dataSource } = this.engine.database;
    const id = await this.insert(
      `INSERT INTO person (first_name, last_name, search_key, phone_id, phone_mobile, phone_territory, no_phone, email_id, register, referent_id)
       VALUES ('Ada', 'Essai', gen_random_uuid()::text, $1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [
        await contactId(dataSource, phone),
        phone !== null,
        phone === null ? null : phone.startsWith('+594') ? 'GF' : 'FR',
        phone === null,
        await contactId(dataSource, email),
        given.discreet ? 'discreet' : 'standard',
        this.agents[0],
      ],
    );
    for (const service of this.services)
      await this.engine.query(
        'INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)',
        [id, service.id],
      );
    return { id, phone, email, refusedAt: null };
  }

  private async insert(sql: string, values: readonly unknown[]): Promise<string> {
    const rows = await this.engine.query<{ id: string }>(sql, values);
    return rows[0]?.id ?? '';
  }
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
