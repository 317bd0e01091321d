import type { Actor } from '../../src/access/actor.js';
import type { TrialPlan } from '../../src/notifications/domain/trial.js';
import { describeBackends } from '../support/backends.js';
import { anAgent, aPerson, aService } from '../support/builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { arm, aTrial, TrialParts, wordedArm } from '../support/trials.js';
import { aMobile, at } from '../support/world.js';

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

  /** A service in a trial, and two persons booked there: one in each arm. */
  async function pairIn(more: Partial<TrialPlan>) {
    await clock('2026-06-01', '10:00');
    const service = await aService(database.dataSource);
    const { organizationId, agendaId } = service;
    const agentId = await anAgent(database.dataSource, { organizationId, role: 'admin' });
    const kind = {
      organizationKind: 'spip',
      linkedOrganizationIds: [],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    } as const;
    const admin: Actor = { agentId, apiKeyId: null, role: 'admin', organizationId, ...kind };
    const trialId = await parts.running(aTrial([organizationId], more), admin);
    const phones: string[] = [];
    for (let line = 0; line < 6; line++) {
      const phone = aMobile();
      const personId = await aPerson(database.dataSource, { organizationIds: [organizationId], phone });
      const promise = { date: '2026-06-10', time: '09:30', notify: false };
      const { id } = await database.dataSource.transaction((tx) =>
        parts.book.execute(tx, { personId, typeCode: 'suivi-spip', agendaId, ...promise }, admin),
      );
      const rows: { arm: number }[] = await database.dataSource.query(
        'SELECT arm FROM trial_convocation WHERE convocation_id = $1',
        [id],
      );
      phones[rows[0]?.arm ?? -1] = phone;
    }
    const [first = '', second = ''] = phones;
    return { first, second, admin, trialId };
  }

  it('goes at the hours of its arm', async () => {
    const { first, second } = await pairIn({
      arms: [arm('J-1', [1]), arm('J-4 à 18 h et J-2', [4, 2], '18:00')],
    });
    const sent = async (date: string, time: string) => {
      await clock(date, time);
      await engine.drain();
      return [operator.to(first).length, operator.to(second).length];
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
    expect(operator.to(first).at(-1)?.body).not.toContain('Comment viendrez-vous');
    expect(operator.to(first).at(-1)?.body).toMatch(/^Rappel : RDV/);
    expect(operator.to(second).at(-1)?.body).toContain('Comment viendrez-vous, à quelle heure partir ?');
    const stopped = await pairIn(worded);
    const { admin, trialId } = stopped;
    await database.dataSource.transaction((tx) =>
      parts.change.execute(tx, trialId, { do: 'stop', reason: 'Texte mal compris.' }, admin),
    );
    await clock('2026-06-09', '09:30');
    await engine.drain();
    expect(operator.to(stopped.second)).not.toEqual([]);
    for (const { body } of operator.to(stopped.second)) expect(body).not.toContain('Comment viendrez-vous');
  });
});
