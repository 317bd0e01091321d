import type { Actor } from '../../src/access/actor.js';
import { loadEnv } from '../../config/env.js';
import type { PromiseChange } from '../../src/convocations/message-planner.port.js';
import { ChangePlan } from '../../src/notifications/plans/change-plan.js';
import { ChangeServiceHours } from '../../src/notifications/plans/change-service-hours.js';
import { ChangeTerritory } from '../../src/notifications/plans/change-territory.js';
import { parsePlan, type ReminderStep } from '../../src/notifications/domain/reminder-plan.js';
import { ONE_DAY, RECOMMENDED, TWO_DAYS } from '../../src/notifications/domain/reminder-plan-presets.js';
import { PlanMessages } from '../../src/notifications/plans/plan-messages.js';
import { planInForce, storedPlans } from '../../src/notifications/plans/reminder-plan.queries.js';
import { ReplanMessages } from '../../src/notifications/plans/replan-messages.js';
import { SendingRules } from '../../src/notifications/sending/sending-rules.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { toInstant } from '../../src/shared/time.js';
import { anAgent, aPerson, aService } from '../support/builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';

const PARIS = 'Europe/Paris';
const MONDAY = '2026-06-01T08:00:00Z';

interface Booking {
  readonly date: string;
  readonly time?: string;
  readonly person?: string;
  readonly typeCode?: string;
  readonly notify?: boolean;
}

