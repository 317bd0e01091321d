import type { Actor } from '../../src/access/actor.js';
import { breakdownGround, breakdowns } from '../../src/statistics/breakdown.query.js';
import { FEWEST_FOR_A_SLOT } from '../../src/statistics/domain/breakdown.js';
import { reminderFunnel } from '../../src/statistics/domain/funnel.js';
import { FoldBreakdowns } from '../../src/statistics/fold-breakdowns.js';
import { serviceGrounds } from '../../src/statistics/service-grounds.query.js';
import { worstSlots } from '../../src/statistics/worst-slots.query.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { DEMO_DAY, demoTemplate } from '../support/demo-world.js';

const fold = new FoldBreakdowns();

let database: TestDatabase;
let organizationId: string;

beforeAll(async () => {
  database = await createTestDatabase({}, await demoTemplate());
  await moveClock(database.dataSource, DEMO_DAY);
  await database.dataSource.transaction((tx) => fold.execute(tx));
  const rows = await sql<{ id: string }>(`SELECT id FROM organization WHERE name LIKE 'SPIP 92%'`);
  organizationId = rows[0]?.id ?? '';
}, 240_000);

afterAll(() => database.drop());

function sql<T>(text: string, parameters: unknown[] = []): Promise<T[]> {
  return database.dataSource.query(text, parameters);
}

function dpipOf(service: string): Actor {
  return {
    agentId: null,
    apiKeyId: null,
    role: 'dpip',
    organizationId: service,
    organizationKind: 'spip',
    timeZone: 'Europe/Paris',
    linkedOrganizationIds: [],
    headquartersOrganizationIds: [],
    isInterRessort: false,
  };
}

const everyType = async () =>
  (await sql<{ code: string }>('SELECT code FROM appointment_type')).map(({ code }) => code);
const cells = async () => [
  ...(await sql('SELECT * FROM breakdown_cell ORDER BY 1, 2, 3, 4, 5')),
  ...(await sql('SELECT * FROM breakdown_total ORDER BY 1, 2, 3, 4')),
];
const period = () => ({ organizationId, from: '2025-01', to: '2026-06' });

/** One row per month and service: what the convocations themselves say. */
const RAW = `
  SELECT count(*) FILTER (WHERE state = 'attended' AND starts_at <= app_now())::integer AS attended,
         count(*) FILTER (WHERE state = 'missed' AND starts_at <= app_now())::integer AS missed,
         count(*) FILTER (WHERE state = 'excused' AND starts_at <= app_now())::integer AS excused,
         count(*) FILTER (WHERE state = 'cancelled')::integer AS cancelled,
         count(*) FILTER (WHERE state = 'booked' AND starts_at <= app_now())::integer AS unknown
    FROM convocation WHERE organization_id = $1 AND local_date BETWEEN '2025-01-01' AND '2026-06-30'`;

