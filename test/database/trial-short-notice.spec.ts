import { moveClock } from '../support/database.js';
import { arm, aTrial } from '../support/trials.js';
import { TrialOffice } from '../support/trial-office.js';

const WEEK = arm('J-7', [7]);

/** It is Monday 1 June 2026, 10:00 in Paris; the usual plan reminds of a first appointment 3 days before and the day before. */
describe('who is booked too late for the reminders of an arm', () => {
  const office = new TrialOffice();
  const { run, person, book, reminders, armOf, start, sql } = office;
  beforeEach(() => office.open());
  afterEach(() => office.close());

  const summon = async (date: string, time = '10:30') => {
    const { agendaId } = office.service;
    const command = { personId: await person(), typeCode: 'suivi-spip', agendaId, date, time, notify: true };
    return run((tx) => office.parts.book.execute(tx, command, office.admin));
  };
  const byArm = async (ids: readonly string[]) => {
    const found = await Promise.all(
      ids.map(async (id) => ({ arm: await armOf(id), days: await reminders(id) })),
    );
    return [...new Set(found.map((one) => `${one.arm ?? '-'}: ${one.days}`))].sort();
  };
  const many = async (work: () => Promise<{ id: string }>) => {
    const ids: string[] = [];
    for (let at = 0; at < 6; at++) ids.push((await work()).id);
    return byArm(ids);
  };

  it('has the last reminder of the usual plan, and stays in the arm drawn', async () => {
    await start({ arms: [WEEK, arm('J-2', [2])] });
    expect(await many(() => summon('2026-06-05'))).toEqual(['0: 1', '1: 2']);
  });

  it('has it too when the only reminder of the arm would follow the summons too closely', async () => {
    await start({ arms: [arm('J-2', [2]), arm('J-1', [1])] });
    expect(await many(() => summon('2026-06-03'))).toEqual(['0: 1', '1: 1']);
  });

  it('has it at its hour, not at once, when nothing is announced', async () => {
    await start({ arms: [WEEK, arm('J-2', [2])] });
    expect(await many(async () => book(await person(), '2026-06-05'))).toEqual(['0: 1', '1: 2']);
  });

  it('has it when the appointment is moved nearer', async () => {
    await start({ arms: [WEEK, arm('J-2', [2])] });
    const moved = async () => {
      const { id } = await summon('2026-06-17');
      const { agendaId } = office.service;
      const to = { convocationId: id, agendaId, date: '2026-06-05', time: '10:30', notify: true };
      await run((tx) => office.parts.reschedule.execute(tx, to, office.admin));
      return { id };
    };
    expect(await many(moved)).toEqual(['0: 1', '1: 2']);
  });

  it('has none where the usual plan has none either', async () => {
    await start({ arms: [WEEK, arm('J-2', [2])] });
    expect(await many(() => summon('2026-06-02', '09:00'))).toEqual(['0: ', '1: ']);
  });

  it('is another matter than a reminder that did not arrive: the arm holds', async () => {
    await start({ arms: [arm('J-5', [5]), arm('J-6', [6])] });
    const { id } = await book(await person());
    await sql(`UPDATE message SET state = 'undelivered', attempts = 1 WHERE convocation_id = $1`, [id]);
    await moveClock(office.database.dataSource, '2026-06-15T08:00:00Z');
    const rows = await sql<{ personId: string }>(
      'SELECT person_id AS "personId" FROM convocation WHERE id = $1',
      [id],
    );
    const missed = await book(rows[0]?.personId ?? '', '2026-06-15', '11:00', 'rdv-telephonique');
    await run((tx) =>
      office.parts.plans.plan(tx, { convocationId: missed.id, change: 'missed', notify: false }),
    );
    expect(await reminders(id)).toBe('');
  });

  describe('before the booking', () => {
    const preview = (date: string, personId: string) =>
      run((tx) =>
        office.parts.preview.execute(tx, {
          ...{ personId, typeCode: 'suivi-spip', agendaId: office.service.agendaId, date, time: '09:00' },
          ...{ movedId: null, announce: 'summons' },
        }),
      );

    it('a reminder is promised only where every arm has one', async () => {
      await start({ arms: [WEEK, arm('J-2', [2])] });
      const personId = await person();
      for (const [date, isSure] of [
        ['2026-06-05', true],
        ['2026-06-02', false],
      ] as const)
        expect(await preview(date, personId)).toMatchObject({ drawn: 'timing', isSurelyReminded: isSure });
    });

    it('shows that of somebody whose arm is known', async () => {
      await office.parts.running(
        aTrial([office.service.organizationId], { arms: [WEEK, arm('J-6', [6])] }),
        office.admin,
      );
      const personId = await person();
      await book(personId, '2026-06-24');
      const shown = await preview('2026-06-05', personId);
      expect(shown?.messages.map(({ kind, offsetDays }) => `${kind} ${offsetDays}`)).toEqual([
        'summons 0',
        'reminder 1',
      ]);
    });
  });
});
