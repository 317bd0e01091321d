import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import type { OrganizationKind, Role } from '../../src/access/domain/roles.js';
import { CHARTER_VERSION } from '../../src/agents/domain/charter.js';
import { BookConvocation } from '../../src/convocations/book-convocation.js';
import { CancelConvocation } from '../../src/convocations/cancel-convocation.js';
import { MessagePlanner } from '../../src/convocations/message-planner.port.js';
import { RecordAttendance } from '../../src/convocations/record-attendance.js';
import { RecordDay } from '../../src/convocations/record-day.js';
import { ReopenConvocation } from '../../src/convocations/reopen-convocation.js';
import { RescheduleConvocation } from '../../src/convocations/reschedule-convocation.js';
import { OpenSlot } from '../../src/organizations/open-slot.js';
import { NumberMoves } from '../../src/persons/number-moves.port.js';
import { RegisterPerson } from '../../src/persons/register-person.js';
import { UpdatePerson } from '../../src/persons/update-person.js';
import { Clock } from '../../src/platform/clock.js';
import { Transaction } from '../../src/platform/transaction.js';

/** Remembers what booking asked of the messages, and plans none. */
export class RecordingPlanner extends MessagePlanner {
  readonly asked: { convocationId: string; change: string; notify: boolean }[] = [];

  plan(_tx: unknown, change: { convocationId: string; change: string; notify: boolean }): Promise<void> {
    this.asked.push(change);
    return Promise.resolve();
  }
}

/** No message is planned here: none moves with a number. */
class UnmovedMessages extends NumberMoves {
  moved(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Office {
  readonly organizationId: string;
  readonly placeId: string;
  readonly agendaId: string;
  readonly timeZone: string;
  /** An agent of this office. */
  actor(role?: Role): Actor;
}

export interface OfficeWishes {
  readonly kind?: OrganizationKind;
  readonly timeZone?: string;
  readonly calendar?: string;
  /** Offices linked to it: SPIPs of a court. */
  readonly linkedTo?: readonly Office[];
}

/** Offices, agents and persons in a database of the test's own; use cases as the application wires them. */
export class Offices {
  readonly clock = new Clock();
  readonly planner = new RecordingPlanner();
  readonly transaction: Transaction;
  readonly book = new BookConvocation(this.clock, this.planner);
  readonly reschedule = new RescheduleConvocation(this.clock, this.planner);
  readonly cancel = new CancelConvocation(this.clock, this.planner);
  readonly attendance = new RecordAttendance(this.clock, this.planner);
  readonly recordDay = new RecordDay(this.clock, this.planner);
  readonly reopen = new ReopenConvocation(this.clock, this.planner);
  readonly register = new RegisterPerson(this.clock);
  readonly update = new UpdatePerson(this.clock, new UnmovedMessages());
  readonly open = new OpenSlot(this.clock);

  constructor(readonly dataSource: DataSource) {
    this.transaction = new Transaction(dataSource);
  }

  async office(wishes: OfficeWishes = {}): Promise<Office> {
    const kind = wishes.kind ?? 'spip';
    const timeZone = wishes.timeZone ?? 'Europe/Paris';
    const organizationId = await this.insert(
      'INSERT INTO organization (name, kind, time_zone, calendar) VALUES ($1, $2, $3, $4) RETURNING id',
      [`${kind} ${randomUUID()}`, kind, timeZone, wishes.calendar ?? 'metropole'],
    );
    const linked = (wishes.linkedTo ?? []).map((office) => office.organizationId);
    for (const spipId of linked)
      await this.dataSource.query('INSERT INTO organization_link (tj_id, spip_id) VALUES ($1, $2)', [
        organizationId,
        spipId,
      ]);
    const placeId = await this.insert(
      `INSERT INTO place (organization_id, name, address, time_zone, phone)
       VALUES ($1, 'Antenne', '1 rue de la Paix', $2, '+33147250000') RETURNING id`,
      [organizationId, timeZone],
    );
    const agendaId = await this.agenda(placeId);
    const actor = (role: Role = 'local-admin'): Actor => ({
      agentId: null,
      apiKeyId: null,
      role,
      organizationId,
      organizationKind: kind,
      linkedOrganizationIds: linked,
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone,
    });
    return { organizationId, placeId, agendaId, timeZone, actor };
  }

  agenda(placeId: string): Promise<string> {
    return this.insert('INSERT INTO agenda (place_id, name) VALUES ($1, $2) RETURNING id', [
      placeId,
      randomUUID(),
    ]);
  }

  agent(office: Office, role: Role): Promise<string> {
    return this.insert(
      `INSERT INTO agent (organization_id, email, first_name, last_name, role, charter_version, charter_accepted_at)
       VALUES ($1, $2, 'Alix', 'Agent', $3, $4, app_now()) RETURNING id`,
      [office.organizationId, `${randomUUID()}@example.test`, role, CHARTER_VERSION],
    );
  }

  async person(office: Office): Promise<string> {
    const id = await this.insert(
      `INSERT INTO person (first_name, last_name, search_key) VALUES ('Ada', 'Essai', 'essai ada') RETURNING id`,
      [],
    );
    await this.dataSource.query(
      'INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)',
      [id, office.organizationId],
    );
    return id;
  }

  /** @returns the id of an open slot of the office */
  async slot(
    office: Office,
    wishes: { date?: string; time?: string; capacity?: number; typeCode?: string; agendaId?: string } = {},
  ): Promise<string> {
    const slot = await this.transaction.run((tx) =>
      this.open.execute(
        tx,
        {
          agendaId: wishes.agendaId ?? office.agendaId,
          typeCode: wishes.typeCode ?? 'sortie-audience-spip',
          date: wishes.date ?? '2026-06-10',
          time: wishes.time ?? '09:00',
          durationMinutes: 30,
          capacity: wishes.capacity ?? 1,
        },
        office.actor('local-admin'),
      ),
    );
    return slot.id;
  }

  /** On a seat of an exit from hearings, by the office itself; of somebody new unless named. */
  async booked(office: Office, slotId: string, personId?: string) {
    const person = personId ?? (await this.person(office));
    const command = { personId: person, typeCode: 'sortie-audience-spip', slotId, notify: false };
    return this.transaction.run((tx) => this.book.execute(tx, command, office.actor()));
  }

  /** At a free hour, by the office itself, of somebody new. */
  async bookedAt(office: Office, date: string, time: string) {
    const personId = await this.person(office);
    const { agendaId } = office;
    const command = { personId, typeCode: 'suivi-spip', agendaId, date, time, notify: false };
    return this.transaction.run((tx) => this.book.execute(tx, command, office.actor()));
  }

  async seatsTaken(slotId: string): Promise<number> {
    const rows: { seats: number }[] = await this.dataSource.query(
      'SELECT seats_taken AS seats FROM slot WHERE id = $1',
      [slotId],
    );
    return rows[0]?.seats ?? -1;
  }

  /** Slots whose counter is not what their convocations say. */
  miscounted(): Promise<unknown[]> {
    return this.dataSource.query(
      `SELECT s.id, s.seats_taken, count(c.id) AS seated FROM slot s
       LEFT JOIN convocation c ON c.slot_id = s.id AND c.state IN ('booked', 'attended', 'missed')
       GROUP BY s.id HAVING count(c.id) <> s.seats_taken`,
    );
  }

  private async insert(sql: string, parameters: readonly unknown[]): Promise<string> {
    const rows: { id: string }[] = await this.dataSource.query(sql, [...parameters]);
    return rows[0]?.id ?? '';
  }
}

/** The code of the refusal, or `done`. */
export function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
}
