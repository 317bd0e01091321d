import { RECOMMENDED, TWO_DAYS } from '../../src/notifications/domain/reminder-plan-presets.js';
import { findReplan } from '../../src/notifications/plans/replan.queries.js';
import { Transaction } from '../../src/platform/transaction.js';
import { PlannedWorld } from '../support/planned-world.js';
import { someoneWaits } from '../support/someone-waits.js';

let world: PlannedWorld;
beforeEach(async () => {
  world = await PlannedWorld.open();
});
afterEach(() => world.close());

const CROWD = 620;
const progress = (id = '') => findReplan(world.dataSource.manager, id);

async function withReminder(): Promise<number> {
  const rows = await world.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM message WHERE state = 'planned' AND occurrence = 2`,
  );
  return rows[0]?.n ?? 0;
}

describe('a change of plan that concerns many', () => {
  it('says beforehand how many, is saved at once, and reaches all of them by batches', async () => {
    await world.crowd(CROWD);
    expect(await world.change({ plan: TWO_DAYS }, true)).toEqual({
      moved: 0,
      added: CROWD,
      withdrawn: 0,
      altered: 0,
    });
    const { later, ...atOnce } = await world.change({ plan: TWO_DAYS });
    expect(atOnce).toEqual({ moved: 0, added: 0, withdrawn: 0, altered: 0 });
    expect(await progress(later)).toMatchObject({ total: CROWD, reached: 0, isFinished: false });
    expect(await world.planned(await world.booked({ date: '2026-06-18' }))).toHaveLength(1);
    await world.runReplans();
    expect(await progress(later)).toMatchObject({ added: CROWD, total: CROWD, isFinished: true });
    expect(await withReminder()).toBe(CROWD + 1);
  });

  it('counts what the same transaction changed before: a trial stops in many services at once', async () => {
    await world.crowd(200);
    const own = { organizationId: world.service.organizationId, weeklyLimit: 4, basedOn: 0, isDryRun: false };
    const answers = await world.dataSource.transaction(async (tx) => [
      await world.changePlan.execute(tx, { ...own, typeCode: null, plan: TWO_DAYS }, world.admin),
      await world.changePlan.execute(tx, { ...own, typeCode: 'suivi-spip', plan: RECOMMENDED }, world.admin),
    ]);
    expect(answers.map(({ later }) => later !== undefined)).toEqual([false, true]);
  });

  it('is ended from where a crash left it, each message once', async () => {
    await world.crowd(CROWD);
    const { later } = await world.change({ plan: TWO_DAYS });
    const transaction = new Transaction(world.dataSource);
    const run = transaction.run.bind(transaction);
    let runs = 0;
    jest.spyOn(transaction, 'run').mockImplementation((work, scope) => {
      // What there is, who reads plans, one batch; then the process is gone.
      if (++runs > 3) throw new Error('killed');
      return run(work, scope);
    });
    await expect(world.runReplans(transaction)).rejects.toThrow('killed');
    expect(await progress(later)).toMatchObject({ reached: 250, added: 250, isFinished: false });
    await world.runReplans();
    expect(await progress(later)).toMatchObject({ reached: CROWD, added: CROWD, isFinished: true });
    expect(await withReminder()).toBe(CROWD);
  });

  it('keeps nobody from the convocations of another batch', async () => {
    await world.crowd(CROWD);
    await world.change({ plan: TWO_DAYS });
    const ids = await world.sql<{ id: string }>('SELECT id FROM convocation ORDER BY starts_at, id');
    let run: Promise<void> = Promise.resolve();
    await world.dataSource.transaction(async (tx) => {
      await tx.query('SELECT FROM convocation WHERE id = $1 FOR NO KEY UPDATE', [ids[400]?.id]);
      run = world.runReplans();
      await someoneWaits(world.dataSource);
      for (const at of [0, 600])
        await world.sql('SELECT FROM convocation WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [ids[at]?.id]);
    });
    await run;
    expect(await withReminder()).toBe(CROWD);
  });
});

describe('a change of plan beside somebody else', () => {
  it('reaches whoever was being booked by the old plan when it was saved', async () => {
    await world.booked({ date: '2026-06-18' });
    let id = '';
    let run: Promise<void> = Promise.resolve();
    await world.dataSource.transaction(async (tx) => {
      id = await world.booked({ date: '2026-06-18' }, tx);
      await world.change({ plan: TWO_DAYS });
      run = world.runReplans();
      // Were it not waited for, it would be over by now.
      const isOver = run.then(() => true);
      expect(await Promise.race([isOver, someLooks()])).toBe(false);
    });
    await run;
    expect(await world.planned(id)).toEqual(['reminder 2 2026-06-16 10:00']);
  });

  it.each([
    ['cancelled', 'service'],
    ['excused', null],
  ] as const)('plans nothing for one that is being %s', async (state, by) => {
    const id = await world.booked({ date: '2026-06-18' });
    let change: Promise<unknown> = Promise.resolve();
    await world.dataSource.transaction(async (tx) => {
      await tx.query('UPDATE convocation SET state = $2, cancelled_by = $3 WHERE id = $1', [id, state, by]);
      await world.changed(id, state, false, tx);
      change = world.change({ plan: TWO_DAYS });
      await someoneWaits(world.dataSource);
    });
    expect(await change).toEqual({ moved: 0, added: 0, withdrawn: 0, altered: 0 });
    expect(await world.planned(id)).toEqual([]);
  });

  it('plans for the new promise of one that is being moved', async () => {
    const id = await world.booked({ date: '2026-06-18' });
    let change: Promise<unknown> = Promise.resolve();
    await world.dataSource.transaction(async (tx) => {
      await tx.query(
        `UPDATE convocation SET local_date = '2026-06-25', starts_at = '2026-06-25T08:00:00Z', promise_version = 2
          WHERE id = $1`,
        [id],
      );
      await world.changed(id, 'rescheduled', false, tx);
      change = world.change({ plan: TWO_DAYS });
      await someoneWaits(world.dataSource);
    });
    await change;
    expect(await world.planned(id)).toEqual(['reminder 2 2026-06-23 10:00']);
    expect(await world.change({ plan: RECOMMENDED, basedOn: 1 }, true)).toMatchObject({ withdrawn: 1 });
  });
});

/** False after as many answers of the database as the whole run asks for, several times over. */
async function someLooks(): Promise<boolean> {
  for (let look = 0; look < 60; look++) await world.sql('SELECT 1');
  return false;
}
