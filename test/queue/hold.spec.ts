import { loadEnv } from '../../config/load-env.js';
import { examine } from '../../src/cli/doctor.js';
import { releaseAfterReport } from '../../src/cli/release.command.js';
import { HoldRestoredBackup } from '../../src/notifications/surety/hold-restored-backup.js';
import { HoldSending } from '../../src/notifications/surety/hold-sending.js';
import { releaseReport } from '../../src/notifications/surety/release-report.query.js';
import { ReleaseSending } from '../../src/notifications/surety/release-sending.js';
import { asOwner, COUNT, countIn, hold, run, useHeldDatabases } from '../support/held-databases.js';
import { PlainOperator } from '../support/plain-operator.js';
import { releaseByCommand } from '../support/release-command.js';

const databases = useHeldDatabases();

describe('sending that is held by a command', () => {
  let operator: PlainOperator;
  beforeEach(async () => {
    operator = new PlainOperator();
    await operator.start();
  });
  afterEach(() => operator.stop());

  it('lets nothing leave, tells what would leave, and lets it leave once released', async () => {
    const database = await databases.make();
    const engine = await databases.worker(database, operator);
    await run(database, (tx) =>
      new HoldSending().execute(tx, { reason: 'command', detail: 'a wrong template' }, 'cli'),
    );
    await engine.run('relay');
    await engine.run('relay');
    expect(operator.accepted).toEqual([]);
    expect(await countIn(database, 'planned')).toBe(COUNT);
    const told = await run(database, (tx) => releaseAfterReport(tx, 'test', null));
    expect(told).toMatchObject({
      released: false,
      hold: { reason: 'command', detail: 'a wrong template', setBy: 'cli' },
      report: { leaving: COUNT, expired: 0, rows: [{ kind: 'reminder', leaving: COUNT }] },
    });
    const id = told.hold?.id ?? '';
    expect(await run(database, (tx) => releaseAfterReport(tx, 'test', id))).toMatchObject({ released: true });
    await engine.drain();
    expect(operator.accepted).toHaveLength(COUNT);
  });

  it('holds what was already claimed', async () => {
    const database = await databases.make();
    const engine = await databases.worker(database, operator);
    await run(database, async (tx) => {
      // Claimed, not yet handed to a worker, when the hold comes.
      await tx.query(
        `UPDATE message SET state = 'queued', claim_epoch = 1, claimed_at = app_now() - interval '6 minutes'`,
      );
      await new HoldSending().execute(tx, { reason: 'command', detail: 'stop' }, 'cli');
    });
    await engine.run('sweep');
    await engine.run('relay');
    expect(operator.accepted).toEqual([]);
    expect(await countIn(database, 'planned')).toBe(COUNT);
  });

  it('is recorded with who set it and who lifted it, once', async () => {
    const database = await databases.make();
    const command = { reason: 'command', detail: 'first' } as const;
    expect(await run(database, (tx) => new HoldSending().execute(tx, command, 'cli'))).toBe(true);
    expect(
      await run(database, (tx) => new HoldSending().execute(tx, { ...command, detail: 'second' }, 'cli')),
    ).toBe(false);
    const kept = await hold(database);
    expect(kept).toMatchObject({ detail: 'first' });
    const release = () => run(database, (tx) => new ReleaseSending().execute(tx, 'agent:1', kept?.id ?? ''));
    expect(await release()).toBe(true);
    expect(await release()).toBe(false);
    expect(await database.dataSource.query('SELECT set_by, released_by FROM sending_hold')).toEqual([
      { set_by: 'cli', released_by: 'agent:1' },
    ]);
  });

  it('is released only by the id that was printed with the report that was read', async () => {
    const database = await databases.make();
    const command = { reason: 'command', detail: 'first' } as const;
    await run(database, (tx) => new HoldSending().execute(tx, command, 'cli'));
    const read = await releaseByCommand(database);
    expect(read.exitCode).toBe(0);
    const id = (await hold(database))?.id ?? '';
    expect(read.said).toContain(`run again with --yes ${id}`);
    const bare = await releaseByCommand(database, ['--yes']);
    expect(bare).toMatchObject({ exitCode: 1, said: read.said });

    await run(database, async (tx) => {
      await new ReleaseSending().execute(tx, 'agent:1', id);
      await new HoldSending().execute(tx, { ...command, detail: 'second' }, 'cli');
    });
    const late = await releaseByCommand(database, ['--yes', id]);
    const second = await hold(database);
    expect(second).toMatchObject({ detail: 'second' });
    expect(late.exitCode).toBe(1);
    expect(late.said).toContain(`run again with --yes ${second?.id ?? ''}`);

    const released = await releaseByCommand(database, ['--yes', second?.id ?? '']);
    expect(released.exitCode).toBe(0);
    expect(released.said).toContain('Released.');
    expect(await hold(database)).toBeNull();
  });

  it('tells what is late and what is useful no longer', async () => {
    const database = await databases.make();
    await database.dataSource.query(
      `WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
       UPDATE message m SET first_due_at = app_now() - rank * interval '45 seconds', due_at = app_now() - interval '1 second',
              useful_until = CASE rank WHEN 4 THEN app_now() ELSE useful_until END
         FROM ranked WHERE ranked.id = m.id`,
    );
    const { oldestDue, ...report } = await run(database, releaseReport);
    expect(report).toMatchObject({ leaving: 3, late: 2, expired: 1, uncertain: 0 });
    expect(oldestDue).not.toBeNull();
  });

  it('tells what an outage put off for a moment, not what waits for its hours', async () => {
    const database = await databases.make();
    await database.dataSource.query(
      `WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
       UPDATE message m SET first_due_at = app_now() - interval '20 minutes', updated_at = app_now(),
              due_at = app_now() + CASE rank WHEN 4 THEN interval '10 hours' ELSE interval '5 minutes' END
         FROM ranked WHERE ranked.id = m.id`,
    );
    expect(await run(database, releaseReport)).toMatchObject({ leaving: 3, late: 3 });
  });
});

