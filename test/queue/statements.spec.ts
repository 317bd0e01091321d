import { JobQueue } from '../../src/platform/queue.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { recordStatements } from '../support/statement-recorder.js';
import { at } from '../support/world.js';

/** Besides what each of its three transactions says as it opens, in one text with its beginning. */
const MOST = 8;
const TRANSACTIONS = 3;
const OPENING = /^SELECT app_now\(\) AS now, set_config\('role'/;

describeBackends('the statements one message costs', (backend) => {
  const stand = useStand({ REDIS_URL: backend.redisUrl });

  it.each(['reminder', 'summons'])(
    `are at most ${MOST} in ${TRANSACTIONS} transactions, from its claim to its acceptance (%s)`,
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
      const openings = statements.filter((statement) => OPENING.test(statement));
      expect(openings).toHaveLength(TRANSACTIONS);
      const others = statements.length - openings.length;
      expect(others).toBeLessThanOrEqual(MOST);
      expect(others).toBeGreaterThanOrEqual(5);
    },
  );
});
