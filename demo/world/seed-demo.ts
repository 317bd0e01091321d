import type { DataSource, EntityManager } from 'typeorm';
import type { Role } from '../../src/access/domain/roles.js';
import { hashPassword } from '../../src/agents/passwords.js';
import { storyOf } from './absence-story.js';
import { Clock } from '../../src/platform/clock.js';
import { FoldBreakdowns } from '../../src/statistics/fold-breakdowns.js';
import { PublishFigures } from '../../src/statistics/publish-figures.js';
import { AGENTS, emailOf } from './agents.js';
import { firstOfMonth, plusDays, plusMonths } from './days.js';
import type { DemoCalendar } from './demo-calendar.js';
import { earlierFullDays } from './full-days.js';
import { demoPersons } from './persons.js';
import { serviceOf, SERVICES } from './services.js';
import { demoSlots } from './slots.js';
import { demoVisits } from './visits.js';
import { writeAgentsLife } from './write-agents-life.js';
import { writeMessages } from './write-messages.js';
import { writePersons } from './write-persons.js';
import { writePrograms } from './write-programs.js';
import { writeRegister } from './write-register.js';
import { enterDemoTrial, writeTrial } from './write-trial.js';
import { DEMO_PASSWORD, demoApiKey, writeAgents, writeApiKeys, writeServices } from './write-services.js';
import { countSeats, settleOldVisits, writeSlots, writeVisits } from './write-visits.js';

export interface DemoCredentials {
  readonly agents: readonly { email: string; password: string; role: Role; organization: string }[];
  /** Acts as the central administrator. */
  readonly apiKey: string;
  /** Each acts as the local administrator of its service. */
  readonly apiKeys: readonly { organization: string; key: string }[];
}

/** Months of which a later start tells what its agents had not marked, and opens slots. */
const MONTHS_BACK = 14;
const SLOT_DAYS_AHEAD = 56;
/** Any number that nothing else in this database locks. */
const SEED_LOCK = 7_637_002;

/**
 * The fictional jurisdiction of the demo: thirteen services on ten clocks, some forty agents, 748 persons, 14 months
 * of convocations told one by one, imported monthly counts of three and a half years before them: the three large
 * services have 24 months and more on each side of their roll-out. And a today full of work.
 * The first call creates it, later ones add what the days since have brought and change
 * nothing that an agent did.
 * @throws Error in a database that was not made for the demo or for tests
 */
export async function seedDemo(dataSource: DataSource): Promise<DemoCredentials> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  await dataSource.transaction(async (tx) => {
    await refuseElsewhere(tx);
    await tx.query('SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
    const known: unknown[] = await tx.query('SELECT FROM organization WHERE name = $1', [
      serviceOf('spip-92').name,
    ]);
    await (known.length === 0 ? create(tx, passwordHash) : topUp(tx));
    await new FoldBreakdowns().execute(tx);
    await new PublishFigures(new Clock()).execute(tx);
  });
  return demoCredentials();
}

async function create(tx: EntityManager, passwordHash: string): Promise<void> {
  const today = await todayEverywhere(tx);
  const paris = today.get('spip-92') ?? '';
  const monthsAgo = (months: number) => firstOfMonth(plusMonths(firstOfMonth(paris), -months));
  const rolledOutOn = new Map(SERVICES.map(({ key }) => [key, monthsAgo(storyOf(key).monthsSinceRollOut)]));
  const from = new Map(SERVICES.map(({ key }) => [key, monthsAgo(storyOf(key).monthsRecorded)]));
  const persons = demoPersons();
  await writeServices(tx, rolledOutOn);
  await writeAgents(tx, passwordHash);
  await writeAgentsLife(tx, paris);
  await writeApiKeys(tx);
  await writeRegister(tx, rolledOutOn, from);
  await writePersons(tx, persons, [...from.values()].sort()[0] ?? paris);
  await writeSlots(tx, demoSlots(monthsAgo(MONTHS_BACK), plusDays(paris, SLOT_DAYS_AHEAD)));
  const added = await writeVisits(tx, demoVisits(persons, { today, rolledOutOn, from, withSeats: true }));
  await countSeats(tx);
  await analyze(tx, ['convocation', 'person', 'slot']);
  await writePrograms(tx);
  await writeTrial(tx, today.get('spip-974') ?? paris);
  await enterDemoTrial(tx, added);
  await writeMessages(tx, persons, added);
  await analyze(tx, ['message', 'delivery_attempt']);
}

/** So many rows at once, in one transaction: until told, the planner believes the tables empty. */
async function analyze(tx: EntityManager, tables: readonly string[]): Promise<void> {
  for (const table of tables) await tx.query(`ANALYZE ${table}`);
}

async function topUp(tx: EntityManager): Promise<void> {
  const today = await todayEverywhere(tx);
  const paris = today.get('spip-92') ?? '';
  const back = plusMonths(paris, -MONTHS_BACK);
  const persons = demoPersons();
  const calendar: DemoCalendar = {
    today,
    rolledOutOn: await rollOutsKept(tx),
    from: new Map(SERVICES.map(({ key }) => [key, back])),
    withSeats: false,
  };
  await writePersons(tx, persons, back);
  const visits = demoVisits(persons, calendar);
  await settleOldVisits(tx, [...visits, ...earlierFullDays(calendar)]);
  await writeSlots(tx, demoSlots(paris, plusDays(paris, SLOT_DAYS_AHEAD)));
  const added = await writeVisits(tx, visits);
  await enterDemoTrial(tx, added);
  await writeMessages(tx, persons, added);
}

/** The roll-outs as they stand by now: an agent may have corrected them. */
async function rollOutsKept(tx: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows: { name: string; on: string }[] = await tx.query(
    'SELECT name, rolled_out_on AS on FROM organization WHERE rolled_out_on IS NOT NULL',
  );
  const dates = new Map(rows.map(({ name, on }) => [name, on]));
  return new Map(
    SERVICES.flatMap(({ key, name }) => {
      const on = dates.get(name);
      return on === undefined ? [] : [[key, on] as const];
    }),
  );
}

async function refuseElsewhere(tx: EntityManager): Promise<void> {
  const rows: { name: string }[] = await tx.query('SELECT name FROM environment');
  const name = rows[0]?.name;
  if (name !== 'demo' && name !== 'test')
    throw new Error('the demo world may be seeded in a demo or test database only');
}

/** Date at each service: at most hours it is already tomorrow in Nouméa. */
async function todayEverywhere(tx: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows: { key: string; today: string }[] = await tx.query(
    `SELECT r.key, (app_now() AT TIME ZONE r.zone)::date AS today FROM jsonb_to_recordset($1::jsonb) AS r(key text, zone text)`,
    [JSON.stringify(SERVICES.map(({ key, timeZone }) => ({ key, zone: timeZone })))],
  );
  return new Map(rows.map(({ key, today }) => [key, today]));
}

/** The same for every database: the demo world is fiction. */
export function demoCredentials(): DemoCredentials {
  return {
    agents: AGENTS.map((agent) => ({
      email: emailOf(agent),
      password: DEMO_PASSWORD,
      role: agent.role,
      organization: serviceOf(agent.service).name,
    })),
    apiKey: demoApiKey(null),
    apiKeys: SERVICES.map(({ key, name }) => ({ organization: name, key: demoApiKey(key) })),
  };
}
