import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { MESSAGE_STATES } from '../../src/notifications/domain/notification.states.js';
import { FoldTally, readTally } from '../../src/notifications/surety/surety-tally.js';
import { pulse } from '../../src/notifications/surety/surety-now.query.js';
import {
  everyService,
  NO_FIGURES,
  suretyByOperator,
  suretyByService,
  type SuretyPeriod,
  sumOf,
} from '../../src/notifications/surety/surety.query.js';
import { anOrganization } from '../support/builders.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';

const MESSAGES = 24;
const PARTS = [
  'delivered',
  'accepted',
  'undelivered',
  'uncertain',
  'expired',
  'suppressed',
  'waiting',
] as const;

let database: TestDatabase;
let serviceId: string;
const admin = (): Actor => actor('admin', serviceId);

beforeAll(async () => {
  database = await createTestDatabase();
  await planDueNow(database.dataSource, MESSAGES);
  serviceId = (await rows<{ id: string }>('SELECT id FROM organization'))[0]?.id ?? '';
});
afterAll(() => database.drop());

function actor(role: 'admin' | 'dpip', organizationId: string): Actor {
  return {
    agentId: null,
    apiKeyId: null,
    role,
    organizationId,
    organizationKind: 'spip',
    timeZone: 'Europe/Paris',
    linkedOrganizationIds: [],
    headquartersOrganizationIds: [],
    isInterRessort: false,
  };
}

const suretyOfAll = async (tx: EntityManager, period: SuretyPeriod) => sumOf(await everyService(tx, period));
const rows = <T>(sql: string, values: unknown[] = []): Promise<T[]> => database.dataSource.query(sql, values);

/** Gives every message, in the order of ids, a state, an hour so many minutes ago, and a departure so late. */
async function assign(fates: readonly { state: string; minutesAgo: number; lateSeconds: number | null }[]) {
  await rows(
    `UPDATE message m SET state = f.state, first_due_at = app_now() - make_interval(mins => f.minutes),
            due_at = app_now() - make_interval(mins => f.minutes),
            accepted_at = app_now() - make_interval(mins => f.minutes) + make_interval(secs => f.late)
       FROM unnest($1::text[], $2::int[], $3::int[]) WITH ORDINALITY AS f(state, minutes, late, rank)
       JOIN (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message) AS ranked ON ranked.rank = f.rank
      WHERE m.id = ranked.id`,
    [
      fates.map(({ state }) => state),
      fates.map(({ minutesAgo }) => minutesAgo),
      fates.map(({ lateSeconds }) => lateSeconds),
    ],
  );
}

const fate = fc.record({
  state: fc.constantFrom(...MESSAGE_STATES),
  minutesAgo: fc.integer({ min: -60, max: 3000 }),
  lateSeconds: fc.option(fc.integer({ min: 0, max: 300 })),
});

describe('the figures of « Sûreté des envois »', () => {
  it('add up exactly, whatever became of the messages, and are those of a plain count', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: MESSAGES, maxLength: MESSAGES }), async (fates) => {
        await assign(fates);
        const figures = await suretyOfAll(database.dataSource.manager, { hours: 24 });
        expect(PARTS.reduce((sum, part) => sum + figures[part], 0)).toBe(figures.due);
        const inPeriod = fates.filter(({ minutesAgo }) => minutesAgo >= 0 && minutesAgo < 24 * 60);
        const due = inPeriod.filter(({ state }) => state !== 'withdrawn');
        const late = due.filter(({ lateSeconds }) => lateSeconds !== null && lateSeconds > 60);
        expect(figures).toMatchObject({
          due: due.length,
          withdrawn: inPeriod.length - due.length,
          late: late.length,
          onTime: due.filter(({ lateSeconds }) => lateSeconds !== null).length - late.length,
        });
      }),
      { numRuns: 40 },
    );
  });

  it('are the same by service, and nothing of another service for who may not see it', async () => {
    await assign(
      Array.from({ length: MESSAGES }, () => ({ state: 'delivered', minutesAgo: 5, lateSeconds: 2 })),
    );
    const { manager } = database.dataSource;
    const services = await suretyByService(manager, admin(), { hours: 24 });
    expect(services.map(({ organizationId }) => organizationId)).toEqual([serviceId]);
    expect(sumOf(services)).toEqual(await suretyOfAll(manager, { hours: 24 }));
    const other = actor('dpip', await anOrganization(database.dataSource));
    expect(await suretyByService(manager, other, { hours: 168 })).toEqual([]);
    expect(await suretyByOperator(manager, other, { hours: 168 })).toEqual([]);
    expect(await suretyByService(manager, actor('dpip', serviceId), { hours: 24 })).toHaveLength(1);
  });

  it('count the parts the operator took at the price of the service, by operator too', async () => {
    await rows(`UPDATE organization SET sms_price_cents = 5`);
    await rows(`UPDATE message SET attempts = 1`);
    await rows(
      `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
         segments, result, started_at, real_started_at, answered_at)
       SELECT gen_random_uuid(), id, 1, 'sms', 'twilio', 'X', gen_random_uuid(), sha256(id::text::bytea), ''::bytea, 2,
              CASE WHEN rank <= 4 THEN 'delivered' ELSE 'refused' END, app_now(), now(), app_now()
         FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message) AS ranked`,
    );
    const { euros } = await suretyOfAll(database.dataSource.manager, { hours: 24 });
    expect(euros).toBeCloseTo(4 * 2 * 0.05);
    expect(await suretyByOperator(database.dataSource.manager, admin(), { hours: 24 })).toEqual([
      expect.objectContaining({ operator: 'twilio', calls: MESSAGES, delivered: 4, refused: MESSAGES - 4 }),
    ]);
  });

  it('cost the same to the thousandth of a cent, by service, by operator and together', () => {
    const costing = (euros: number) => ({ ...NO_FIGURES, euros });
    expect(sumOf([costing(0.945), costing(0.63)]).euros).toBe(1.575);
    expect(sumOf([costing(1.35), costing(0.225), costing(0)]).euros).toBe(1.575);
    expect(sumOf([costing(0.1), costing(0.2)]).euros).toBe(0.3);
  });

  it('judge what the ladder planned again by its new hour', async () => {
    await rows(
      `UPDATE message SET ladder_step = 1, state = 'undelivered', accepted_at = app_now() - interval '3 hours',
              first_due_at = app_now() - interval '10 minutes'`,
    );
    await rows(
      `UPDATE delivery_attempt SET started_at = app_now() - interval '3 hours', answered_at = app_now() - interval '3 hours'`,
    );
    const waiting = await suretyOfAll(database.dataSource.manager, { hours: 24 });
    expect(waiting).toMatchObject({ due: MESSAGES, onTime: 0, late: 0 });
    await rows(
      `UPDATE delivery_attempt SET started_at = app_now() - interval '599 seconds', answered_at = app_now() - interval '598 seconds'
        WHERE result = 'delivered'`,
    );
    expect(await suretyOfAll(database.dataSource.manager, { hours: 24 })).toMatchObject({
      onTime: 4,
      late: 0,
    });
    await rows('UPDATE message SET ladder_step = 0');
  });
});