describe('an operator that does not list', () => {
  it('is asked again, then the worker goes on, and it is written down', async () => {
    const operator = new PlainOperator();
    await operator.start();
    operator.listAnswers = false;
    const database = await databases.make();
    const engine = await databases.worker(database, operator);
    engine.module.get(HoldRestoredBackup).pace.patienceMs = 0;
    await engine.drain();
    expect(operator.accepted).toHaveLength(COUNT);
    expect(await database.dataSource.query('SELECT operator, outcome FROM operator_comparison')).toEqual([
      { operator: 'twilio', outcome: 'no-answer' },
    ]);
    await operator.stop();
  });
});

describe('a database made for another environment', () => {
  it('sends nothing, takes no job, looks nothing up, and is not written to', async () => {
    const operator = new PlainOperator();
    await operator.start();
    const database = await databases.make();
    await asOwner(database, `UPDATE environment SET name = 'production'`);
    const engine = await databases.worker(database, operator);
    await engine.run('relay');
    await engine.run('resolve');
    expect(await countIn(database, 'planned')).toBe(COUNT);
    expect(operator.accepted).toEqual([]);
    expect(await hold(database)).toMatchObject({ reason: 'environment-mismatch' });
    expect(await database.dataSource.query('SELECT FROM sending_hold')).toEqual([]);
    await expect(run(database, (tx) => releaseAfterReport(tx, 'test', '1'))).rejects.toThrow(
      'made for production',
    );
    const findings = await examine(
      loadEnv({
        APP_ENV: 'test',
        PUBLIC_BASE_URL: 'http://127.0.0.1:9',
        DATABASE_URL: database.url,
        SECRET_KEYS: 'k'.repeat(32),
      }),
    );
    expect(findings.filter(({ state }) => state === 'fault').map(({ subject }) => subject)).toEqual([
      'environment',
      'hold',
    ]);
    await operator.stop();
  });
});
