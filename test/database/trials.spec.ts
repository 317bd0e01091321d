import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import { armAt } from '../../src/notifications/domain/trial-assignment.js';
import { findTrial, listTrials, trialEvents } from '../../src/notifications/trials/trial.queries.js';
import { readTrial } from '../../src/statistics/trials/read-trial.js';
import { anAgent, aPerson, aService } from '../support/builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { outcomeOf } from '../support/offices.js';
import {
  arm,
  aTrial,
  DAY_BEFORE,
  markInTrial,
  TrialParts,
  TWICE,
  TWO_DAYS_BEFORE,
  wordedArm,
} from '../support/trials.js';
import { contactId } from '../support/contacts.js';
import { keepKeys, sealingOf } from '../../src/platform/sealing.js';

const MONDAY = '2026-06-01T08:00:00Z';
const ARMS = ['1', '2', '4,1'];

describe('trials', () => {
  let database: TestDatabase;
  let service: Awaited<ReturnType<typeof aService>>;
  let parts: TrialParts;
  let admin: Actor;

  beforeEach(async () => {
    // Everything below must pass with one connection: whatever opened a second one would wait for ever.
    database = await createTestDatabase({ poolSize: 1 });
    await moveClock(database.dataSource, MONDAY);
    service = await aService(database.dataSource);
    parts = new TrialParts(database);
    const { organizationId } = service;
    const agentId = await anAgent(database.dataSource, { organizationId, role: 'admin' });
    const kind = {
      organizationKind: 'spip',
      linkedOrganizationIds: [],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    } as const;
    admin = { agentId, apiKeyId: null, role: 'admin', organizationId, ...kind };
  });
  afterEach(() => database.drop());

  const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    database.dataSource.query(text, [...values]);
  const run = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> =>
    database.dataSource.transaction(work);
  const person = (phone?: string | null) =>
    aPerson(database.dataSource, {
      organizationIds: [service.organizationId],
      ...(phone === undefined ? {} : { phone }),
    });
  const book = (personId: string, date = '2026-06-17', time = '10:00', typeCode = 'suivi-spip') =>
    run((tx) =>
      parts.book.execute(
        tx,
        { personId, typeCode, agendaId: service.agendaId, date, time, notify: false },
        admin,
      ),
    );
  /** « 4,1 »: the days of the reminders that will leave. */
  const reminders = async (convocationId: string) => {
    const rows = await sql<{ days: string }>(
      `SELECT string_agg(occurrence::text, ',' ORDER BY occurrence DESC) AS days FROM message
        WHERE convocation_id = $1 AND kind = 'reminder' AND state = 'planned'`,
      [convocationId],
    );
    return rows[0]?.days ?? '';
  };
  const armOf = async (convocationId: string) => {
    const rows = await sql<{ arm: number }>('SELECT arm FROM trial_convocation WHERE convocation_id = $1', [
      convocationId,
    ]);
    return rows[0]?.arm;
  };
  const start = (more: Parameters<typeof aTrial>[1] = {}) =>
    parts.running(aTrial([service.organizationId], more), admin);

  describe('an arm', () => {
    it('is stored before the first message, and its reminders are those planned', async () => {
      await start();
      for (let at = 0; at < 9; at++) {
        const { id } = await book(await person());
        const given = await armOf(id);
        expect(given).toBe(
          armAt({ seed: 'graine-2026', stratum: service.organizationId, shares: [1, 1, 1] }, at),
        );
        expect(await reminders(id)).toBe(ARMS[given ?? -1]);
      }
      const late = await sql(
        `SELECT 1 FROM trial_convocation tc JOIN message m USING (convocation_id)
          WHERE tc.xmin::text::bigint > m.xmin::text::bigint OR m.created_at < tc.booked_at`,
      );
      expect(late).toEqual([]);
      const counts = await sql('SELECT count(*)::int AS n FROM trial_assignment GROUP BY arm ORDER BY arm');
      expect(counts).toEqual([{ n: 3 }, { n: 3 }, { n: 3 }]);
    });

    it('goes with the booking: a booking that fails leaves nobody in a trial', async () => {
      await start();
      const personId = await person();
      const failing = run(async (tx) => {
        const command = { personId, typeCode: 'suivi-spip', agendaId: service.agendaId, notify: false };
        await parts.book.execute(tx, { ...command, date: '2026-06-17', time: '10:00' }, admin);
        throw new Error('taken back');
      });
      await expect(failing).rejects.toThrow('taken back');
      const left = await sql('SELECT 1 FROM trial_assignment UNION ALL SELECT 1 FROM trial_stratum');
      expect(left).toEqual([]);
    });

    it('stays with a person for the whole trial, through other bookings, another service and another day', async () => {
      const other = await aService(database.dataSource);
      await parts.running(aTrial([service.organizationId, other.organizationId]), admin);
      for (let at = 0; at < 5; at++) await book(await person());
      const personId = await person();
      const first = await book(personId);
      const arms = [await armOf(first.id)];
      const again = await book(personId, '2026-06-24');
      await sql('UPDATE person_organization SET organization_id = $2 WHERE person_id = $1', [
        personId,
        other.organizationId,
      ]);
      const agendaId = other.agendaId;
      const moved = {
        personId,
        typeCode: 'suivi-spip',
        agendaId,
        date: '2026-06-25',
        time: '10:00',
        notify: false,
      };
      const elsewhere = await run((tx) => parts.book.execute(tx, moved, admin));
      await run((tx) =>
        parts.reschedule.execute(
          tx,
          { convocationId: again.id, agendaId, date: '2026-08-20', time: '11:00', notify: false },
          admin,
        ),
      );
      for (const { id } of [again, elsewhere]) arms.push(await armOf(id));
      expect(new Set(arms).size).toBe(1);
      for (const { id } of [first, again, elsewhere]) expect(await reminders(id)).toBe(ARMS[arms[0] ?? -1]);
    });

    it('is given to everybody booked, reached or not', async () => {
      const id = await start();
      const unreachable = await person(null);
      const refusing = await person();
      await sql(`UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'person' WHERE id = $1`, [
        refusing,
      ]);
      for (const one of [unreachable, refusing]) await book(one);
      expect(await sql('SELECT unit_id FROM trial_convocation WHERE trial_id = $1', [id])).toHaveLength(2);
    });

    it('touches no one outside its services, its types and its dates, nor what was booked before', async () => {
      const before = await book(await person());
      await start();
      const outside = [before, await book(await person(), '2026-06-17', '10:00', 'rdv-telephonique')];
      outside.push(await book(await person(), '2026-08-03'));
      for (const { id } of outside) {
        expect(await armOf(id)).toBeUndefined();
        expect(await reminders(id)).toBe('7,3,1');
      }
    });

    it('of a service is that of all its persons, and drawn when the trial starts', async () => {
      const services = [service];
      for (let at = 0; at < 3; at++) services.push(await aService(database.dataSource));
      const organizationIds = services.map(({ organizationId }) => organizationId);
      const id = await parts.running(
        aTrial(organizationIds, { unit: 'service', arms: [DAY_BEFORE, TWO_DAYS_BEFORE] }),
        admin,
      );
      const drawn = await sql<{ arm: number; n: number }>(
        'SELECT arm, count(*)::int AS n FROM trial_assignment WHERE trial_id = $1 GROUP BY arm ORDER BY arm',
        [id],
      );
      expect(drawn.reduce((sum, { n }) => sum + n, 0)).toBe(4);
      const [one, two] = [await book(await person()), await book(await person(), '2026-06-18')];
      expect(await armOf(one.id)).toBe(await armOf(two.id));
    });

    it('is followed when the plan of the service changes meanwhile', async () => {
      await start({ arms: [TWICE, TWO_DAYS_BEFORE] });
      const { id } = await book(await person());
      const planned = await reminders(id);
      const scope = { organizationId: service.organizationId, typeCode: null };
      const steps = { summons: { kind: 'summons', channel: 'auto' }, afterAbsence: null } as const;
      const week = { kind: 'reminder', offsetDays: 6, when: { if: 'always' }, channel: 'auto' } as const;
      const plan = { ...steps, reminders: [{ ...week, hour: null, usefulUntilHours: 1 }] };
      await run((tx) =>
        parts.changePlan.execute(tx, { ...scope, plan, weeklyLimit: 4, basedOn: 0, isDryRun: false }, admin),
      );
      expect(await reminders(id)).toBe(planned);
    });

    it('keeps the rules of short notice: what is past gives way', async () => {
      await start({ arms: [arm('J-5 et J-1', [5, 1]), arm('J-6 et J-1', [6, 1])] });
      const { id } = await book(await person(), '2026-06-03');
      expect(await armOf(id)).toBeDefined();
      expect(await reminders(id)).toBe('1');
    });
  });

  describe('what is announced before a booking', () => {
    const preview = (personId: string) =>
      run((tx) =>
        parts.preview.execute(tx, {
          ...{
            personId,
            typeCode: 'suivi-spip',
            agendaId: service.agendaId,
            date: '2026-06-17',
            time: '10:00',
          },
          ...{ movedId: null, announce: 'summons' },
        }),
      );
    const kinds = (shown: Awaited<ReturnType<typeof preview>>) =>
      shown?.messages.map(({ kind, offsetDays }) => (kind === 'reminder' ? offsetDays : kind));

    it('hides the arm of somebody who is not drawn yet, and shows that of who is', async () => {
      await start({ arms: [arm('J-5', [5]), arm('J-6', [6])] });
      const personId = await person();
      const before = await preview(personId);
      expect(before).toMatchObject({ drawn: 'timing', impossible: [] });
      expect(kinds(before)).toEqual(['summons']);
      const { id } = await book(personId, '2026-06-24');
      const after = await preview(personId);
      expect(after?.drawn).toBeNull();
      expect(kinds(after)).toEqual(['summons', (await armOf(id)) === 0 ? 5 : 6]);
    });

    it('shows the words of the arm', async () => {
      await start(wording('Rappel : RDV {rdv.date} à {rdv.heure}. Comment viendrez-vous ?'));
      const personId = await person();
      const { id } = await book(personId, '2026-06-24');
      const shown = await preview(personId);
      const reminder = shown?.messages.find(({ kind }) => kind === 'reminder')?.text;
      expect(reminder?.includes('Comment viendrez-vous')).toBe((await armOf(id)) === 1);
    });
  });

  describe('the results', () => {
    const report = async (id: string) => {
      const now = await run((tx) => parts.clock.now(tx));
      return run((tx) => readTrial(tx, admin, id, now));
    };
    const marked = (trialId: string, arm: number, persons: number, missed: number) =>
      markInTrial(database.dataSource, { trialId, arm, persons, missed, agendaId: service.agendaId });
    const two = { arms: [DAY_BEFORE, TWO_DAYS_BEFORE] };

    it('are not even counted before the end, then say what the draw shows', async () => {
      const id = await start(two);
      await marked(id, 0, 400, 60);
      await marked(id, 1, 400, 120);
      await moveClock(database.dataSource, '2026-07-31T12:00:00Z');
      const before = await report(id);
      expect(before.visibility).toEqual({ kind: 'hidden', until: '2026-07-31' });
      expect(before.reading).toBeNull();
      expect(before.progress).toMatchObject([
        { units: 400, known: 400 },
        { units: 400, known: 400 },
      ]);
      expect(JSON.stringify(before)).not.toMatch(/missed|\b(60|120|0\.15|0\.3)\b/);
      await moveClock(database.dataSource, '2026-08-01T06:00:00Z');
      const { reading } = await report(id);
      expect(reading?.arms.map(({ rate }) => rate.value)).toEqual([0.15, 0.3]);
      expect(reading?.differences).toMatchObject([{ arm: 1, conclusion: 'more' }]);
      expect(reading?.differences[0]?.difference?.value).toBeCloseTo(0.15, 10);
    });

    it('are refused when the arms are not filled as planned: an assigner that leans is found', async () => {
      const id = await start(two);
      await marked(id, 0, 250, 40);
      await marked(id, 1, 150, 20);
      await moveClock(database.dataSource, '2026-08-01T06:00:00Z');
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
      await moveClock(database.dataSource, '2026-07-01T06:00:00Z');
      await run((tx) => parts.change.execute(tx, id, { do: 'stop', reason: 'Numéros faux.' }, admin));
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
        [convocationId, await contactId(database.dataSource, '+33612345678')],
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

  describe('many bookings at once', () => {
    it('take one place each, and one person one arm', async () => {
      await start();
      const { options } = database.dataSource;
      const extra = { ...('extra' in options ? (options.extra as object) : {}), max: 8 };
      const several = keepKeys(new DataSource({ ...options, extra }), sealingOf(database.dataSource.manager));
      await several.initialize();
      const persons = await Promise.all(Array.from({ length: 8 }, () => person()));
      const twice = persons[0] ?? '';
      const wanted = [
        ...persons.map((personId) => ({ personId, date: '2026-06-17' })),
        ...['2026-06-18', '2026-06-19', '2026-06-22'].map((date) => ({ personId: twice, date })),
      ];
      const { agendaId } = service;
      const more = { typeCode: 'suivi-spip', agendaId, time: '10:00', notify: false };
      await Promise.all(
        wanted.map((one) => several.transaction((tx) => parts.book.execute(tx, { ...more, ...one }, admin))),
      );
      await several.destroy();
      const entered = await sql('SELECT entered FROM trial_stratum');
      expect(entered).toEqual([{ entered: 8 }]);
      const positions = await sql<{ position: number }>(
        'SELECT position FROM trial_assignment ORDER BY position',
      );
      expect(positions.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      const arms = await sql(
        `SELECT DISTINCT tc.arm FROM trial_convocation tc JOIN convocation c ON c.id = tc.convocation_id
          WHERE c.person_id = $1`,
        [twice],
      );
      expect(arms).toHaveLength(1);
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
      const local = { ...admin, role: 'local-admin' } as const;
      const plan = aTrial([service.organizationId]);
      expect(await outcomeOf(run((tx) => parts.draft.execute(tx, plan, local)))).toBe('forbidden');
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
      const other = await parts.running(
        aTrial([service.organizationId], { typeCodes: ['rdv-telephonique'] }),
        admin,
      );
      expect((await run((tx) => findTrial(tx, admin, other))).state).toBe('running');
    });

    it('goes from state to state in one direction', async () => {
      const id = await start();
      const step = (what: 'register' | 'start' | 'discard') =>
        outcomeOf(run((tx) => parts.change.execute(tx, id, { do: what }, admin)));
      for (const what of ['register', 'start', 'discard'] as const) expect(await step(what)).toBe('conflict');
    });

    it('is seen by the services it is about, and by no other', async () => {
      const id = await start();
      const mine = { ...admin, role: 'dpip' } as const;
      const stranger = { ...mine, organizationId: (await aService(database.dataSource)).organizationId };
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
      await moveClock(database.dataSource, '2026-07-31T22:30:00Z');
      await run((tx) => parts.end.execute(tx));
      expect((await run((tx) => findTrial(tx, admin, id))).state).toBe('ended');
      expect(await reminders(inside)).toBe(planned);
      expect(await armOf((await book(await person(), '2026-08-20')).id)).toBeUndefined();
      expect(await outcomeOf(start({ endsOn: '2026-12-31' }))).toBe('done');
    });

    it('by a stop asks why, and takes what has not left back to the usual plan', async () => {
      const id = await start({ arms: [TWO_DAYS_BEFORE, arm('J-5', [5])] });
      const { id: inside } = await book(await person());
      const stop = (reason: string) =>
        outcomeOf(run((tx) => parts.change.execute(tx, id, { do: 'stop', reason }, admin)));
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
