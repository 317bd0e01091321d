import { Temporal } from 'temporal-polyfill';
import { RECOMMENDED } from '../../notifications/domain/reminder-plan-presets.js';
import type { ReminderPlan } from '../../notifications/domain/reminder-plan.js';
import { parseWindow } from '../../notifications/domain/send-window.js';
import { calendarOf } from './calendar-weeks.js';
import { samplesOf } from './plan-samples.js';

/** Monday 1 June 2026, 10:00 in Cayenne. */
const NOW = Temporal.Instant.from('2026-06-01T13:00:00Z');
const isSunday = (date: string) => Temporal.PlainDate.from(date).dayOfWeek === 7;

function calendar(plan: ReminderPlan, weeklyLimit = 4) {
  const rules = { window: parseWindow('08:00-20:00'), isClosed: isSunday };
  const office = { now: NOW, timeZone: 'America/Cayenne', rules, earlierHours: 0, weeklyLimit };
  const [first] = samplesOf(plan, office);
  if (first === undefined) throw new Error('no sample');
  return calendarOf(first, isSunday);
}

function marks(plan: ReminderPlan, weeklyLimit = 4): string[] {
  return calendar(plan, weeklyLimit).flatMap((row) =>
    'emptyWeeks' in row
      ? [`${row.emptyWeeks} weeks`]
      : row.days.flatMap(({ date, marks: said }) => said.map((mark) => `${date} ${mark}`)),
  );
}

describe('the calendar of a plan', () => {
  it('says what leaves on which day, and the appointment', () => {
    expect(marks(RECOMMENDED)).toEqual([
      '2026-06-01 Convocation à 10\u00a0h\u00a000',
      '2026-06-09 Rappel, 7\u00a0jours avant à 9\u00a0h\u00a030',
      '2026-06-13 Rappel, 3\u00a0jours avant à 9\u00a0h\u00a030',
      '2026-06-15 Rappel, la veille à 9\u00a0h\u00a030',
      '2026-06-16 Rendez-vous à 9\u00a0h\u00a030',
      '2026-06-16 Après une absence notée à 10\u00a0h\u00a030\u00a0: 10\u00a0h\u00a030',
    ]);
  });

  it('marks what the weekly limit would withdraw, never the last reminder', () => {
    expect(marks(RECOMMENDED, 1).slice(1, 4)).toEqual([
      '2026-06-09 Rappel, 7\u00a0jours avant à 9\u00a0h\u00a030',
      '2026-06-13 Rappel, 3\u00a0jours avant\u00a0: retiré, limite par semaine',
      '2026-06-15 Rappel, la veille à 9\u00a0h\u00a030',
    ]);
  });

  it('goes on until the text after an absence has left', () => {
    const { afterAbsence } = RECOMMENDED;
    if (afterAbsence === null) throw new Error('nothing after an absence');
    const plan = { ...RECOMMENDED, afterAbsence: { ...afterAbsence, hour: '09:00' } };
    expect(marks(plan).at(-1)).toBe(
      '2026-06-17 Après une absence notée à 10\u00a0h\u00a030\u00a0: 9\u00a0h\u00a000',
    );
  });

  it('shows the hours of a territory with poor coverage beside the usual ones', () => {
    const rules = { window: parseWindow('08:00-20:00'), isClosed: isSunday };
    const office = { now: NOW, timeZone: 'America/Cayenne', rules, weeklyLimit: 4 };
    const samples = samplesOf(RECOMMENDED, { ...office, earlierHours: 1 });
    expect(samples.slice(0, -1)).toEqual(samplesOf(RECOMMENDED, { ...office, earlierHours: 0 }));
    const last = samples.at(-1);
    expect(last?.who).toBe('Première convocation, numéro d’un réseau peu couvert');
    expect(last?.texts.map(({ hour }) => hour)).toEqual([
      '10\u00a0h\u00a000',
      ...Array.from({ length: 3 }, () => '8\u00a0h\u00a030'),
    ]);
  });

  it('is long enough for the earliest reminder, and leaves out weeks without anything', () => {
    const [week] = RECOMMENDED.reminders;
    if (week === undefined) throw new Error('no reminder');
    const early = { ...week, offsetDays: 30, when: { if: 'booked-ahead' as const, days: 45 } };
    const plan = { ...RECOMMENDED, reminders: [early, ...RECOMMENDED.reminders] };
    const said = marks(plan);
    expect(said).toContain('2026-06-16 Rappel, 30\u00a0jours avant à 9\u00a0h\u00a030');
    expect(said).toContain('2 weeks');
    expect(said.at(-2)).toBe('2026-07-16 Rendez-vous à 9\u00a0h\u00a030');
  });

  it('names the month where one begins, what is closed and what is not of the plan', () => {
    const days = calendar(RECOMMENDED).flatMap((row) => ('days' in row ? row.days : []));
    expect(days[0]).toMatchObject({ date: '2026-06-01', label: '1ᵉʳ\u00a0juin', isOutside: false });
    expect(days[6]).toMatchObject({ date: '2026-06-07', label: '7', isClosed: true });
    expect(days.at(-1)).toMatchObject({ date: '2026-06-21', isOutside: true });
  });
});
