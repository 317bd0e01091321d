import { armAt } from '../../src/notifications/domain/trial-assignment.js';
import { findTrial, listTrials, trialEvents } from '../../src/notifications/trials/trial.queries.js';
import { readTrial } from '../../src/statistics/trials/read-trial.js';
import { aService } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { outcomeOf } from '../support/offices.js';
import { arm, aTrial, DAY_BEFORE, markInTrial, TWO_DAYS_BEFORE, wordedArm } from '../support/trials.js';
import { contactId } from '../support/contacts.js';
import { TrialOffice } from '../support/trial-office.js';

describe('the rules of a trial', () => {
  const office = new TrialOffice();
  const { sql, run, person, book, reminders, armOf, start } = office;
  beforeEach(() => office.open());
  afterEach(() => office.close());

  describe('the results', () => {
    const report = async (id: string) => {
      const now = await run((tx) => office.parts.clock.now(tx));
      return run((tx) => readTrial(tx, office.admin, id, now));
    };
    const marked = (trialId: string, arm: number, persons: number, missed: number) =>
      markInTrial(office.database.dataSource, {
        trialId,
        arm,
        persons,
        missed,
        agendaId: office.service.agendaId,
      });
    const two = { arms: [DAY_BEFORE, TWO_DAYS_BEFORE] };

    it('are not even counted before the end, then say what the draw shows', async () => {
      const id = await start(two);
      await marked(id, 0, 400, 60);
      await marked(id, 1, 400, 120);
      await moveClock(office.database.dataSource, '2026-07-31T12:00:00Z');
      const before = await report(id);
      expect(before.visibility).toEqual({ kind: 'hidden', until: '2026-07-31' });
      expect(before.reading).toBeNull();
      expect(before.progress).toMatchObject([
        { units: 400, known: 400 },
        { units: 400, known: 400 },
      ]);
      expect(JSON.stringify(before)).not.toMatch(/missed|\b(60|120|0\.15|0\.3)\b/);
      await moveClock(office.database.dataSource, '2026-08-01T06:00:00Z');
      const { reading } = await report(id);
      expect(reading?.arms.map(({ rate }) => rate.value)).toEqual([0.15, 0.3]);
      expect(reading?.differences).toMatchObject([{ arm: 1, conclusion: 'more' }]);
      expect(reading?.differences[0]?.difference?.value).toBeCloseTo(0.15, 10);
    });

    it('are refused when the arms are not filled as planned: an assigner that leans is found', async () => {
      const id = await start(two);
      await marked(id, 0, 250, 40);
      await marked(id, 1, 150, 20);
      await moveClock(office.database.dataSource, '2026-08-01T06:00:00Z');
      const { ratio, reading } = await report(id);
      expect(ratio.alarm).toBe(true);
      expect(reading).toBeNull();
    });

    it('are refused when too many outcomes are unknown, and describe only when stopped early', async () => {
      const id = await start(two);
      await marked(id, 0, 200, 20);
      await marked(id, 1, 200, 60);
      await sql(`UPDATE convocation SET state = 'booked' WHERE id IN (
        SELECT convocation_id FROM trial_convocation WHERE arm = 1 LIMIT 10)`);
      await moveClock(office.database.dataSource, '2026-07-01T06:00:00Z');
      await run((tx) =>
        office.parts.change.execute(tx, id, { do: 'stop', reason: 'Numéros faux.' }, office.admin),
      );
      expect((await report(id)).reading?.differences).toMatchObject([{ conclusion: 'not-allowed' }]);
    });

    it('keep an eye on harm from the first day', async () => {
      const id = await start(two);
      const personId = await person();
      const { id: convocationId } = await book(personId);
      await sql(`UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'person' WHERE id = $1`, [
        personId,
      ]);
      await sql(
        `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
           segments, result, started_at, real_started_at)
         SELECT gen_random_uuid(), m.id, t.number, 'sms', 'twilio', 'Justice', $2, sha256(t.result::bytea), '',
                1, t.result, app_now(), now()
           FROM message m, (VALUES (1, 'undelivered'), (2, 'delivered')) AS t(number, result)
          WHERE m.convocation_id = $1`,
        [convocationId, await contactId(office.database.dataSource, '+33612345678')],
      );
      const given = (await armOf(convocationId)) ?? -1;
      expect((await report(id)).progress[given]).toMatchObject({
        stops: 1,
        sent: 2,
        undelivered: 1,
        persons: 1,
      });
    });
  });

  describe('a draw', () => {
    it('gives the same arms again when it is played again from its seed', async () => {
      const id = await start({ byFirst: true });
      for (let at = 0; at < 12; at++) await book(await person());
      const stored = await sql<{ stratum: string; position: number; arm: number }>(
        'SELECT stratum, position, arm FROM trial_assignment WHERE trial_id = $1',
        [id],
      );
      expect(stored).toHaveLength(12);
      for (const { stratum, position, arm: given } of stored)
        expect(given).toBe(armAt({ seed: 'graine-2026', stratum, shares: [1, 1, 1] }, position));
    });
  });

  describe('registering', () => {
    const refused = (more: Parameters<typeof aTrial>[1]) => outcomeOf(start(more));

    it.each([
      ['an arm without a reminder', { arms: [DAY_BEFORE, arm('Rien', [])] }],
      ['an arm that reminds too long before', { arms: [DAY_BEFORE, arm('J-20', [20])] }],
      ['one arm', { arms: [DAY_BEFORE] }],
      ['two arms that do the same', { arms: [DAY_BEFORE, arm('La veille', [1])] }],
      ['an end that is past', { endsOn: '2026-05-01' }],
      ['a look after the end', { looks: ['2026-09-01'] }],
      ['no service', { organizationIds: [] }],
      ['a type that does not exist', { typeCodes: ['nothing'] }],
      ['too few services to draw from', { unit: 'service' as const }],
      ['a text that names a person', wording('Rappel : RDV {rdv.date}, {nom}')],
      ['an empty text', wording('')],
    ])('refuses %s', async (_, more) => {
      expect(await refused(more)).toBe('validation');
    });

    it('is for central administrators only', async () => {
      const local = { ...office.admin, role: 'local-admin' } as const;
      const plan = aTrial([office.service.organizationId]);
      expect(await outcomeOf(run((tx) => office.parts.draft.execute(tx, plan, local)))).toBe('forbidden');
    });

    it('freezes what was registered, whoever writes', async () => {
      const id = await start();
      const writes = [
        `UPDATE trial SET ends_on = '2026-06-20' WHERE id = '${id}'`,
        `UPDATE trial SET seed = 'mine' WHERE id = '${id}'`,
        `UPDATE trial_arm SET reminders = NULL WHERE trial_id = '${id}'`,
        `DELETE FROM trial_population WHERE trial_id = '${id}'`,
        `UPDATE trial_event SET event = 'other' WHERE trial_id = '${id}'`,
        `DELETE FROM trial_assignment WHERE trial_id = '${id}'`,
      ];
      for (const write of writes)
        await expect(sql(write)).rejects.toThrow(/does not change|permission denied/);
      const events = await run((tx) => trialEvents(tx, id));
      expect(events.map(({ event }) => event)).toEqual([
        'trial.drafted',
        'trial.registered',
        'trial.started',
      ]);
      expect(events.every(({ by }) => by === 'Camille Martin')).toBe(true);
    });

    it('refuses a second trial on a type of a service that is in one already', async () => {
      await start();
      expect(await refused({ name: 'Un autre' })).toBe('validation');
      const other = await office.parts.running(
        aTrial([office.service.organizationId], { typeCodes: ['rdv-telephonique'] }),
        office.admin,
      );
      expect((await run((tx) => findTrial(tx, office.admin, other))).state).toBe('running');
    });

    it('goes from state to state in one direction', async () => {
      const id = await start();
      const step = (what: 'register' | 'start' | 'discard') =>
        outcomeOf(run((tx) => office.parts.change.execute(tx, id, { do: what }, office.admin)));
      for (const what of ['register', 'start', 'discard'] as const) expect(await step(what)).toBe('conflict');
    });

    it('is seen by the services it is about, and by no other', async () => {
      const id = await start();
      const mine = { ...office.admin, role: 'dpip' } as const;
      const stranger = {
        ...mine,
        organizationId: (await aService(office.database.dataSource)).organizationId,
      };
      expect(await run((tx) => listTrials(tx, mine))).toHaveLength(1);
      expect(await run((tx) => listTrials(tx, stranger))).toEqual([]);
      expect(await outcomeOf(run((tx) => findTrial(tx, stranger, id)))).toBe('not-found');
    });
  });

  describe('the end', () => {
    it('comes with its date: nobody enters any more, and who is in keeps their arm', async () => {
      const id = await start();
      const { id: inside } = await book(await person(), '2026-07-30');
      const planned = await reminders(inside);
      await moveClock(office.database.dataSource, '2026-07-31T22:30:00Z');
      await run((tx) => office.parts.end.execute(tx));
      expect((await run((tx) => findTrial(tx, office.admin, id))).state).toBe('ended');
      expect(await reminders(inside)).toBe(planned);
      expect(await armOf((await book(await person(), '2026-08-20')).id)).toBeUndefined();
      expect(await outcomeOf(start({ endsOn: '2026-12-31' }))).toBe('done');
    });

    it('is what a stop comes to when the last day is over', async () => {
      const id = await start();
      await moveClock(office.database.dataSource, '2026-07-31T22:01:00Z');
      const step = { do: 'stop', reason: 'Trop tard.' } as const;
      const done = await run((tx) => office.parts.change.execute(tx, id, step, office.admin));
      expect(done).toBe('end');
      const { state, stopReason } = await run((tx) => findTrial(tx, office.admin, id));
      expect({ state, stopReason }).toEqual({ state: 'ended', stopReason: null });
      const events = await run((tx) => trialEvents(tx, id));
      expect(events.at(-1)).toMatchObject({ event: 'trial.ended', by: null });
    });

    it('does not wait for its task when another trial starts', async () => {
      const id = await start();
      await moveClock(office.database.dataSource, '2026-07-31T22:01:00Z');
      expect(await outcomeOf(start({ name: 'La suite', endsOn: '2026-12-31' }))).toBe('done');
      expect((await run((tx) => findTrial(tx, office.admin, id))).state).toBe('ended');
    });

    it('by a stop asks why, and takes what has not left back to the usual plan', async () => {
      const id = await start({ arms: [TWO_DAYS_BEFORE, arm('J-5', [5])] });
      const { id: inside } = await book(await person());
      const stop = (reason: string) =>
        outcomeOf(run((tx) => office.parts.change.execute(tx, id, { do: 'stop', reason }, office.admin)));
      expect(await stop(' ')).toBe('validation');
      expect(await stop('Trop de messages non reçus.')).toBe('done');
      expect(await reminders(inside)).toBe('7,3,1');
      const events = await run((tx) => trialEvents(tx, id));
      expect(events.at(-1)).toMatchObject({
        event: 'trial.stopped',
        detail: { reason: 'Trop de messages non reçus.' },
      });
    });
  });
});

function wording(text: string) {
  return {
    differsBy: 'wording' as const,
    arms: [wordedArm('Usuel', 'Rappel : RDV {rdv.date} à {rdv.heure}.'), wordedArm('Autre', text)],
  };
}
