import { JobQueue } from '../../src/platform/queue.js';
import { DataSource } from 'typeorm';
import type { Logger } from 'typeorm';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { at, World } from '../support/world.js';

const MOST = 8;
const FRAME = /^(START TRANSACTION|COMMIT|BEGIN)/i;

/** Writes down every statement of the application; the queue's own backend has its own connections. */
class Recorder implements Logger {
  statements: string[] = [];
  logQuery(query: string): void {
    if (!FRAME.test(query.trim())) this.statements.push(query.replace(/\s+/g, ' ').trim());
  }
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

describeBackends('the statements one message costs', (backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;
  let world: World;
  const recorder = new Recorder();

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    engine = await startEngine(database, operator, { REDIS_URL: backend.redisUrl });
    world = new World(database.dataSource, engine);
    engine.module.get(DataSource).logger = recorder;
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  it.each(['reminder', 'summons'])(
    `are at most ${MOST} from its claim to its acceptance (%s)`,
    async (which) => {
      const summons = which === 'summons';
      await moveClock(database.dataSource, at('2026-06-01', summons ? '11:00' : '10:00'));
      await engine.module.get(JobQueue).ping();
      const id = await world.book({ date: '2026-06-10', time: '09:30', notify: summons });
      if (!summons) await moveClock(database.dataSource, at('2026-06-09', '09:30'));
      recorder.statements = [];
      await engine.drain();
      const seen = recorder.statements;
      expect(await world.state(id, summons ? 'summons' : 'reminder')).toBe('accepted');
      const listed = seen.map((statement, index) => `${index + 1}. ${statement.slice(0, 400)}`).join('\n');
      if (seen.length > MOST) throw new Error(`${seen.length} statements for one message:\n${listed}`);
      expect(seen.length).toBeGreaterThanOrEqual(5);
    },
  );
});
