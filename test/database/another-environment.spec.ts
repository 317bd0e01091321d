import { SCHEDULE } from '../../config/schedule.js';
import { type OwnedApp, startOwnedApp } from '../support/owned-app.js';

let stand: OwnedApp;

beforeAll(async () => {
  stand = await startOwnedApp(3);
  // Something to do for sweep and follow-up.
  await stand.owner.query(`
    WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
    UPDATE message m SET state = (ARRAY['planned', 'queued', 'undelivered'])[rank],
           claimed_at = app_now() - interval '1 hour', useful_until = app_now() - interval '1 minute',
           settled_at = CASE rank WHEN 3 THEN app_now() END
      FROM ranked WHERE ranked.id = m.id`);
});
afterAll(() => stand.close());

const madeFor = (name: string) => stand.owner.query('UPDATE environment SET name = $1', [name]);

async function runEverything(): Promise<void> {
  for (const { id } of SCHEDULE) await stand.run(id);
}

/** What every table holds, the queue's too. */
async function everything(): Promise<Record<string, string | null>> {
  const { rows: tables } = await stand.owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const found: Record<string, string | null> = {};
  for (const { name } of tables) {
    const { rows } = await stand.owner.query<{ held: string | null }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS held FROM ${name} t`,
    );
    found[name] = rows[0]?.held ?? null;
  }
  return found;
}

const dated = async () =>
  (await stand.owner.query<{ task: string }>('SELECT task FROM task_run ORDER BY task')).rows.map(
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
    await stand.owner.query('DELETE FROM environment');
    await stand.owner.query('DELETE FROM task_run');
    await stand.run('fold-tally');
    expect(await dated()).toEqual(['fold-tally']);
  });
});