describe('the cells of the breakdowns', () => {
  it.each(['age', 'order', 'delay', 'summons', 'reminder', 'reach', 'phone'])(
    'tell every past convocation once, by %s',
    async (dimension) => {
      const rows = await database.dataSource.transaction((tx) =>
        breakdowns(tx, dpipOf(organizationId), period(), null),
      );
      const own = rows.filter((row) => row.dimension === dimension);
      const sum = (name: 'attended' | 'missed' | 'excused' | 'cancelled' | 'unknown') =>
        own.reduce((total, row) => total + row[name], 0);
      const [raw] = await sql<Record<string, number>>(RAW, [organizationId]);
      expect(own.length).toBeGreaterThan(1);
      expect({
        attended: sum('attended'),
        missed: sum('missed'),
        excused: sum('excused'),
        cancelled: sum('cancelled'),
        unknown: sum('unknown'),
      }).toEqual(raw);
    },
  );

  it('are the same when counted again, and from scratch', async () => {
    const before = await cells();
    await database.dataSource.transaction((tx) => fold.execute(tx));
    expect(await cells()).toEqual(before);
    await database.dataSource.transaction((tx) => fold.execute(tx, { fromScratch: true }));
    expect(await cells()).toEqual(before);
  });

  it('follow an outcome that was marked a year later, and nothing else is counted again', async () => {
    await sql(
      `UPDATE convocation SET state = CASE state WHEN 'missed' THEN 'attended' ELSE 'missed' END
        WHERE id = (SELECT id FROM convocation WHERE organization_id = $1 AND state IN ('missed', 'attended')
                       AND local_date BETWEEN '2025-06-01' AND '2025-06-30' LIMIT 1)`,
      [organizationId],
    );
    const recent = await sql<{ n: number }>(
      `SELECT count(*)::integer AS n FROM (SELECT DISTINCT organization_id, date_trunc('month', local_date)
         FROM convocation WHERE local_date >= '2026-04-01') AS s`,
    );
    const count = await database.dataSource.transaction((tx) => fold.execute(tx));
    expect(count).toBe((recent[0]?.n ?? 0) + 1);
    const [raw] = await sql<Record<string, number>>(RAW, [organizationId]);
    const rows = await database.dataSource.transaction((tx) =>
      breakdowns(tx, dpipOf(organizationId), period(), null),
    );
    expect(rows.filter((row) => row.dimension === 'order').reduce((sum, { missed }) => sum + missed, 0)).toBe(
      raw?.['missed'],
    );
  });

  it('are told apart before and since the start', async () => {
    const of = (startedIn: string | null) =>
      database.dataSource.transaction((tx) => breakdowns(tx, dpipOf(organizationId), period(), startedIn));
    const known = (rows: readonly { missed: number; isSince: boolean }[], isSince: boolean) =>
      rows.filter((row) => row.isSince === isSince).reduce((sum, { missed }) => sum + missed, 0);
    const [split, all] = [await of('2026-01'), await of(null)];
    expect(known(all, true)).toBe(0);
    expect(known(split, true)).toBeGreaterThan(0);
    expect(known(split, true) + known(split, false)).toBe(known(all, false));
  });

  it('tell who has a phone, of any kind: what earlier dashboards counted', async () => {
    const rows = await database.dataSource.transaction((tx) =>
      breakdowns(tx, dpipOf(organizationId), period(), null),
    );
    const of = (value: string) => rows.find((row) => row.dimension === 'phone' && row.value === value);
    const [raw] = await sql<{ missed: number; attended: number; excused: number }>(
      RAW.replace(
        'FROM convocation',
        'FROM convocation JOIN person p ON p.id = person_id AND p.phone_id IS NOT NULL',
      ),
      [organizationId],
    );
    expect(of('with')).toMatchObject(raw ?? {});
    expect(of('without')?.attended).toBeGreaterThan(0);
  });

  it('counts again the months of a release that did not know a property yet', async () => {
    const before = await cells();
    await sql(`DELETE FROM breakdown_cell WHERE dimension = 'phone' AND month < '2025-06-01'`);
    await database.dataSource.transaction((tx) => fold.execute(tx));
    expect(await cells()).toEqual(before);
  });

  it('are those of the asked service, period and types only, and of nobody else', async () => {
    const of = (filter: object, service = organizationId) =>
      database.dataSource.transaction((tx) =>
        breakdowns(tx, dpipOf(service), { ...period(), ...filter }, null),
      );
    const known = (rows: readonly { missed: number; attended: number }[]) =>
      rows.reduce((sum, { missed, attended }) => sum + missed + attended, 0);
    const all = known(await of({}));
    const everything = await of({});
    const asked = await of({ typeCodes: await everyType() });
    expect(asked).toEqual(expect.arrayContaining([...everything]));
    expect(asked).toHaveLength(everything.length);
    const some = known(await of({ typeCodes: ['suivi-spip'] }));
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all);
    expect(known(await of({ from: '2026-03', to: '2026-03' }))).toBeLessThan(all);
    const [other] = await sql<{ id: string }>('SELECT id FROM organization WHERE id <> $1 LIMIT 1', [
      organizationId,
    ]);
    expect(await of({}, other?.id ?? '')).toEqual([]);
  });
});

