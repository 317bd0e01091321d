import pg from 'pg';
import { SCHEDULE } from '../../config/schedule.js';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { planDueNow } from '../support/due-messages.js';

let web: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  // No schedule runs by itself in a web process: every task below is run by hand.
  web = await startTestApp();
  owner = new pg.Client({ connectionString: web.ownerUrl });
  await owner.connect();
  await planDueNow(web.dataSource, 3);
  // Something to do for sweep and follow-up.
  await owner.query(`
    WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
    UPDATE message m SET state = (ARRAY['planned', 'queued', 'undelivered'])[rank],
           claimed_at = app_now() - interval '1 hour', useful_until = app_now() - interval '1 minute',
           settled_at = CASE rank WHEN 3 THEN app_now() END
      FROM ranked WHERE ranked.id = m.id`);
});
afterAll(async () => {
  await owner.end();
  await web.close();
});

const madeFor = (name: string) => owner.query('UPDATE environment SET name = $1', [name]);

async function runEverything(): Promise<void> {
  for (const { id } of SCHEDULE) await web.app.get(ScheduledTasks).run(id);
}

/** What every table holds, the queue's too. */
async function everything(): Promise<Record<string, string | null>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const found: Record<string, string | null> = {};
  for (const { name } of tables) {
    const { rows } = await owner.query<{ held: string | null }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS held FROM ${name} t`,
    );
    found[name] = rows[0]?.held ?? null;
  }
  return found;
}

const dated = async () =>
  (await owner.query<{ task: string }>('SELECT task FROM task_run ORDER BY task')).rows.map(
    ({ task }) => task,
  );

describe('a worker on a database made for another environment', () => {
  it('runs no task: nothing is written, in no table, and no run is dated', async () => {
    await madeFor('production');
    const before = await everything();
    await runEverything();
    expect(await everything()).toEqual(before);
    expect(await dated()).toEqual([]);
  });

  it('runs all of them on its own', async () => {
    await madeFor('test');
    const before = await everything();
    await runEverything();
    expect(await dated()).toEqual(SCHEDULE.map(({ id }) => id).sort());
    expect((await everything())['public.message']).not.toEqual(before['public.message']);
  });

  it('runs them on a database that nobody has named yet', async () => {
    await owner.query('DELETE FROM environment');
    await owner.query('DELETE FROM task_run');
    await web.app.get(ScheduledTasks).run('fold-tally');
    expect(await dated()).toEqual(['fold-tally']);
  });
});
