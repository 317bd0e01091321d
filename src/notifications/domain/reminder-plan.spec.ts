import { ValidationFailed } from '../../shared/domain-error.js';
import { parsePlan } from './parse-plan.js';
import { type PlanFacts, type ReminderStep, stepsFor, stepsOf } from './reminder-plan.js';
import { ONE_DAY, RECOMMENDED, TWO_DAYS } from './reminder-plan-presets.js';

const USUAL: PlanFacts = { bookedAheadDays: 5, isFirst: false, absences: 0 };

describe('which reminders a plan asks for', () => {
  it.each<[string, Partial<PlanFacts>, number[]]>([
    ['booked five days ahead, seen before', {}, [1]],
    ['booked nine days ahead', { bookedAheadDays: 9 }, [1]],
    ['booked ten days ahead', { bookedAheadDays: 10 }, [7, 1]],
    ['a first appointment', { isFirst: true }, [3, 1]],
    ['one absence in a year', { absences: 1 }, [1]],
    ['two absences in a year', { absences: 2 }, [3, 1]],
    ['far ahead and first', { bookedAheadDays: 30, isFirst: true }, [7, 3, 1]],
    ['booked for today', { bookedAheadDays: 0 }, [1]],
  ])('recommended, %s', (_case, facts, offsets) => {
    const steps = stepsFor(RECOMMENDED, { ...USUAL, ...facts });
    expect(steps.map(({ offsetDays }) => offsetDays)).toEqual(offsets);
  });

  it.each([
    [ONE_DAY, [1]],
    [TWO_DAYS, [2]],
  ])('a single one, whatever the person', (plan, offsets) => {
    const facts = { bookedAheadDays: 60, isFirst: true, absences: 5 };
    expect(stepsFor(plan, facts).map(({ offsetDays }) => offsetDays)).toEqual(offsets);
  });
});

describe('a plan as data', () => {
  const step = (more: object = {}) => ({
    kind: 'reminder',
    offsetDays: 2,
    when: { if: 'always' },
    channel: 'auto',
    hour: null,
    usefulUntilHours: 1,
    ...more,
  });

  it.each([RECOMMENDED, ONE_DAY, TWO_DAYS])('survives being stored', (plan) => {
    expect(parsePlan(JSON.parse(JSON.stringify(stepsOf(plan))))).toEqual(plan);
  });

  it('is put in order, and has a summons whatever was said', () => {
    const plan = parsePlan([step({ offsetDays: 1 }), step({ offsetDays: 9 })]);
    expect(plan.summons).toEqual({
      kind: 'summons',
      channel: 'auto',
      hour: null,
      usefulUntilHours: 1,
      isSpaced: false,
    });
    expect(plan.reminders.map(({ offsetDays }) => offsetDays)).toEqual([9, 1]);
    expect(plan.afterAbsence).toBeNull();
  });

  it('stored before a summons had an hour, a limit and a turn, says what it said: at booking, until an hour before', () => {
    const plan = parsePlan([{ kind: 'summons', channel: 'sms' }, step()]);
    expect(plan.summons).toEqual({
      kind: 'summons',
      channel: 'sms',
      hour: null,
      usefulUntilHours: 1,
      isSpaced: false,
    });
    const other = { kind: 'summons', channel: 'auto', hour: '18:00', usefulUntilHours: 24, isSpaced: true };
    expect(parsePlan([other, step()]).summons).toEqual(other);
  });

  it('keeps nothing it does not know', () => {
    const [found] = parsePlan([step({ note: 'x' })]).reminders;
    expect(found).toEqual(step());
  });

  it.each<[string, unknown, string[]]>([
    ['no list', {}, ['steps']],
    ['nothing', [], ['steps']],
    ['an unknown step', [step(), { kind: 'phone-call' }], ['steps.1.kind']],
    ['no step at all', [step(), null], ['steps.1.kind']],
    ['half a day before', [step({ offsetDays: 0.5 })], ['steps.0.offsetDays']],
    ['the same day', [step({ offsetDays: 0 })], ['steps.0.offsetDays']],
    ['two months before', [step({ offsetDays: 61 })], ['steps.0.offsetDays']],
    ['two of one day', [step(), step()], ['steps']],
    ['seven', [1, 2, 3, 4, 5, 6, 7].map((offsetDays) => step({ offsetDays })), ['steps']],
    ['an unknown condition', [step({ when: { if: 'rain' } })], ['steps.0.when']],
    ['booked ahead by nobody knows', [step({ when: { if: 'booked-ahead' } })], ['steps.0.when.days']],
    ['an unknown channel', [step({ channel: 'pigeon' })], ['steps.0.channel']],
    ['an hour that is none', [step({ hour: '24:00' })], ['steps.0.hour']],
    ['useful after the appointment', [step({ usefulUntilHours: 0 })], ['steps.0.usefulUntilHours']],
    ['useful before it leaves', [step({ usefulUntilHours: 37 })], ['steps.0.usefulUntilHours']],
    ['a summons at no hour', [{ kind: 'summons', channel: 'auto', hour: '8h' }, step()], ['steps.0.hour']],
    [
      'a summons useful no longer than it is known',
      [{ kind: 'summons', channel: 'auto', hour: null, usefulUntilHours: 0 }, step()],
      ['steps.0.usefulUntilHours'],
    ],
    [
      'a summons useful a month before',
      [{ kind: 'summons', channel: 'auto', hour: null, usefulUntilHours: 720 }, step()],
      ['steps.0.usefulUntilHours'],
    ],
    [
      'two summonses',
      [step(), { kind: 'summons', channel: 'sms' }, { kind: 'summons', channel: 'sms' }],
      ['steps'],
    ],
    [
      'useful for a year after an absence',
      [step(), { kind: 'after-absence', channel: 'auto', hour: null, usefulUntilHours: 8760 }],
      ['steps.1.usefulUntilHours'],
    ],
  ])('is refused: %s', (_case, steps, fields) => {
    const refusal = catching(() => parsePlan(steps));
    expect(refusal.errors.map(({ field }) => field)).toEqual(fields);
  });

  it('may be useful for half a day at least', () => {
    const [found]: readonly ReminderStep[] = parsePlan([step({ usefulUntilHours: 36 })]).reminders;
    expect(found?.usefulUntilHours).toBe(36);
  });
});

function catching(work: () => unknown): ValidationFailed {
  try {
    work();
  } catch (error) {
    if (error instanceof ValidationFailed) return error;
    throw error;
  }
  throw new Error('was not refused');
}
