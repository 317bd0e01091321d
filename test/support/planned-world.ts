import type { DataSource, EntityManager } from 'typeorm';
import { loadEnv } from '../../config/load-env.js';
import type { Actor } from '../../src/access/actor.js';
import type { PromiseChange } from '../../src/convocations/message-planner.port.js';
import { ONE_DAY } from '../../src/notifications/domain/reminder-plan-presets.js';
import { ChangePlan } from '../../src/notifications/plans/change-plan.js';
import { ChangeServiceHours } from '../../src/notifications/plans/change-service-hours.js';
import { ChangeTerritory } from '../../src/notifications/plans/change-territory.js';
import { PlanMessages } from '../../src/notifications/plans/plan-messages.js';
import { type ReplanAnswer, ReplanMessages } from '../../src/notifications/plans/replan-messages.js';
import { RunReplans } from '../../src/notifications/plans/run-replans.js';
import { ReplanMovedNumber } from '../../src/notifications/plans/replan-moved-number.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { SendingRules } from '../../src/notifications/sending/sending-rules.js';
import { findPerson } from '../../src/persons/person.queries.js';
import { UpdatePerson } from '../../src/persons/update-person.js';
import { Clock } from '../../src/platform/clock.js';
import type { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { Transaction } from '../../src/platform/transaction.js';
import { toInstant } from '../../src/shared/time.js';
import { anAgent, aPerson, aService } from './builders.js';
import { contactId } from './contacts.js';
import { createTestDatabase, moveClock, type TestDatabase } from './database.js';

export const PARIS = 'Europe/Paris';
const MONDAY = '2026-06-01T08:00:00Z';

interface Booking {
  readonly date: string;
  readonly time?: string;
  readonly person?: string;
  readonly typeCode?: string;
  readonly notify?: boolean;
}

/** One service on Monday 1 June 2026, 10:00: convocations are booked there, and plans of messages changed. */
export class PlannedWorld {
  service = { organizationId: '', placeId: '', agendaId: '' };
  readonly dataSource: DataSource;
  readonly changePlan: ChangePlan;
  readonly hours: ChangeServiceHours;
  private readonly replan: ReplanMessages;
  private readonly territory: ChangeTerritory;
  private readonly planner: PlanMessages;
  private readonly updatePerson: UpdatePerson;
  private agentId = '';

  private constructor(private readonly database: TestDatabase) {
    this.dataSource = database.dataSource;
    const env = loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: database.url,
      SECRET_KEYS: 'k'.repeat(32),
    });
    const rules = new SendingRules(env, new Gateways(env));
    this.replan = new ReplanMessages(rules);
    const { replan } = this;
    this.planner = new PlanMessages(rules);
    this.updatePerson = new UpdatePerson(new Clock(), new ReplanMovedNumber(rules));
    this.changePlan = new ChangePlan(replan);
    this.hours = new ChangeServiceHours(replan);
    this.territory = new ChangeTerritory(replan);
  }

  /** In a database of its own. */
  static async open(settings: { readonly poolSize?: number } = {}): Promise<PlannedWorld> {
    return new PlannedWorld(await createTestDatabase(settings)).build();
  }

  close(): Promise<void> {
    return this.database.drop();
  }

  private async build(): Promise<this> {
    await moveClock(this.dataSource, MONDAY);
    this.service = await aService(this.dataSource);
    const { organizationId } = this.service;
    this.agentId = await anAgent(this.dataSource, { organizationId });
    return this;
  }

  get admin(): Actor {
    const { organizationId } = this.service;
    const who = {
      agentId: this.agentId,
      apiKeyId: null,
      organizationId,
      linkedOrganizationIds: [],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    };
    return { ...who, role: 'admin', organizationKind: 'spip' };
  }

  sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.dataSource.query(text, [...values]);
  }

  /** From now on, telephones of this territory are told three hours earlier. */
  async coversPoorly(territory: string): Promise<void> {
    const command = { territory, operator: null, hasPoorCoverage: true, earlierHours: 3, isDryRun: false };
    await this.dataSource.transaction((tx) => this.territory.execute(tx, command, this.admin));
  }

  person(): Promise<string> {
    return aPerson(this.dataSource, { organizationIds: [this.service.organizationId] });
  }

  /** Null: no number any more. */
  async numbered(personId: string, phone: string | null): Promise<void> {
    await new Transaction(this.dataSource).run(async (tx) => {
      const { updatedAt: expectedUpdatedAt } = await findPerson(tx, this.admin, personId);
      const command = { personId, expectedUpdatedAt, changes: { phone } };
      await this.updatePerson.execute(tx, command, this.admin);
    });
  }

  /** @param tx the booking is part of it; absent: one of its own */
  async booked(
    { date, time = '10:00', typeCode = 'suivi-spip', ...more }: Booking,
    tx: EntityManager = this.dataSource.manager,
  ): Promise<string> {
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$5) RETURNING id`,
      [
        more.person ?? (await this.person()),
        typeCode,
        this.service.agendaId,
        this.service.placeId,
        this.service.organizationId,
        date,
        time,
        PARIS,
        toInstant({ date, time, timeZone: PARIS }).toString(),
      ],
    );
    const id = rows[0]?.id ?? '';
    await this.changed(id, 'booked', more.notify ?? false, tx);
    return id;
  }

  async changed(
    convocationId: string,
    change: PromiseChange,
    notify = false,
    tx: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    await tx.transaction((inner) => this.planner.plan(inner, { convocationId, change, notify }));
  }

  /** So many persons, each with an appointment on 18 June at 10:00 and no message yet. */
  async crowd(count: number): Promise<void> {
    await this.sql(
      `WITH p AS (INSERT INTO person (first_name, last_name, search_key, phone_id, phone_mobile)
         SELECT 'A', 'B' || n, 'b' || n, $4, true FROM generate_series(1, $5::int) n RETURNING id)
       INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id)
       SELECT id, 'suivi-spip', $1, $2, $3, '2026-06-18', '10:00', '${PARIS}', '2026-06-18T08:00:00Z', $3 FROM p`,
      [
        this.service.agendaId,
        this.service.placeId,
        this.service.organizationId,
        await contactId(this.dataSource, '+33612345678'),
        count,
      ],
    );
  }

  /** What the workers do of what changes have left to do. */
  runReplans(transaction = new Transaction(this.dataSource)): Promise<void> {
    const tasks = { register: () => undefined } as unknown as ScheduledTasks;
    return new RunReplans(transaction, tasks, this.replan).execute();
  }

  /** « reminder 7 2026-06-03 10:00 », in the order they leave; those withdrawn left out. */
  async planned(id: string): Promise<string[]> {
    const rows = await this.sql<{ said: string }>(
      `SELECT kind || ' ' || occurrence || ' ' || to_char(due_at AT TIME ZONE $2, 'YYYY-MM-DD HH24:MI') AS said
         FROM message WHERE convocation_id = $1 AND state = 'planned' ORDER BY due_at`,
      [id, PARIS],
    );
    return rows.map(({ said }) => said);
  }

  async past(personId: string, date: string, state: string): Promise<void> {
    const id = await this.booked({ date: '2026-06-30', person: personId });
    await this.sql(
      `UPDATE convocation SET state = $2, local_date = $3, starts_at = ($3::date + time '10:00') AT TIME ZONE '${PARIS}'
        WHERE id = $1`,
      [id, state, date],
    );
  }

  change(more: Partial<Parameters<ChangePlan['execute']>[1]>, isDryRun = false): Promise<ReplanAnswer> {
    const { organizationId } = this.service;
    const command = { organizationId, typeCode: null, plan: ONE_DAY, weeklyLimit: 4, basedOn: 0, isDryRun };
    return this.dataSource.transaction((tx) =>
      this.changePlan.execute(tx, { ...command, ...more }, this.admin),
    );
  }
}
