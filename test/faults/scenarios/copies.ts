import { closeSync, existsSync, openSync } from 'node:fs';
import pg from 'pg';
import { APPLICATION_ROLE } from '../../../demo/embedded-postgres.js';
import { migrate } from '../../../src/platform/migrate.js';
import { BOTH, ensure, equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

const DUE = 10;

/** Yesterday's copy takes the place of today's database, whose texts have left since. */
async function restoredBackup(rig: Rig, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const { servers } = rig;
  const { name } = rig.database;
  await rig.plan(DUE);
  await (await rig.engine(more)).stop();
  await cutSessions(rig, name);
  const backup = await servers.createDatabase(name);
  const engine = await rig.engine(more);
  await engine.drain();
  await engine.stop();
  equal(rig.texts.length, DUE, 'texts before the disaster');
  await rig.database.dataSource.destroy();
  await servers.dropDatabase(name);
  await servers.asAdmin(`ALTER DATABASE ${backup} RENAME TO ${name}`);
  await rig.database.dataSource.initialize();
  const worker = await rig.worker(more);
  await rig.until('sending is held', async () => {
    const rows = await rig.query(
      `SELECT FROM sending_hold WHERE reason = 'restored-backup' AND released_at IS NULL`,
    );
    return rows.length > 0;
  });
  await relayRuns(rig, 3);
  equal(rig.operator.calls + rig.link.calls, DUE, 'calls after the restore');
  equal(await worker.stop(), 0, 'exit code');
}

async function relayRuns(rig: Rig, times: number): Promise<void> {
  const last = async () =>
    (await rig.query<{ at: string }>(`SELECT last_run_at::text AS at FROM task_run WHERE task = 'relay'`))[0]
      ?.at ?? '';
  for (let run = 0; run < times; run++) {
    const before = await last();
    await rig.until('the relay runs', async () => (await last()) !== before, 20_000);
  }
}

async function cutSessions(rig: Rig, name: string): Promise<void> {
  await rig.servers.asAdmin(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
}

/** A copy of one environment started as another. */
async function stagingCopy(rig: Rig): Promise<void> {
  await rig.plan(DUE);
  const worker = await rig.launch('all', { APP_ENV: 'staging' }).started();
  const ready = await fetch(`${worker.baseUrl}/health/ready`);
  equal(ready.status, 503, 'readiness');
  // Said by the relay itself, which has therefore run.
  await rig.until(
    'it says why',
    () => worker.output.includes('another environment: nothing is sent"'),
    20_000,
  );
  ensure(rig.operator.calls === 0, `${rig.operator.calls} calls from a copy`);
  equal(await rig.count(`state = 'planned'`), DUE, 'messages left as they were');
  await worker.stop();
}

/** The release's own migration meets something it did not expect, half-way. */
async function migrationFails(rig: Rig): Promise<void> {
  const name = await rig.servers.createDatabase('template0');
  const ownerUrl = rig.servers.url('owner', name);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    const options = { ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' as const };
    await owner.query('CREATE TABLE agent_task (in_the_way int)');
    const failed = await migrate(options).then(
      () => false,
      () => true,
    );
    ensure(failed, 'the migration did not fail');
    const { rows } = await owner.query(
      `SELECT FROM pg_tables WHERE tablename IN ('reminder_plan', 'sending_hold')`,
    );
    equal(rows.length, 0, 'tables of the half that had passed');
    await owner.query('DROP TABLE agent_task');
    await migrate(options);
    await migrate(options);
  } finally {
    await owner.end();
    await rig.servers.dropDatabase(name);
  }
}

/** Standard output on a full disk: nothing can be logged, everything is sent. */
async function logsCannotBeWritten(rig: Rig): Promise<void> {
  const full = openSync('/dev/full', 'w');
  await rig.plan(DUE);
  const worker = rig.launch('worker', { PORT: '0', LOG_LEVEL: 'debug' }, { stdout: full });
  await rig.quiet();
  ensure(worker.isRunning, 'the worker ended');
  equal(await worker.stop(), 0, 'exit code');
  closeSync(full);
  equal(rig.operator.accepted.length, DUE, 'texts');
}

const core = { tier: 'core', backends: ['postgres'], judgesItself: true } as const;

export const COPIES: readonly Fault[] = [
  {
    ...core,
    id: 'F40',
    title: 'restored from a backup older than the last texts',
    promise: 'held, nothing sent again',
    run: (rig) => restoredBackup(rig),
  },
  {
    ...core,
    id: 'F40b',
    title: 'the same, with an operator that keeps no list',
    promise: 'held, nothing sent again',
    backends: BOTH,
    run: (rig) => restoredBackup(rig, rig.linkAlone),
  },
  {
    ...core,
    id: 'F41',
    title: 'a copy started as another environment',
    promise: 'sends nothing, is not ready, says why',
    run: stagingCopy,
  },
  {
    ...core,
    id: 'F31',
    title: 'a migration fails half-way',
    promise: 'nothing of it stays; later it runs whole',
    run: migrationFails,
  },
  {
    ...core,
    id: 'F38',
    missing: () => (existsSync('/dev/full') ? null : 'this system has no device that is always full'),
    title: 'no room to write the log',
    promise: 'everything is sent all the same',
    judgesItself: false,
    run: logsCannotBeWritten,
  },
];