describe('the funnel of the reminder', () => {
  it('only narrows, and its two sides add up to all known outcomes', async () => {
    const funnel = reminderFunnel(
      await database.dataSource.transaction((tx) => breakdowns(tx, dpipOf(organizationId), period(), null)),
    );
    const steps = [funnel.known, funnel.due, funnel.handedOver, funnel.delivered, funnel.attended];
    expect(steps).toEqual(steps.toSorted((a, b) => b - a));
    expect(funnel.attended).toBeGreaterThan(0);
    expect(funnel.absenceWhenDelivered.known + funnel.absenceOtherwise.known).toBe(funnel.known);
  });

  it('takes the furthest message about the promise that held', async () => {
    const [found] = await sql<{ n: number }>(
      `SELECT count(*)::integer AS n FROM convocation c
        WHERE c.organization_id = $1 AND c.state IN ('attended', 'missed', 'excused') AND c.starts_at <= app_now()
          AND c.local_date BETWEEN '2025-01-01' AND '2026-06-30'
          AND EXISTS (SELECT FROM message m WHERE m.convocation_id = c.id AND m.kind = 'reminder'
                         AND m.state = 'delivered' AND m.promise_version = c.promise_version)`,
      [organizationId],
    );
    const rows = await database.dataSource.transaction((tx) =>
      breakdowns(tx, dpipOf(organizationId), period(), null),
    );
    expect(reminderFunnel(rows).delivered).toBe(found?.n);
  });
});

describe('beside the cells', () => {
  it('a service whose hours each say too little is told its half-days, counted from the rows', async () => {
    const slots = await database.dataSource.transaction((tx) =>
      worstSlots(tx, dpipOf(organizationId), period()),
    );
    expect(slots.length).toBeGreaterThan(0);
    const [worst] = slots;
    const [raw] = await sql<{ missed: number; known: number }>(
      `SELECT count(*) FILTER (WHERE state = 'missed')::integer AS missed, count(*)::integer AS known FROM convocation
        WHERE organization_id = $1 AND state IN ('attended', 'missed', 'excused') AND starts_at <= app_now()
          AND local_date BETWEEN '2025-01-01' AND '2026-06-30' AND type_code = $2
          AND extract(isodow FROM local_date) = $3 AND (local_time < '13:00') = $4`,
      [organizationId, worst?.typeCode, worst?.weekday, worst?.time === 'morning'],
    );
    expect(['morning', 'afternoon']).toContain(worst?.time);
    expect(raw).toEqual({ missed: worst?.missed, known: worst?.known });
    expect(slots.every(({ known }) => known >= FEWEST_FOR_A_SLOT)).toBe(true);
  });

  it('no slot is named for fewer than eighty outcomes, and the most missed comes first', async () => {
    await sql(
      `UPDATE convocation SET local_time = '09:00' WHERE organization_id = $1 AND type_code = 'suivi-spip'`,
      [organizationId],
    );
    await database.dataSource.transaction((tx) => fold.execute(tx, { fromScratch: true }));
    const slots = await database.dataSource.transaction((tx) =>
      worstSlots(tx, dpipOf(organizationId), period()),
    );
    expect(slots.length).toBeGreaterThan(0);
    expect(slots.every(({ known, time }) => known >= FEWEST_FOR_A_SLOT && time === '09:00')).toBe(true);
    const rates = slots.map(({ missed, known }) => missed / known);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
  });

  it('texts cost what the operator billed, at the price of the service', async () => {
    await sql('UPDATE organization SET sms_price_cents = 5 WHERE id = $1', [organizationId]);
    const { texts: cost } = await database.dataSource.transaction((tx) =>
      serviceGrounds(tx, dpipOf(organizationId), period(), 18),
    );
    const [raw] = await sql<{ texts: number; parts: number }>(
      `SELECT count(*)::integer AS texts, sum(a.segments)::integer AS parts
         FROM delivery_attempt a JOIN message m ON m.id = a.message_id JOIN convocation c ON c.id = m.convocation_id
        WHERE c.organization_id = $1 AND a.channel = 'sms' AND a.result IN ('accepted', 'delivered', 'undelivered')
          AND c.local_date BETWEEN '2025-01-01' AND '2026-06-30' AND (c.starts_at <= app_now() OR c.state = 'cancelled')`,
      [organizationId],
    );
    expect(cost).toEqual({ ...raw, euros: ((raw?.parts ?? 0) * 5) / 100 });
  });

  it('intervals are wider over a year than over a month, because the same persons return', async () => {
    const ground = (months: number) =>
      database.dataSource.transaction((tx) => breakdownGround(tx, organizationId, months));
    const { foldedAt, monthDesignEffect, periodDesignEffect } = await ground(12);
    expect(String(foldedAt)).toContain(DEMO_DAY.slice(0, 10));
    expect(monthDesignEffect).toBeGreaterThanOrEqual(1);
    expect(periodDesignEffect).toBeGreaterThan(monthDesignEffect);
    expect((await ground(60)).periodDesignEffect).toBe((await ground(24)).periodDesignEffect);
  });
});
