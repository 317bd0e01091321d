import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import type { Role } from '../../src/access/domain/roles.js';
import { Clock } from '../../src/platform/clock.js';
import { registersOf, rolloutsOf } from '../../src/statistics/rollout.queries.js';
import { CorrectRollout } from '../../src/statistics/rollouts/correct-rollout.js';
import { registerOf } from '../../src/statistics/rollouts/register.query.js';
import { SetTarget } from '../../src/statistics/rollouts/set-target.js';
import { StartRollout } from '../../src/statistics/rollouts/start-rollout.js';
import { StopRollout } from '../../src/statistics/rollouts/stop-rollout.js';
import { aService, anAgent } from '../support/builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';

const clock = new Clock();
const start = new StartRollout(clock);
const stop = new StopRollout(clock);
const correct = new CorrectRollout(clock);
const setTarget = new SetTarget(clock);

let database: TestDatabase;
let service: Awaited<ReturnType<typeof aService>>;
let keeper: Actor;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 });
  await moveClock(database.dataSource, '2026-06-11T08:00:00Z');
});
afterAll(() => database.drop());
beforeEach(async () => {
  service = await aService(database.dataSource);
  keeper = await anActor('local-admin');
});

async function anActor(role: Role, organizationId = service.organizationId): Promise<Actor> {
  return {
    ...{
      role,
      organizationId,
      organizationKind: 'spip',
      apiKeyId: null,
      linkedOrganizationIds: [],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    },
    agentId: await anAgent(database.dataSource, { organizationId, role }),
  };
}

const inOne = <T>(work: (tx: EntityManager) => Promise<T>) => database.dataSource.transaction(work);
const begin = (more: Partial<Parameters<StartRollout['execute']>[1]> = {}, actor = keeper) =>
  inOne((tx) =>
    start.execute(
      tx,
      {
        organizationId: service.organizationId,
        scope: 'service',
        startedOn: '2025-09-01',
        note: '',
        ...more,
      },
      actor,
    ),
  );
const held = () => rolloutsOf(database.dataSource.manager, [service.organizationId]);
const history = () => registerOf(database.dataSource.manager, service.organizationId);

async function firstStart(): Promise<string | null> {
  const rows: { on: string | null }[] = await database.dataSource.query(
    'SELECT rolled_out_on AS on FROM organization WHERE id = $1',
    [service.organizationId],
  );
  return rows[0]?.on ?? null;
}

