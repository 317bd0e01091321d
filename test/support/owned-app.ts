import pg from 'pg';
import type { TaskId } from '../../config/schedule.js';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { startTestApp, type TestApp } from './app.js';
import { planDueNow } from './due-messages.js';

/** A web process, whose schedule runs by hand only, and the owner of its database. */
export interface OwnedApp {
  readonly web: TestApp;
  readonly owner: pg.Client;
  run(task: TaskId): Promise<void>;
  close(): Promise<void>;
}

/** @param persons each with one reminder due now */
export async function startOwnedApp(persons: number): Promise<OwnedApp> {
  const web = await startTestApp();
  const owner = new pg.Client({ connectionString: web.ownerUrl });
  await owner.connect();
  await planDueNow(web.dataSource, persons);
  return {
    web,
    owner,
    run: (task) => web.app.get(ScheduledTasks).run(task),
    async close() {
      await owner.end();
      await web.close();
    },
  };
}