describe('plans', () => {
  let database: TestDatabase;
  let service: Awaited<ReturnType<typeof aService>>;
  let planner: PlanMessages;
  let changePlan: ChangePlan;
  let hours: ChangeServiceHours;
  let territory: ChangeTerritory;
  let admin: Actor;

  beforeEach(async () => {
    database = await createTestDatabase({ poolSize: 1 });
    await moveClock(database.dataSource, MONDAY);
    service = await aService(database.dataSource);
    const env = loadEnv({
      APP_ENV: 'test',
      PUBLIC_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_URL: database.url,
      SECRET_KEYS: 'a test key that is long enough to be accepted',
    });
    const rules = new SendingRules(env, new Gateways(env));
    const replan = new ReplanMessages(rules);
    planner = new PlanMessages(rules);
    changePlan = new ChangePlan(replan);
    hours = new ChangeServiceHours(replan);
    territory = new ChangeTerritory(replan);
    const agentId = await anAgent(database.dataSource, { organizationId: service.organizationId });
    const { organizationId } = service;
    admin = {
      agentId,
      apiKeyId: null,
      role: 'admin',
      organizationId,
      organizationKind: 'spip',
      linkedOrganizationIds: [],
    };
  });

  afterEach(() => database.drop());

  const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    database.dataSource.query(text, [...values]);
  const person = () => aPerson(database.dataSource, { organizationIds: [service.organizationId] });

  async function booked({
    date,
    time = '10:00',
    typeCode = 'suivi-spip',
    ...more
  }: Booking): Promise<string> {
    const rows = await sql<{ id: string }>(
      `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
         time_zone, starts_at, created_by_organization_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$5) RETURNING id`,
      [
        more.person ?? (await person()),
        typeCode,
        service.agendaId,
        service.placeId,
        service.organizationId,
        date,
        time,
        PARIS,
        toInstant({ date, time, timeZone: PARIS }).toString(),
      ],
    );
    const id = rows[0]?.id ?? '';
    await changed(id, 'booked', more.notify ?? false);
    return id;
  }

  async function changed(convocationId: string, change: PromiseChange, notify = false): Promise<void> {
    await database.dataSource.transaction((tx) => planner.plan(tx, { convocationId, change, notify }));
  }

  /** « reminder 7 2026-06-03 10:00 », in the order they leave; those withdrawn left out. */
  async function planned(id: string): Promise<string[]> {
    const rows = await sql<{ said: string }>(
      `SELECT kind || ' ' || occurrence || ' ' || to_char(due_at AT TIME ZONE $2, 'YYYY-MM-DD HH24:MI') AS said
         FROM message WHERE convocation_id = $1 AND state = 'planned' ORDER BY due_at`,
      [id, PARIS],
    );
    return rows.map(({ said }) => said);
  }

  async function past(personId: string, date: string, state: string): Promise<void> {
    const id = await booked({ date: '2026-06-30', person: personId });
    await sql(
      `UPDATE convocation SET state = $2, local_date = $3, starts_at = ($3::date + time '10:00') AT TIME ZONE '${PARIS}'
        WHERE id = $1`,
      [id, state, date],
    );
  }

  const change = (more: Partial<Parameters<ChangePlan['execute']>[1]>, dryRun = false) =>
    database.dataSource.transaction((tx) =>
      changePlan.execute(
        tx,
        {
          organizationId: service.organizationId,
          typeCode: null,
          plan: ONE_DAY,
          weeklyLimit: 4,
          basedOn: 0,
          isDryRun: dryRun,
          ...more,
        },
        admin,
      ),
    );

  it('start from the recommended one, stored as the code knows it', async () => {
    const rows = await sql<{ steps: unknown }>('SELECT steps FROM reminder_plan');
    expect(rows.map(({ steps }) => parsePlan(steps))).toEqual([RECOMMENDED]);
  });

  describe('booking', () => {
    it('far ahead and for the first time: a week, three days and a day before', async () => {
      expect(await planned(await booked({ date: '2026-06-18', notify: true }))).toEqual([
        'summons 0 2026-06-01 10:00',
        'reminder 7 2026-06-11 10:00',
        'reminder 3 2026-06-15 10:00',
        'reminder 1 2026-06-17 10:00',
      ]);
    });

    it.each([
      ['nine days ahead', '2026-06-10', ['1 2026-06-09']],
      ['ten days ahead', '2026-06-11', ['7 2026-06-04', '1 2026-06-10']],
    ])('for somebody seen before, %s', async (_case, date, expected) => {
      const who = await person();
      await past(who, '2026-05-04', 'attended');
      expect(await planned(await booked({ date, person: who }))).toEqual(
        expected.map((said) => `reminder ${said} 10:00`),
      );
    });

    it.each([
      ['one absence', ['missed', 'attended'], 1],
      ['two absences', ['missed', 'missed'], 2],
    ])('after %s within a year', async (_case, states, reminders) => {
      const who = await person();
      await past(who, '2026-04-06', states[0] ?? '');
      await past(who, '2026-05-04', states[1] ?? '');
      expect(await planned(await booked({ date: '2026-06-08', person: who }))).toHaveLength(reminders);
    });

    it('absences of more than a year ago count no more', async () => {
      const who = await person();
      await past(who, '2025-05-28', 'missed');
      await past(who, '2026-05-04', 'missed');
      expect(await planned(await booked({ date: '2026-06-08', person: who }))).toHaveLength(1);
    });

    it('for tomorrow: the summons alone, or the reminder alone', async () => {
      expect(await planned(await booked({ date: '2026-06-02', time: '15:00', notify: true }))).toEqual([
        'summons 0 2026-06-01 10:00',
      ]);
      expect(await planned(await booked({ date: '2026-06-02', time: '15:00' }))).toEqual([
        'reminder 1 2026-06-01 15:00',
      ]);
      expect(await planned(await booked({ date: '2026-06-02', time: '09:00' }))).toEqual([
        'reminder 1 2026-06-01 10:00',
      ]);
    });

    it('by the channel, hour and limit of the plan of the type', async () => {
      const day = RECOMMENDED.reminders.at(-1) as ReminderStep;
      const plan = {
        ...RECOMMENDED,
        summons: { kind: 'summons' as const, channel: 'email' as const },
        reminders: [{ ...day, channel: 'sms' as const, hour: '18:00', usefulUntilHours: 10 }],
      };
      await change({ typeCode: 'suivi-spip', plan });
      const id = await booked({ date: '2026-06-10', notify: true });
      const rows = await sql<{ wanted_channel: string; until: string }>(
        `SELECT wanted_channel, to_char(useful_until AT TIME ZONE '${PARIS}', 'DD HH24:MI') AS until FROM message
          WHERE convocation_id = $1 ORDER BY due_at`,
        [id],
      );
      expect(rows).toEqual([
        { wanted_channel: 'email', until: '10 09:00' },
        { wanted_channel: 'sms', until: '10 00:00' },
      ]);
      expect((await planned(id))[1]).toBe('reminder 1 2026-06-09 18:00');
      expect(await planned(await booked({ date: '2026-06-10', typeCode: 'suivi-jap' }))).toHaveLength(2);
    });

    it('a plan that says nothing after an absence sends nothing', async () => {
      const id = await booked({ date: '2026-06-02' });
      const other = await booked({ date: '2026-06-03' });
      await changed(id, 'missed', true);
      await change({ plan: { ...ONE_DAY, afterAbsence: null } });
      await changed(other, 'missed', true);
      const rows = await sql<{ id: string }>(
        `SELECT convocation_id AS id FROM message WHERE kind = 'after-absence'`,
      );
      expect(rows).toEqual([{ id }]);
    });
  });

  it('reopened: planned again as on the day it was promised', async () => {
    const id = await booked({ date: '2026-06-18', notify: true });
    await sql(`UPDATE message SET state = 'delivered', accepted_at = app_now() WHERE kind = 'summons'`);
    await changed(id, 'excused');
    expect(await planned(id)).toEqual([]);
    await moveClock(database.dataSource, '2026-06-10T08:00:00Z');
    await changed(id, 'reopened');
    expect(await planned(id)).toEqual([
      'reminder 7 2026-06-11 10:00',
      'reminder 3 2026-06-15 10:00',
      'reminder 1 2026-06-17 10:00',
    ]);
    await changed(id, 'excused');
    await moveClock(database.dataSource, '2026-06-16T08:00:00Z');
    await changed(id, 'reopened');
    expect(await planned(id)).toEqual(['reminder 1 2026-06-17 10:00']);
    await changed(id, 'excused');
    await moveClock(database.dataSource, '2026-06-17T16:00:00Z');
    await changed(id, 'reopened');
    expect(await planned(id)).toEqual(['reminder 1 2026-06-17 18:00']);
  });

  describe('a change', () => {
    it('says what it would do, does it, and undoes it when it is changed back', async () => {
      const far = await booked({ date: '2026-06-18' });
      const near = await booked({ date: '2026-06-04' });
      const before = [await planned(far), await planned(near)];
      const expected = { moved: 0, added: 2, withdrawn: 4, altered: 0 };
      expect(await change({ plan: TWO_DAYS }, true)).toEqual(expected);
      expect([await planned(far), await planned(near)]).toEqual(before);
      expect(await change({ plan: TWO_DAYS })).toEqual(expected);
      expect([await planned(far), await planned(near)]).toEqual([
        ['reminder 2 2026-06-16 10:00'],
        ['reminder 2 2026-06-02 10:00'],
      ]);
      expect(await change({ plan: null, basedOn: 1 })).toEqual({
        moved: 0,
        added: 4,
        withdrawn: 2,
        altered: 0,
      });
      expect([await planned(far), await planned(near)]).toEqual(before);
    });

    it('leaves alone what has left, and wakes nobody by itself', async () => {
      const id = await booked({ date: '2026-06-04', notify: true });
      await sql(
        `UPDATE message SET state = 'delivered', accepted_at = due_at WHERE kind = 'summons' OR occurrence = 1`,
      );
      await moveClock(database.dataSource, '2026-06-03T10:00:00Z');
      await change({ plan: TWO_DAYS });
      expect(await planned(id)).toEqual([]);
    });

    it('of the hours of a service moves its reminders, and only them', async () => {
      const early = await booked({ date: '2026-06-08', time: '08:30' });
      const command = {
        organizationId: service.organizationId,
        sendWindow: '09:00-17:00',
        sendsOnClosedDays: false,
        isDryRun: false,
      };
      const done = await database.dataSource.transaction((tx) => hours.execute(tx, command, admin));
      expect(done).toEqual({ moved: 2, added: 0, withdrawn: 0, altered: 0 });
      expect(await planned(early)).toEqual(['reminder 3 2026-06-05 09:00', 'reminder 1 2026-06-06 09:00']);
    });

    it('of a territory with poor coverage sends earlier to its telephones', async () => {
      const id = await booked({ date: '2026-06-08', time: '10:00' });
      const command = {
        territory: 'FR',
        operator: null,
        hasPoorCoverage: true,
        earlierHours: 3,
        isDryRun: false,
      };
      await database.dataSource.transaction((tx) => territory.execute(tx, command, admin));
      expect(await planned(id)).toEqual(['reminder 3 2026-06-04 20:00', 'reminder 1 2026-06-06 20:00']);
    });

    it('reaches every convocation, however many batches that takes', async () => {
      await sql(
        `WITH p AS (INSERT INTO person (first_name, last_name, search_key, phone_e164, phone_mobile)
           SELECT 'A', 'B' || n, 'b' || n, '+33612345678', true FROM generate_series(1, 620) n RETURNING id)
         INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
           time_zone, starts_at, created_by_organization_id)
         SELECT id, 'suivi-spip', $1, $2, $3, '2026-06-18', '10:00', '${PARIS}', '2026-06-18T08:00:00Z', $3 FROM p`,
        [service.agendaId, service.placeId, service.organizationId],
      );
      expect(await change({ plan: TWO_DAYS })).toMatchObject({ added: 620 });
      const rows = await sql<{ n: number }>(`SELECT count(*)::int AS n FROM message WHERE state = 'planned'`);
      expect(rows).toEqual([{ n: 620 }]);
    });

    it('made on a page that is out of date is refused', async () => {
      await change({});
      await expect(change({})).rejects.toMatchObject({ code: 'conflict' });
      await expect(change({ organizationId: null, basedOn: 0 })).rejects.toMatchObject({ code: 'conflict' });
    });

    it('is for administrators: a local one for its own service', async () => {
      const local = { ...admin, role: 'local-admin' as const };
      const agent = { ...admin, role: 'cpip' as const };
      const other = await aService(database.dataSource);
      const by = (actor: Actor, organizationId: string | null) =>
        database.dataSource.transaction((tx) =>
          changePlan.execute(
            tx,
            { organizationId, typeCode: null, plan: ONE_DAY, weeklyLimit: 4, basedOn: 0, isDryRun: true },
            actor,
          ),
        );
      await expect(by(local, service.organizationId)).resolves.toBeDefined();
      await expect(by(local, other.organizationId)).rejects.toMatchObject({ code: 'not-found' });
      await expect(by(local, null)).rejects.toMatchObject({ code: 'not-found' });
      await expect(by(agent, service.organizationId)).rejects.toMatchObject({ code: 'forbidden' });
    });
  });

  it('of the service before the national one, of the type before both; an empty one follows', async () => {
    const { organizationId } = service;
    const own = { organizationId, typeCode: 'suivi-spip' };
    const originOf = async (typeCode: string | null) =>
      planInForce(await storedPlans(database.dataSource.manager, organizationId), {
        organizationId,
        typeCode,
      })?.origin;
    expect(await originOf('suivi-spip')).toBe('national');
    await change({ organizationId: null, typeCode: 'suivi-spip' });
    expect(await originOf('suivi-spip')).toBe('national-type');
    await change({});
    expect([await originOf('suivi-spip'), await originOf(null)]).toEqual(['service', 'service']);
    await change(own);
    expect(await originOf('suivi-spip')).toBe('type');
    await change({ ...own, plan: null, basedOn: 1 });
    expect(await originOf('suivi-spip')).toBe('service');
  });
});
