import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import type { DataSource } from 'typeorm';
import { PlanMessages } from '../../src/notifications/plans/plan-messages.js';
import type { PromiseChange } from '../../src/convocations/message-planner.port.js';
import { toInstant } from '../../src/shared/time.js';
import type { Engine } from './engine.js';
import { contactId } from './contacts.js';

export interface PersonWishes {
  readonly phone?: string | null;
  readonly mobile?: boolean;
  readonly email?: string;
  readonly refuses?: boolean;
  readonly register?: 'standard' | 'discreet';
}

export interface BookingWishes extends PersonWishes {
  readonly date: string;
  readonly time: string;
  readonly timeZone?: string;
  readonly typeCode?: string;
  readonly notify?: boolean;
  /** Somebody summoned before; default: somebody new. */
  readonly personId?: string;
  readonly placeName?: string;
  /** Days before the appointment at which the service reminds; default: the day before. */
  readonly offsets?: readonly number[];
  readonly weeklyLimit?: number;
  /** News of the service waits three hours after another text; default: it does not. */
  readonly isSpaced?: boolean;
  readonly calendar?: string;
  readonly sendsOnClosedDays?: boolean;
}

let counter = 0;

/** A mobile of its own for each call, never one of the simulator's misbehaving endings. */
export function aMobile(): string {
  counter += 1;
  return `+3361${String(counter).padStart(5, '0')}10`;
}

/** A service with one place and one agenda, and persons summoned there, written straight into the tables. */
export class World {
  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: Engine,
  ) {}

  /** @returns the id of a booked convocation whose messages are planned */
  async book(wishes: BookingWishes): Promise<string> {
    const place = await this.place(wishes);
    const personId = wishes.personId ?? (await this.person(wishes));
    const promise = { date: wishes.date, time: wishes.time, timeZone: wishes.timeZone ?? 'Europe/Paris' };
    const id = randomUUID();
    await this.dataSource.query(
      `INSERT INTO convocation (id, person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$6)`,
      [
        id,
        personId,
        wishes.typeCode ?? 'suivi-spip',
        place.agendaId,
        place.placeId,
        place.organizationId,
        promise.date,
        promise.time,
        promise.timeZone,
        toInstant(promise).toString(),
      ],
    );
    await this.plan(id, 'booked', wishes.notify ?? false);
    return id;
  }

  /** The row and the history as a move leaves them; what it plans is asked for apart. */
  async move(convocationId: string, to: { readonly date: string; readonly time: string }): Promise<void> {
    const timeZone = 'Europe/Paris';
    await this.dataSource.query(
      `INSERT INTO history_entry (event, person_id, convocation_id, detail)
       SELECT 'convocation.rescheduled', person_id, id, jsonb_build_object('from', jsonb_build_object(
                'date', local_date, 'time', local_time, 'timeZone', time_zone, 'promiseVersion', promise_version))
         FROM convocation WHERE id = $1`,
      [convocationId],
    );
    await this.dataSource.query(
      `UPDATE convocation SET local_date = $2, local_time = $3, starts_at = $4, promise_version = promise_version + 1,
              updated_at = app_now() WHERE id = $1`,
      [convocationId, to.date, to.time, toInstant({ ...to, timeZone }).toString()],
    );
  }

  async plan(convocationId: string, change: PromiseChange, notify: boolean): Promise<void> {
    const planner = this.engine.module.get(PlanMessages);
    await this.dataSource.transaction((tx) => planner.plan(tx, { convocationId, change, notify }));
  }

  async messages(convocationId: string): Promise<
    {
      kind: string;
      state: string;
      reason: string | null;
      possible_duplicate: boolean;
      due_at: Date;
      attempts: number;
    }[]
  > {
    return this.dataSource.query('SELECT * FROM message WHERE convocation_id = $1 ORDER BY due_at, kind', [
      convocationId,
    ]);
  }

  async state(convocationId: string, kind: string): Promise<string | undefined> {
    return (await this.messages(convocationId)).find((message) => message.kind === kind)?.state;
  }

  async person(wishes: PersonWishes = {}): Promise<string> {
    const id = randomUUID();
    const phone = wishes.phone === undefined ? aMobile() : wishes.phone;
    await this.dataSource.query(
      `INSERT INTO person (id, first_name, last_name, search_key, phone_id, phone_mobile, no_phone, email_id, register,
         sms_refused_at, sms_refused_origin)
       VALUES ($1, 'Ada', 'Essai', gen_random_uuid()::text, $2, $3, $4, $5, $6, CASE WHEN $7 THEN app_now() END,
         CASE WHEN $7 THEN 'person' END)`,
      [
        id,
        await contactId(this.dataSource, phone),
        phone !== null && (wishes.mobile ?? true),
        phone === null,
        await contactId(this.dataSource, wishes.email),
        wishes.register ?? 'standard',
        wishes.refuses ?? false,
      ],
    );
    return id;
  }

  private async place(
    wishes: BookingWishes,
  ): Promise<{ organizationId: string; placeId: string; agendaId: string }> {
    const zone = wishes.timeZone ?? 'Europe/Paris';
    const organization = await this.insert(
      `INSERT INTO organization (name, kind, time_zone, calendar, sends_on_closed_days) VALUES ($1, 'spip', $2, $3, $4) RETURNING id`,
      [`SPIP ${randomUUID()}`, zone, wishes.calendar ?? 'metropole', wishes.sendsOnClosedDays ?? true],
    );
    const place = await this.insert(
      `INSERT INTO place (organization_id, name, address, time_zone, phone)
       VALUES ($1, $2, '94 rue des Ecoles, 92000 Nanterre', $3, '+33147250000') RETURNING id`,
      [organization, wishes.placeName ?? 'SPIP 92 Nanterre', zone],
    );
    await this.dataSource.query(
      'INSERT INTO reminder_plan (organization_id, steps, weekly_limit) VALUES ($1, $2, $3)',
      [
        organization,
        JSON.stringify(stepsOf(wishes.offsets ?? [1], wishes.isSpaced ?? false)),
        wishes.weeklyLimit ?? 4,
      ],
    );
    const agenda = await this.insert(
      `INSERT INTO agenda (place_id, name) VALUES ($1, 'Bureau 1') RETURNING id`,
      [place],
    );
    return { organizationId: organization, placeId: place, agendaId: agenda };
  }

  /** @returns the id of the one row inserted */
  private async insert(sql: string, values: unknown[]): Promise<string> {
    const rows: { id: string }[] = await this.dataSource.query(sql, values);
    return rows[0]?.id ?? '';
  }
}

/** A plan that reminds every person at the hour of the appointment. */
function stepsOf(offsets: readonly number[], isSpaced: boolean): object[] {
  const usual = { channel: 'auto', hour: null, usefulUntilHours: 1 };
  return [
    { kind: 'summons', channel: 'auto', isSpaced },
    ...offsets.map((offsetDays) => ({ kind: 'reminder', offsetDays, when: { if: 'always' }, ...usual })),
    { kind: 'after-absence', channel: 'auto', hour: null, usefulUntilHours: 168, isSpaced },
  ];
}

/** The instant of a wall clock somewhere, moved by some minutes, for `moveClock`. */
export function at(date: string, time: string, timeZone = 'Europe/Paris', minutes = 0): string {
  return Temporal.PlainDateTime.from(`${date}T${time}`)
    .toZonedDateTime(timeZone)
    .add({ minutes })
    .toInstant()
    .toString();
}
