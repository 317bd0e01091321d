import { parseArgs } from 'node:util';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { loadEnv } from '../../config/load-env.js';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { startApp } from '../../src/create-app.js';
import { databaseOptions } from '../../src/platform/database.js';
import { silentLog } from '../../src/platform/log.js';
import { WORKER_ROLE } from '../../src/platform/scope-settings.js';
import { keepKeys, Sealing } from '../../src/platform/sealing.js';
import { Servers } from '../faults/rig/servers.js';

import { buildCallers, twinOf } from './callers.js';
import { play, type Played } from './play.js';
import { buildWorld } from './world.js';

const SECRET_KEY = 'k'.repeat(32);

const { values } = parseArgs({
  options: {
    lanes: { type: 'string', default: '6' },
    only: { type: 'string' },
    by: { type: 'string' },
    slow: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    /** Lines at most of each pass. */
    show: { type: 'string', default: '60' },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The world is built without saying for whom. */
function seeingAll(url: string): DataSourceOptions {
  const options = databaseOptions(url, 2, 'msj-matrix');
  return { ...options, extra: { ...options.extra, options: `-c role=${WORKER_ROLE}` } };
}

/** One pass: a fresh database, the real application, every cell. */
async function pass(servers: Servers, failpoints: string): Promise<Played> {
  const database = await servers.createDatabase();
  const url = servers.url('application', database);
  const env = loadEnv({
    ...{ APP_ENV: 'test', APP_ROLE: 'web', PORT: '0', PUBLIC_BASE_URL: 'http://127.0.0.1:3000' },
    ...{ DATABASE_URL: url, SECRET_KEYS: SECRET_KEY, RATE_LIMITS: 'off' },
    ...(failpoints === '' ? {} : { FAILPOINTS: failpoints }),
  });
  const dataSource = new DataSource(seeingAll(url));
  keepKeys(dataSource, new Sealing({ SECRET_KEYS: [SECRET_KEY] }));
  await dataSource.initialize();
  const running = await startApp(env, silentLog());
  try {
    const world = await buildWorld(dataSource);
    const by = new RegExp(values.by ?? '');
    const callers = (await buildCallers(dataSource, world)).filter(({ name }) => by.test(name));
    const pattern = new RegExp(values.only ?? '');
    const routes = running.app
      .get(RouteDeclarations)
      .routes()
      .filter(({ method, path }) => pattern.test(`${method} ${path}`));
    return await play({
      baseUrl: running.baseUrl,
      routes,
      world,
      callers,
      lanes: Number(values.lanes),
      withoutNested: values.only !== undefined,
      isUnchecked: failpoints !== '',
      twin: (caller) => twinOf(dataSource, world, caller),
    });
  } finally {
    await dataSource.destroy();
    await running.stop();
    await servers.dropDatabase(database);
  }
}

function tell(
  title: string,
  { cells, wrong, leaks, undecided, slowest }: Played,
  isWrongCounted: boolean,
): void {
  say(`${title}: ${cells} cells, ${isWrongCounted ? `${wrong.length} wrong, ` : ''}${leaks.length} leaks`);
  if (values.slow) for (const line of slowest) say(`  ${line}`);
  say(`  foreign objects refused before they were looked for: ${undecided}`);
  for (const line of [...(isWrongCounted ? wrong : []), ...leaks].slice(0, Number(values.show)))
    say(`  ${line}`);
}

const servers = await Servers.start();
try {
  const checked = await pass(servers, '');
  tell('with the application check', checked, true);
  const unchecked = values.first ? checked : await pass(servers, 'no-application-check=throw-1');
  tell('without it', unchecked, false);
  const wrong = checked.wrong.length + checked.leaks.length;
  say(
    JSON.stringify({
      routes: checked.routes,
      cells: checked.cells + unchecked.cells,
      wrong,
      leaks_without_app_check: unchecked.leaks.length,
    }),
  );
  process.exitCode = wrong + unchecked.leaks.length === 0 && checked.cells > 0 ? 0 : 1;
} finally {
  await servers.stop();
}
