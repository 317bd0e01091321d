import { JobQueue } from '../../src/platform/queue.js';
import { DataSource } from 'typeorm';
import type { Logger } from 'typeorm';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { at } from '../support/world.js';

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
  const stand = useStand({ REDIS_URL: backend.redisUrl });
  beforeAll(async () => {
    stand.engine.module.get(DataSource).logger = recorder;
  });
  const recorder = new Recorder();

  it.each(['reminder', 'summons'])(
    `are at most ${MOST} from its claim to its acceptance (%s)`,
    async (which) => {
      const summons = which === 'summons';
      await moveClock(stand.database.dataSource, at('2026-06-01', summons ? '11:00' : '10:00'));
      await stand.engine.module.get(JobQueue).ping();
      const id = await stand.world.book({ date: '2026-06-10', time: '09:30', notify: summons });
      if (!summons) await moveClock(stand.database.dataSource, at('2026-06-09', '09:30'));
      recorder.statements = [];
      await stand.engine.drain();
      const seen = recorder.statements;
      expect(await stand.world.state(id, summons ? 'summons' : 'reminder')).toBe('accepted');
      const listed = seen.map((statement, index) => `${index + 1}. ${statement.slice(0, 400)}`).join('\n');
      if (seen.length > MOST) throw new Error(`${seen.length} statements for one message:\n${listed}`);
      expect(seen.length).toBeGreaterThanOrEqual(5);
    },
  );
});
