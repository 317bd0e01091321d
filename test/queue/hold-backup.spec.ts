import { releaseAfterReport } from '../../src/cli/release.command.js';
import { HoldSending } from '../../src/notifications/surety/hold-sending.js';
import { JobQueue } from '../../src/platform/queue.js';
import { eventually } from '../support/engine.js';
import { asOwner, COUNT, countIn, hold, run, useHeldDatabases } from '../support/held-databases.js';
import { type Judge, JUDGES } from '../support/judges.js';

const databases = useHeldDatabases();

describe.each(Object.entries(JUDGES))('a backup that is restored, judged by %s', (_name, startJudge) => {
  let judge: Judge;
  beforeEach(async () => {
    judge = await startJudge();
  });
  afterEach(() => judge.stop());

  it('is held before anything leaves a second time, until somebody releases it', async () => {
    const database = await databases.make();
    const backup = await databases.copy(database);
    await databases.work(database, judge);
    expect(judge.accepted()).toHaveLength(COUNT);

    const engine = await databases.worker(backup, judge);
    await engine.run('relay');
    expect(await hold(backup)).toMatchObject({ reason: 'restored-backup', setBy: 'worker' });
    expect(await countIn(backup, 'planned')).toBe(COUNT);
    expect(judge.accepted()).toHaveLength(COUNT);
    await databases.stop(engine);

    const { id } = (await hold(backup)) ?? {};
    expect(await run(backup, (tx) => releaseAfterReport(tx, 'test', id ?? ''))).toMatchObject({
      released: true,
      report: { leaving: COUNT },
    });
    // Restarted after the release: what it was held for is accounted for.
    await databases.work(backup, judge);
    expect(await hold(backup)).toBeNull();
    expect(judge.accepted()).toHaveLength(2 * COUNT);
  });

  it('is held when what left since went to numbers that it does not know', async () => {
    const database = await databases.make();
    await databases.stop(await databases.worker(database, judge));
    const backup = await databases.copy(database);
    await databases.moveNumbers(database, '+33670000010');
    await databases.work(database, judge);
    expect(judge.accepted()).toEqual(Array.from({ length: COUNT }, () => '+33670000010'));
    const engine = await databases.worker(backup, judge);
    await engine.run('relay');
    expect(await hold(backup)).toMatchObject({ reason: 'restored-backup', setBy: 'worker' });
    expect(await countIn(backup, 'planned')).toBe(COUNT);
  });

  it('is not seen in a database moved with all that left', async () => {
    const database = await databases.make();
    await databases.work(database, judge);
    const moved = await databases.copy(database);
    await databases.stop(await databases.worker(moved, judge));
    expect(await hold(moved)).toBeNull();
  });

  it('is held with what its queue still holds', async () => {
    const database = await databases.make();
    const claiming = await databases.worker(database, judge);
    await claiming.module.get(JobQueue).stopListening();
    await claiming.run('relay');
    await databases.stop(claiming);
    expect(await countIn(database, 'queued')).toBe(COUNT);
    const backup = await databases.copy(database);
    await databases.work(database, judge);

    await databases.worker(backup, judge);
    // The jobs of the backup are taken; their messages stay.
    await eventually(async () => (await countIn(backup, 'planned')) === COUNT);
    expect(judge.accepted()).toHaveLength(COUNT);
    expect(await hold(backup)).toMatchObject({ reason: 'restored-backup' });
  });

  it('is held even when it was held for another reason at the time of the backup', async () => {
    const database = await databases.make();
    const backup = await databases.copy(database);
    await run(backup, (tx) => new HoldSending().execute(tx, { reason: 'command', detail: 'test' }, 'cli'));
    await databases.work(database, judge);
    await databases.stop(await databases.worker(backup, judge));
    expect(await hold(backup)).toMatchObject({ reason: 'restored-backup' });
  });

  it('is not seen in a worker that comes back, whatever it knew of its calls', async () => {
    const database = await databases.make();
    await databases.work(database, judge);
    await databases.work(database, judge);
    expect(await hold(database)).toBeNull();
    // Killed between the call and its record.
    await database.dataSource.query(
      `UPDATE delivery_attempt SET result = 'open', operator_message_id = NULL, answered_at = NULL`,
    );
    await database.dataSource.query(`UPDATE message SET state = 'sending'`);
    await databases.stop(await databases.worker(database, judge));
    expect(await hold(database)).toBeNull();
  });

  it('is not seen in a new database on an old account, nor in numbers nobody here has', async () => {
    await databases.work(await databases.make(), judge);
    const young = await databases.make();
    await asOwner(young, 'UPDATE environment SET installed_at = clock_timestamp()');
    await databases.stop(await databases.worker(young, judge));
    expect(await hold(young)).toBeNull();
    const elsewhere = await databases.make();
    await databases.moveNumbers(elsewhere, '+33670000010');
    await databases.stop(await databases.worker(elsewhere, judge));
    // A second look, from where it was compared first.
    await databases.stop(await databases.worker(elsewhere, judge));
    expect(await hold(elsewhere)).toBeNull();
  });
});
