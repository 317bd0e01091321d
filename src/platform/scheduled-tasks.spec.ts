import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Env } from '../../config/env.js';
import { SCHEDULE, type ScheduledTask } from '../../config/schedule.js';
import { ScheduledTasks } from './scheduled-tasks.js';
import type { Transaction } from './transaction.js';

const last = SCHEDULE.length - 1;

/** Every task of the schedule but these has its work. */
function tasksWithout(...missing: readonly string[]) {
  const started: string[] = [];
  const registry = { addCronJob: (id: string) => void started.push(id) } as unknown as SchedulerRegistry;
  const tasks = new ScheduledTasks(registry, {} as Transaction, {} as Env);
  for (const { id } of SCHEDULE)
    if (!missing.includes(id)) tasks.register(id, () => Promise.resolve(undefined));
  return { tasks, started };
}

describe('the start of the scheduled tasks', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('is refused while one does not say as whom it runs, and nothing has begun', () => {
    const silent = { ...SCHEDULE[last], runsAs: undefined } as unknown as ScheduledTask;
    jest.replaceProperty(SCHEDULE as ScheduledTask[], last, silent);
    const { tasks, started } = tasksWithout();
    expect(() => tasks.start()).toThrow(
      new Error(`scheduled task ${silent.id} does not say as whom it runs`),
    );
    expect(started).toEqual([]);
  });

  it('is refused while one has no work, and nothing has begun', () => {
    const id = SCHEDULE[last]?.id ?? '';
    const { tasks, started } = tasksWithout(id);
    expect(() => tasks.start()).toThrow(new Error(`scheduled task ${id} has no work`));
    expect(started).toEqual([]);
  });
});

it('gives every task of the schedule one of two roles', () => {
  expect(new Set(SCHEDULE.map(({ runsAs }) => runsAs))).toEqual(new Set(['worker', 'statistics']));
});
