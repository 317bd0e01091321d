import { DataSource } from 'typeorm';
import { USUAL_SUMMONS } from '../../src/notifications/domain/reminder-plan.js';
import { armAt } from '../../src/notifications/domain/trial-assignment.js';
import { aService } from '../support/builders.js';
import { arm, aTrial, DAY_BEFORE, TWICE, TWO_DAYS_BEFORE, wordedArm } from '../support/trials.js';
import { keepKeys, sealingOf } from '../../src/platform/sealing.js';
import { TrialOffice } from '../support/trial-office.js';

const ARMS = ['1', '2', '4,1'];

describe('trials', () => {
  const office = new TrialOffice();
  const { sql, run, person, book, reminders, armOf, start } = office;
  beforeEach(() => office.open());
  afterEach(() => office.close());

  describe('an arm', () => {
    it('is stored before the first message, and its reminders are those planned', async () => {
      await start();
      for (let at = 0; at < 9; at++) {
        const { id } = await book(await person());
        const given = await armOf(id);
        expect(given).toBe(
          armAt({ seed: 'graine-2026', stratum: office.service.organizationId, shares: [1, 1, 1] }, at),
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
        const command = {
          personId,
          typeCode: 'suivi-spip',
          agendaId: office.service.agendaId,
          notify: false,
        };
        await office.parts.book.execute(tx, { ...command, date: '2026-06-17', time: '10:00' }, office.admin);
        throw new Error('taken back');
      });
      await expect(failing).rejects.toThrow('taken back');
      const left = await sql('SELECT 1 FROM trial_assignment UNION ALL SELECT 1 FROM trial_stratum');
      expect(left).toEqual([]);
    });

    it('stays with a person for the whole trial, through other bookings, another service and another day', async () => {
      const other = await aService(office.database.dataSource);
      await office.parts.running(aTrial([office.service.organizationId, other.organizationId]), office.admin);
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
      const elsewhere = await run((tx) => office.parts.book.execute(tx, moved, office.admin));
      await run((tx) =>
        office.parts.reschedule.execute(
          tx,
          { convocationId: again.id, agendaId, date: '2026-08-20', time: '11:00', notify: false },
          office.admin,
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
      const services = [office.service];
      for (let at = 0; at < 3; at++) services.push(await aService(office.database.dataSource));
      const organizationIds = services.map(({ organizationId }) => organizationId);
      const id = await office.parts.running(
        aTrial(organizationIds, { unit: 'service', arms: [DAY_BEFORE, TWO_DAYS_BEFORE] }),
        office.admin,
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
      const scope = { organizationId: office.service.organizationId, typeCode: null };
      const steps = { summons: USUAL_SUMMONS, afterAbsence: null } as const;
      const week = { kind: 'reminder', offsetDays: 6, when: { if: 'always' }, channel: 'auto' } as const;
      const plan = { ...steps, reminders: [{ ...week, hour: null, usefulUntilHours: 1 }] };
      await run((tx) =>
        office.parts.changePlan.execute(
          tx,
          { ...scope, plan, weeklyLimit: 4, basedOn: 0, isDryRun: false },
          office.admin,
        ),
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
        office.parts.preview.execute(tx, {
          ...{
            personId,
            typeCode: 'suivi-spip',
            agendaId: office.service.agendaId,
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

  describe('many bookings at once', () => {
    it('take one place each, and one person one arm', async () => {
      await start();
      const { options } = office.database.dataSource;
      const extra = { ...('extra' in options ? (options.extra as object) : {}), max: 8 };
      const several = keepKeys(
        new DataSource({ ...options, extra }),
        sealingOf(office.database.dataSource.manager),
      );
      await several.initialize();
      const persons = await Promise.all(Array.from({ length: 8 }, () => person()));
      const twice = persons[0] ?? '';
      const wanted = [
        ...persons.map((personId) => ({ personId, date: '2026-06-17' })),
        ...['2026-06-18', '2026-06-19', '2026-06-22'].map((date) => ({ personId: twice, date })),
      ];
      const { agendaId } = office.service;
      const more = { typeCode: 'suivi-spip', agendaId, time: '10:00', notify: false };
      await Promise.all(
        wanted.map((one) =>
          several.transaction((tx) => office.parts.book.execute(tx, { ...more, ...one }, office.admin)),
        ),
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
});

function wording(text: string) {
  return {
    differsBy: 'wording' as const,
    arms: [wordedArm('Usuel', 'Rappel : RDV {rdv.date} à {rdv.heure}.'), wordedArm('Autre', text)],
  };
}