describe('the register of roll-outs', () => {
  it('knows a start, who wrote it, and the first start of the whole service', async () => {
    await begin({ note: 'avec Nanterre' });
    expect(await held()).toMatchObject([{ startedOn: '2025-09-01', stoppedOn: null, note: 'avec Nanterre' }]);
    expect(await history()).toMatchObject([{ scopeKind: 'service', withdrawnAt: null }]);
    expect((await history())[0]?.writtenBy).toMatch(/\S/);
    expect(await firstStart()).toBe('2025-09-01');
  });

  it('takes a place, a type or an agent for a pilot, which is no start of the service', async () => {
    const [place] = await database.dataSource.query('SELECT id FROM place WHERE organization_id = $1', [
      service.organizationId,
    ]);
    const counsellors = [await anActor('cpip'), await anActor('cpip')];
    await begin({ scope: `place:${place.id}` });
    await begin({ scope: 'type:suivi-spip' });
    for (const { agentId } of counsellors)
      await begin({ scope: `agent:${agentId}`, startedOn: '2025-03-01' });
    expect(await held()).toHaveLength(4);
    expect(await firstStart()).toBeNull();
  });

  it('refuses a second row of the same scope over the same days, and takes one after the end', async () => {
    const first = await begin();
    await expect(begin({ startedOn: '2026-01-01' })).rejects.toMatchObject({
      errors: [{ field: 'startedOn', code: 'overlap' }],
    });
    await inOne((tx) =>
      stop.execute(tx, { rolloutId: first, stoppedOn: '2025-12-01', note: 'panne' }, keeper),
    );
    await begin({ startedOn: '2026-01-01' });
    expect((await held()).map(({ startedOn, stoppedOn }) => [startedOn, stoppedOn])).toEqual([
      ['2025-09-01', '2025-12-01'],
      ['2026-01-01', null],
    ]);
    expect(await firstStart()).toBe('2025-09-01');
  });

  it('lets only one of two starts written at once hold', async () => {
    const other = await createTestDatabase({ poolSize: 4 });
    try {
      const twin = await aService(other.dataSource);
      const agentId = await anAgent(other.dataSource, { organizationId: twin.organizationId });
      const actor: Actor = { ...keeper, agentId, organizationId: twin.organizationId };
      const write = () =>
        other.dataSource.transaction((tx) =>
          start.execute(
            tx,
            { organizationId: twin.organizationId, scope: 'service', startedOn: '2025-09-01', note: '' },
            actor,
          ),
        );
      const answers = await Promise.allSettled([write(), write(), write(), write()]);
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    } finally {
      await other.drop();
    }
  });

  it('corrects by withdrawing the row and writing another one', async () => {
    const id = await begin();
    await inOne((tx) =>
      correct.execute(
        tx,
        { rolloutId: id, corrected: { startedOn: '2025-10-01', stoppedOn: null, note: 'un mois plus tard' } },
        keeper,
      ),
    );
    const rows = await history();
    expect(rows.map(({ startedOn, withdrawnAt }) => [startedOn, withdrawnAt === null])).toEqual([
      ['2025-10-01', true],
      ['2025-09-01', false],
    ]);
    expect(rows[0]?.replacesId).toBe(id);
    expect(rows[1]?.withdrawnBy).toMatch(/\S/);
    expect(await firstStart()).toBe('2025-10-01');
    await inOne((tx) => correct.execute(tx, { rolloutId: rows[0]?.id ?? '', corrected: null }, keeper));
    expect(await held()).toEqual([]);
    expect(await history()).toHaveLength(2);
    expect(await firstStart()).toBeNull();
  });

  it('keeps the row that held when the correction is refused', async () => {
    const id = await begin();
    const wrong = { startedOn: '2025-10-01', stoppedOn: '2025-09-01', note: '' };
    await expect(
      inOne((tx) => correct.execute(tx, { rolloutId: id, corrected: wrong }, keeper)),
    ).rejects.toMatchObject({ errors: [{ field: 'stoppedOn' }] });
    expect(await held()).toMatchObject([{ id, startedOn: '2025-09-01' }]);
    expect(await firstStart()).toBe('2025-09-01');
  });

  it.each([
    [{ startedOn: '' }, 'startedOn'],
    [{ startedOn: '2025-02-30' }, 'startedOn'],
    [{ startedOn: '2036-01-01' }, 'startedOn'],
    [{ scope: 'everything' }, 'scope'],
    [{ scope: 'type:unknown' }, 'scope'],
    [{ scope: 'place:11111111-1111-4111-8111-111111111111' }, 'scope'],
    [{ note: 'x'.repeat(301) }, 'note'],
  ])('refuses %j at its field', async (given, field) => {
    await expect(begin(given)).rejects.toMatchObject({ errors: [{ field }] });
    expect(await held()).toEqual([]);
  });

  it('is kept by the local administrator of the service and by the central one, by nobody else', async () => {
    const elsewhere = await aService(database.dataSource);
    await expect(begin({}, await anActor('dpip'))).rejects.toMatchObject({ code: 'forbidden' });
    const foreigner = await anActor('local-admin', elsewhere.organizationId);
    await expect(begin({}, foreigner)).rejects.toMatchObject({ code: 'not-found' });
    const id = await begin({}, await anActor('admin', elsewhere.organizationId));
    await expect(
      inOne((tx) => correct.execute(tx, { rolloutId: id, corrected: null }, foreigner)),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      inOne((tx) => correct.execute(tx, { rolloutId: 'not an id', corrected: null }, keeper)),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the target of a service', () => {
  const aim = (relativeChange: number, fromOn = '2025-09-01', untilOn = '2026-03-01') =>
    inOne((tx) =>
      setTarget.execute(
        tx,
        {
          organizationId: service.organizationId,
          target: { relativeChange, fromOn, untilOn, note: '' },
        },
        keeper,
      ),
    );
  const targets = async () =>
    (await registersOf(database.dataSource.manager, [service.organizationId])).flatMap((own) => own.targets);

  it('is one at a time; the one before stays written', async () => {
    await aim(-0.2);
    await aim(-0.3);
    expect(await targets()).toEqual([
      {
        organizationId: service.organizationId,
        ...{ relativeChange: -0.3, fromOn: '2025-09-01', untilOn: '2026-03-01' },
      },
    ]);
    await inOne((tx) =>
      setTarget.execute(tx, { organizationId: service.organizationId, target: null }, keeper),
    );
    expect(await targets()).toEqual([]);
    const [row] = await database.dataSource.query(
      'SELECT count(*)::integer AS n FROM rollout_target WHERE organization_id = $1',
      [service.organizationId],
    );
    expect(row.n).toBe(2);
  });

  it.each([
    [0.3, '2025-09-01', '2026-03-01', 'relativeChange'],
    [Number.NaN, '2025-09-01', '2026-03-01', 'relativeChange'],
    [-1.2, '2025-09-01', '2026-03-01', 'relativeChange'],
    [-0.3, 'soon', '2026-03-01', 'fromOn'],
    [-0.3, '2026-03-01', '2025-09-01', 'untilOn'],
  ])('refuses %d from %s to %s', async (change, from, until, field) => {
    await expect(aim(change, from, until)).rejects.toMatchObject({ errors: [{ field }] });
  });
});
