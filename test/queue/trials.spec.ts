import type { TrialPlan } from '../../src/notifications/domain/trial.js';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { aPairInTrial } from '../support/trial-pair.js';
import { arm, TrialParts, wordedArm } from '../support/trials.js';
import { at } from '../support/world.js';

const USUAL = 'Rappel : RDV {rdv.date} à {rdv.heure}, {lieu.nom}.';
const PLANNING = 'RDV {rdv.date} à {rdv.heure}, {lieu.nom}. Comment viendrez-vous, à quelle heure partir ?';

describeBackends('what leaves in a trial', (backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;
  let parts: TrialParts;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    engine = await startEngine(database, operator, { REDIS_URL: backend.redisUrl });
    parts = new TrialParts(database);
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });

  const clock = (date: string, time: string) => moveClock(database.dataSource, at(date, time));

  /** At 10:00 on 1 June 2026. */
  async function pairIn(more: Partial<TrialPlan>) {
    await clock('2026-06-01', '10:00');
    return aPairInTrial(database.dataSource, parts, more);
  }

  it('goes at the hours of its arm', async () => {
    const { first, second } = await pairIn({
      arms: [arm('J-1', [1]), arm('J-4 à 18 h et J-2', [4, 2], '18:00')],
    });
    const sent = async (date: string, time: string) => {
      await clock(date, time);
      await engine.drain();
      return [operator.to(first.phone).length, operator.to(second.phone).length];
    };
    expect(await sent('2026-06-06', '17:59')).toEqual([0, 0]);
    expect(await sent('2026-06-06', '18:00')).toEqual([0, 1]);
    expect(await sent('2026-06-08', '18:00')).toEqual([0, 2]);
    expect(await sent('2026-06-09', '09:30')).toEqual([1, 2]);
  });

  it('says the words of its arm, and the usual ones again once the trial is stopped', async () => {
    const worded = {
      differsBy: 'wording' as const,
      arms: [wordedArm('Usuel', USUAL), wordedArm('Plan', PLANNING)],
    };
    const { first, second } = await pairIn(worded);
    await clock('2026-06-09', '09:30');
    await engine.drain();
    expect(operator.to(first.phone).at(-1)?.body).not.toContain('Comment viendrez-vous');
    expect(operator.to(first.phone).at(-1)?.body).toMatch(/^Rappel : RDV/);
    expect(operator.to(second.phone).at(-1)?.body).toContain(
      'Comment viendrez-vous, à quelle heure partir ?',
    );
    const stopped = await pairIn(worded);
    const { admin, trialId } = stopped;
    await database.dataSource.transaction((tx) =>
      parts.change.execute(tx, trialId, { do: 'stop', reason: 'Texte mal compris.' }, admin),
    );
    await clock('2026-06-09', '09:30');
    await engine.drain();
    expect(operator.to(stopped.second.phone)).not.toEqual([]);
    for (const { body } of operator.to(stopped.second.phone))
      expect(body).not.toContain('Comment viendrez-vous');
  });
});
