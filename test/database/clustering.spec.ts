import { FoldBreakdowns } from '../../src/statistics/fold-breakdowns.js';
import { type AttendedService, anAttendedService, writePast } from '../support/attendance.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';

const fold = new FoldBreakdowns();
const MONTHS = ['2024-07', '2024-12', '2025-05', '2025-11', '2026-02', '2026-03', '2026-04', '2026-05'];

let database: TestDatabase;
let service: AttendedService;

beforeAll(async () => {
  database = await createTestDatabase();
  await moveClock(database.dataSource, '2026-06-10T10:00:00Z');
  service = await anAttendedService(database.dataSource, { name: 'SPIP des Ormes' });
  // Twelve persons who come again and again; who misses once misses often.
  for (const [at, month] of MONTHS.entries())
    await writePast(
      database.dataSource,
      service,
      { month, attended: 20 + at, missed: 9 - (at % 3), excused: 2 },
      { persons: 12 },
    );
  await database.dataSource.query(
    `UPDATE convocation SET person_id = (SELECT (array_agg(p.id ORDER BY p.id))[1 + extract(minute FROM local_time)::integer % 12]
                                           FROM (SELECT id FROM person ORDER BY id LIMIT 12) AS p)`,
  );
  await database.dataSource.query(
    `UPDATE convocation SET state = 'missed' WHERE person_id IN (SELECT id FROM person ORDER BY id LIMIT 3)`,
  );
  await database.dataSource.transaction((tx) => fold.execute(tx));
});

afterAll(() => database.drop());

interface Visit {
  readonly personId: string;
  readonly monthsAgo: number;
  readonly missed: boolean;
}

async function visits(): Promise<readonly Visit[]> {
  return database.dataSource.query(
    `SELECT person_id AS "personId", state = 'missed' AS missed,
            (12 * (2026 - extract(year FROM local_date)) + 6 - extract(month FROM local_date))::integer AS "monthsAgo"
       FROM convocation WHERE organization_id = $1 AND state IN ('attended', 'missed', 'excused')`,
    [service.organizationId],
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** The definition, person by person: squared distance from what the stretch expects, over that of independent visits. */
function designEffect(all: readonly Visit[], months: number): number {
  let [squares, independent] = [0, 0];
  const blocks = grouped(all, ({ monthsAgo }) => Math.floor(monthsAgo / months));
  for (const block of blocks) {
    const rate = block.filter(({ missed }) => missed).length / block.length;
    for (const own of grouped(block, ({ personId }) => personId))
      squares += (own.filter(({ missed }) => missed).length - rate * own.length) ** 2;
    independent += block.length * rate * (1 - rate);
  }
  return Math.max(1, squares / independent);
}

const measured = (): Promise<{ months: number; effect: number }[]> =>
  database.dataSource.query(
    `SELECT months, design_effect AS effect FROM attendance_design_effect WHERE organization_id = $1 ORDER BY months`,
    [service.organizationId],
  );

it('measures how alike the visits of one person are, for every length of period', async () => {
  const all = await visits();
  const found = await measured();
  expect(found.map(({ months }) => months)).toEqual([1, 3, 6, 12, 24]);
  for (const { months, effect } of found) expect(effect).toBeCloseTo(designEffect(all, months), 9);
  expect(Math.max(...found.map(({ effect }) => effect))).toBeGreaterThan(1);
});

it('measures a service on one night of the week', async () => {
  const MARK = 7;
  const nights: number[] = [];
  for (let day = 11; day < 18; day++) {
    await database.dataSource.query('UPDATE attendance_design_effect SET design_effect = $1', [MARK]);
    await moveClock(database.dataSource, `2026-06-${day}T01:20:00Z`);
    await database.dataSource.transaction((tx) => fold.execute(tx));
    if ((await measured()).some(({ effect }) => effect !== MARK)) nights.push(day);
  }
  expect(nights).toHaveLength(1);
});
