import { JobQueue } from '../../src/platform/queue.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { recordStatements } from '../support/statement-recorder.js';
import { at } from '../support/world.js';

/** With what each of its three transactions says as it opens, in one text with its beginning. */
const MOST = 8;

describeBackends('the statements one message costs', (backend) => {
  const stand = useStand({ REDIS_URL: backend.redisUrl });

  it.each(['reminder', 'summons'])(
    `are at most ${MOST}, from its claim to its acceptance (%s)`,
    async (which) => {
      const summons = which === 'summons';
      await moveClock(stand.database.dataSource, at('2026-06-01', summons ? '11:00' : '10:00'));
      await stand.engine.module.get(JobQueue).ping();
      const id = await stand.world.book({ date: '2026-06-10', time: '09:30', notify: summons });
      if (!summons) await moveClock(stand.database.dataSource, at('2026-06-09', '09:30'));
      const statements = await recordStatements(() => stand.engine.drain());
      expect(await stand.world.state(id, summons ? 'summons' : 'reminder')).toBe('accepted');
      const listed = statements.map((statement, index) => `${index + 1}. ${statement.slice(0, 160)}`);
      process.stderr.write(`one ${which}, ${backend.kind}:\n${listed.join('\n')}\n`);
      expect(statements.length).toBeLessThanOrEqual(MOST);
      expect(statements.length).toBeGreaterThanOrEqual(5);
    },
  );
});