describe('the engine now', () => {
  const planned = (minutesAgo: number) => ({ state: 'planned', minutesAgo, lateSeconds: null });

  it('tells the oldest message that should have left, and how many are late', async () => {
    await assign(Array.from({ length: MESSAGES }, (_, rank) => planned(rank - 20)));
    const { now, oldestDue, late, waiting } = await pulse(database.dataSource.manager);
    expect((now.getTime() - (oldestDue?.getTime() ?? 0)) / 60_000).toBeCloseTo(3, 0);
    expect({ late, waiting }).toEqual({ late: 3, waiting: 4 });
  });

  it('does not call late what waits for its window to open, nor young what an outage puts off', async () => {
    await assign(Array.from({ length: MESSAGES }, () => planned(30)));
    await rows(`UPDATE message SET due_at = app_now() + interval '10 hours'`);
    expect(await pulse(database.dataSource.manager)).toMatchObject({ late: 0, oldestDue: null });
    await rows(`UPDATE message SET due_at = app_now() + interval '4 minutes'`);
    expect(await pulse(database.dataSource.manager)).toMatchObject({ late: MESSAGES });
  });

  it('does not call late, minutes before its window opens, what was put off to that opening', async () => {
    await assign(Array.from({ length: MESSAGES }, () => planned(30)));
    const putOff = (hours: number) =>
      rows(
        `UPDATE message SET due_at = app_now() + interval '4 minutes',
                   updated_at = app_now() - make_interval(hours => $1)`,
        [hours],
      );
    await putOff(10);
    expect(await pulse(database.dataSource.manager)).toMatchObject({ late: 0, oldestDue: null });
    const [service] = await everyService(database.dataSource.manager, { hours: 24 });
    expect(service).toMatchObject({ waiting: MESSAGES, oldestDue: null });
    await putOff(0);
    expect(await pulse(database.dataSource.manager)).toMatchObject({ late: MESSAGES });
  });
});

describe('the tallies', () => {
  const counted = () =>
    rows<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM message GROUP BY state ORDER BY state',
    );
  const tallied = async () =>
    [...(await readTally(database.dataSource.manager)).states].sort((a, b) => (a.state < b.state ? -1 : 1));

  it('are what a count would say, after any change, folded or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: MESSAGES, maxLength: MESSAGES }),
        fc.boolean(),
        async (fates, folded) => {
          await assign(fates);
          if (folded) await database.dataSource.transaction((tx) => new FoldTally().execute(tx));
          expect(await tallied()).toEqual(await counted());
        },
      ),
      { numRuns: 20 },
    );
  });

  it('lose nothing that is written while they are folded', async () => {
    await database.dataSource.transaction(async (writer) => {
      await writer.query(`UPDATE message SET state = 'expired'`);
      await database.dataSource.transaction((tx) => new FoldTally().execute(tx));
    });
    expect(await tallied()).toEqual([{ state: 'expired', count: MESSAGES }]);
    const left = await rows<{ n: number }>('SELECT count(*)::int AS n FROM engine_tally');
    await database.dataSource.transaction((tx) => new FoldTally().execute(tx));
    expect((await rows<{ n: number }>('SELECT count(*)::int AS n FROM engine_tally'))[0]?.n).toBeLessThan(
      left[0]?.n ?? 0,
    );
  });

  it('count attempts by channel, operator and result, and forget what is removed', async () => {
    const { sends } = await readTally(database.dataSource.manager);
    expect(sends).toContainEqual({ channel: 'sms', operator: 'twilio', result: 'delivered', count: 4 });
    await rows('DELETE FROM delivery_attempt');
    expect((await readTally(database.dataSource.manager)).sends).toEqual([]);
  });
});
