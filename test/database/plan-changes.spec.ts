import type { Actor } from '../../src/access/actor.js';
import { ONE_DAY, RECOMMENDED, TWO_DAYS } from '../../src/notifications/domain/reminder-plan-presets.js';
import { planInForce, storedPlans } from '../../src/notifications/plans/reminder-plan.queries.js';
import { aService } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { PARIS, PlannedWorld } from '../support/planned-world.js';

const AFTER = {
  kind: 'after-absence',
  channel: 'auto',
  hour: null,
  usefulUntilHours: 168,
  isSpaced: false,
} as const;

let world: PlannedWorld;
beforeEach(async () => {
  world = await PlannedWorld.open({ poolSize: 1 });
});
afterEach(() => world.close());

describe('plans', () => {
  describe('a change', () => {
    it('says what it would do, does it, and undoes it when it is changed back', async () => {
      const far = await world.booked({ date: '2026-06-18' });
      const near = await world.booked({ date: '2026-06-04' });
      const before = [await world.planned(far), await world.planned(near)];
      const expected = { moved: 0, added: 2, withdrawn: 4, altered: 0 };
      expect(await world.change({ plan: TWO_DAYS }, true)).toEqual(expected);
      expect([await world.planned(far), await world.planned(near)]).toEqual(before);
      expect(await world.change({ plan: TWO_DAYS })).toEqual(expected);
      expect([await world.planned(far), await world.planned(near)]).toEqual([
        ['reminder 2 2026-06-16 10:00'],
        ['reminder 2 2026-06-02 10:00'],
      ]);
      expect(await world.change({ plan: null, basedOn: 1 })).toEqual({
        moved: 0,
        added: 4,
        withdrawn: 2,
        altered: 0,
      });
      expect([await world.planned(far), await world.planned(near)]).toEqual(before);
    });

    it('leaves alone what has left, and wakes nobody by itself', async () => {
      const id = await world.booked({ date: '2026-06-04', notify: true });
      await world.sql(
        `UPDATE message SET state = 'delivered', accepted_at = due_at WHERE kind = 'summons' OR occurrence = 1`,
      );
      await moveClock(world.dataSource, '2026-06-03T10:00:00Z');
      await world.change({ plan: TWO_DAYS });
      expect(await world.planned(id)).toEqual([]);
    });

    it('takes nothing from what a hold or an outage keeps past its hour', async () => {
      const id = await world.booked({ date: '2026-06-18' });
      const before = await world.planned(id);
      expect(before[0]).toBe('reminder 7 2026-06-11 10:00');
      await world.sql(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'test')`);
      await moveClock(world.dataSource, '2026-06-12T08:00:00Z');
      const nothing = { moved: 0, added: 0, withdrawn: 0, altered: 0 };
      expect(await world.change({ plan: RECOMMENDED, weeklyLimit: 2 }, true)).toEqual(nothing);
      expect(await world.change({ plan: RECOMMENDED, weeklyLimit: 2 })).toEqual(nothing);
      expect(await world.planned(id)).toEqual(before);
      // A plan without that step does take it.
      expect((await world.change({ plan: ONE_DAY, basedOn: 1 })).withdrawn).toBe(2);
    });

    it('of the hours of a service moves its reminders, and only them', async () => {
      const early = await world.booked({ date: '2026-06-08', time: '08:30' });
      const command = {
        organizationId: world.service.organizationId,
        sendWindow: '09:00-17:00',
        sendsOnClosedDays: false,
        isDryRun: false,
      };
      const done = await world.dataSource.transaction((tx) => world.hours.execute(tx, command, world.admin));
      expect(done).toEqual({ moved: 2, added: 0, withdrawn: 0, altered: 0 });
      expect(await world.planned(early)).toEqual([
        'reminder 3 2026-06-05 09:00',
        'reminder 1 2026-06-06 09:00',
      ]);
    });

    it('of a territory with poor coverage sends earlier to its telephones', async () => {
      const id = await world.booked({ date: '2026-06-08', time: '10:00' });
      await world.coversPoorly('FR');
      expect(await world.planned(id)).toEqual(['reminder 3 2026-06-04 20:00', 'reminder 1 2026-06-06 20:00']);
    });

    it('of a number to a territory with poor coverage sends earlier, and as usual once it is left', async () => {
      const person = await world.person();
      const id = await world.booked({ date: '2026-06-08', time: '10:00', person });
      const other = await world.booked({ date: '2026-06-08', time: '10:00' });
      const usual = await world.planned(id);
      await world.coversPoorly('GF');
      const earlier = ['reminder 3 2026-06-04 20:00', 'reminder 1 2026-06-06 20:00'];
      for (const [phone, expected] of [
        ['06 12 34 56 79', usual],
        ['0694 20 12 34', earlier],
        ['0694 20 12 35', earlier],
        [null, usual],
        ['0694 20 12 34', earlier],
        ['0692 12 34 56', usual],
      ] as const) {
        await world.numbered(person, phone);
        expect([phone, await world.planned(id)]).toEqual([phone, expected]);
      }
      expect(await world.planned(other)).toEqual(usual);
    });

    it('of a number leaves alone what has left already', async () => {
      const person = await world.person();
      const id = await world.booked({ date: '2026-06-08', time: '10:00', person });
      await world.sql(
        `UPDATE message SET state = 'delivered', accepted_at = due_at WHERE convocation_id = $1 AND occurrence = 3`,
        [id],
      );
      await world.coversPoorly('GF');
      await world.numbered(person, '0694 20 12 34');
      expect(await world.planned(id)).toEqual(['reminder 1 2026-06-06 20:00']);
    });

    it('takes back, moves and gives again what waits to be said after an absence', async () => {
      const id = await world.booked({ date: '2026-06-01', time: '09:00' });
      await world.sql(`UPDATE convocation SET state = 'missed' WHERE id = $1`, [id]);
      const evening = { ...ONE_DAY, afterAbsence: { ...AFTER, hour: '18:00' } };
      await world.change({ plan: evening });
      await world.changed(id, 'missed', true);
      expect(await world.planned(id)).toEqual(['after-absence 0 2026-06-01 18:00']);
      const none = { plan: { ...ONE_DAY, afterAbsence: null }, basedOn: 1 };
      const gone = { moved: 0, added: 0, withdrawn: 1, altered: 0 };
      expect(await world.change(none, true)).toEqual(gone);
      expect(await world.change(none)).toEqual(gone);
      expect(await world.planned(id)).toEqual([]);
      const noon = { ...ONE_DAY, afterAbsence: { ...AFTER, hour: '12:00' } };
      expect(await world.change({ plan: noon, basedOn: 2 })).toEqual({ ...gone, withdrawn: 0, added: 1 });
      expect(await world.planned(id)).toEqual(['after-absence 0 2026-06-01 12:00']);
      const byEmail = { ...ONE_DAY, afterAbsence: { ...AFTER, hour: '12:00', channel: 'email' as const } };
      expect(await world.change({ plan: byEmail, basedOn: 3 })).toEqual({
        ...gone,
        withdrawn: 0,
        altered: 1,
      });
      expect(await world.change({ plan: byEmail, basedOn: 4 })).toEqual({ ...gone, withdrawn: 0 });
      const moved = { plan: { ...evening, afterAbsence: { ...AFTER, hour: null } }, basedOn: 5 };
      expect(await world.change(moved)).toEqual({ ...gone, withdrawn: 0, moved: 1 });
      expect(await world.planned(id)).toEqual(['after-absence 0 2026-06-01 10:00']);
    });

    it('does not say after all what a second mark of the absence left unsaid', async () => {
      const id = await world.booked({ date: '2026-06-01', time: '09:00' });
      const evening = { ...ONE_DAY, afterAbsence: { ...AFTER, hour: '18:00' } };
      await world.change({ plan: evening });
      const mark = async (state: string, change: 'missed' | 'reopened', notify: boolean) => {
        await world.sql(`UPDATE convocation SET state = $2 WHERE id = $1`, [id, state]);
        await world.changed(id, change, notify);
      };
      await mark('missed', 'missed', true);
      await world.change({ plan: { ...ONE_DAY, afterAbsence: null }, basedOn: 1 });
      await mark('booked', 'reopened', false);
      await mark('missed', 'missed', false);
      expect(await world.change({ plan: evening, basedOn: 2 })).toMatchObject({ added: 0 });
      expect(await world.planned(id)).toEqual([]);
    });

    it('gives a summons that waits for the morning the channel of the new plan', async () => {
      await moveClock(world.dataSource, '2026-06-01T20:30:00Z');
      const id = await world.booked({ date: '2026-06-18', notify: true });
      const byEmail = { ...ONE_DAY, summons: { ...ONE_DAY.summons, channel: 'email' as const } };
      expect(await world.change({ plan: byEmail })).toMatchObject({ altered: 1 });
      const channel = await world.sql(
        `SELECT wanted_channel, to_char(due_at AT TIME ZONE $2, 'DD HH24:MI') AS due FROM message
          WHERE convocation_id = $1 AND kind = 'summons'`,
        [id, PARIS],
      );
      expect(channel).toEqual([{ wanted_channel: 'email', due: '02 08:00' }]);
    });

    it('gives a summons that waits the hour and the limit of the new plan, and those of the old one back', async () => {
      await moveClock(world.dataSource, '2026-06-01T20:30:00Z');
      const id = await world.booked({ date: '2026-06-18', notify: true });
      const summons = { ...ONE_DAY.summons, hour: '18:00', usefulUntilHours: 48 };
      expect(await world.change({ plan: { ...ONE_DAY, summons } })).toMatchObject({ moved: 1 });
      expect((await world.planned(id))[0]).toBe('summons 0 2026-06-02 18:00');
      const [limit] = await world.sql(
        `SELECT to_char(useful_until AT TIME ZONE $2, 'DD HH24:MI') AS until FROM message
          WHERE convocation_id = $1 AND kind = 'summons'`,
        [id, PARIS],
      );
      expect(limit).toEqual({ until: '16 10:00' });
      expect(await world.change({ plan: ONE_DAY, basedOn: 1 })).toMatchObject({ moved: 1 });
      expect((await world.planned(id))[0]).toBe('summons 0 2026-06-02 08:00');
    });

    it('made on a page that is out of date is refused', async () => {
      await world.change({});
      await expect(world.change({})).rejects.toMatchObject({ code: 'conflict' });
      await expect(world.change({ organizationId: null, basedOn: 0 })).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('is for administrators: a local one for its own service', async () => {
      const local = { ...world.admin, role: 'local-admin' as const };
      const agent = { ...world.admin, role: 'cpip' as const };
      const other = await aService(world.dataSource);
      const by = (actor: Actor, organizationId: string | null) =>
        world.dataSource.transaction((tx) =>
          world.changePlan.execute(
            tx,
            { organizationId, typeCode: null, plan: ONE_DAY, weeklyLimit: 4, basedOn: 0, isDryRun: true },
            actor,
          ),
        );
      await expect(by(local, world.service.organizationId)).resolves.toBeDefined();
      await expect(by(local, other.organizationId)).rejects.toMatchObject({ code: 'not-found' });
      await expect(by(local, null)).rejects.toMatchObject({ code: 'not-found' });
      await expect(by(agent, world.service.organizationId)).rejects.toMatchObject({ code: 'forbidden' });
    });
  });

  it('ask for one more reminder of what is already booked when a second absence is marked', async () => {
    const person = await world.person();
    await world.past(person, '2026-05-04', 'missed');
    const next = await world.booked({ date: '2026-06-18', person });
    const today = await world.booked({ date: '2026-06-01', time: '09:00', person });
    const without = ['reminder 7 2026-06-11 10:00', 'reminder 1 2026-06-17 10:00'];
    expect(await world.planned(next)).toEqual(without);
    await world.sql(`UPDATE convocation SET state = 'missed' WHERE id = $1`, [today]);
    await world.changed(today, 'missed');
    expect(await world.planned(next)).toEqual([without[0], 'reminder 3 2026-06-15 10:00', without[1]]);
    await world.sql(`UPDATE convocation SET state = 'booked' WHERE id = $1`, [today]);
    await world.changed(today, 'reopened');
    expect(await world.planned(next)).toEqual(without);
  });

  it('take no reminder away when a first appointment was missed', async () => {
    const person = await world.person();
    const first = await world.booked({ date: '2026-06-01', time: '09:00', person });
    const next = await world.booked({ date: '2026-06-18', person });
    expect(await world.planned(next)).toHaveLength(3);
    await world.sql(`UPDATE convocation SET state = 'missed' WHERE id = $1`, [first]);
    await world.changed(first, 'missed');
    expect(await world.planned(next)).toHaveLength(3);
  });

  it('of the service before the national one, of the type before both; an empty one follows', async () => {
    const { organizationId } = world.service;
    const own = { organizationId, typeCode: 'suivi-spip' };
    const originOf = async (typeCode: string | null) =>
      planInForce(await storedPlans(world.dataSource.manager, organizationId), {
        organizationId,
        typeCode,
      })?.origin;
    expect(await originOf('suivi-spip')).toBe('national');
    await world.change({ organizationId: null, typeCode: 'suivi-spip' });
    expect(await originOf('suivi-spip')).toBe('national-type');
    await world.change({});
    expect([await originOf('suivi-spip'), await originOf(null)]).toEqual(['service', 'service']);
    await world.change(own);
    expect(await originOf('suivi-spip')).toBe('type');
    await world.change({ ...own, plan: null, basedOn: 1 });
    expect(await originOf('suivi-spip')).toBe('service');
  });
});
