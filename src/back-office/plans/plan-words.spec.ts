import { ONE_DAY, RECOMMENDED } from '../../notifications/domain/reminder-plan-presets.js';
import { planInWords } from './plan-words.js';

const said = (plan: typeof RECOMMENDED) => planInWords(plan).replaceAll('\u00a0', ' ');

describe('a plan in words', () => {
  it('names its steps, and nothing of what is usual', () => {
    expect(said(RECOMMENDED)).toBe(
      '7 jours avant, si pris au moins 10 jours avant ; 3 jours avant, première convocation ou deux absences en un an ; la veille ; après une absence',
    );
    expect(said({ ...ONE_DAY, afterAbsence: null })).toBe('la veille');
  });

  it.each([
    ['the channel of the summons', { summons: { ...ONE_DAY.summons, channel: 'email' } }],
    ['the hour of the summons', { summons: { ...ONE_DAY.summons, hour: '18:00' } }],
    ['the limit of the summons', { summons: { ...ONE_DAY.summons, usefulUntilHours: 24 } }],
    [
      'the channel of a reminder',
      { reminders: ONE_DAY.reminders.map((step) => ({ ...step, channel: 'sms' })) },
    ],
    [
      'the limit of a reminder',
      { reminders: ONE_DAY.reminders.map((step) => ({ ...step, usefulUntilHours: 4 })) },
    ],
    ['the hour after an absence', { afterAbsence: { ...ONE_DAY.afterAbsence, hour: '18:00' } }],
    ['the channel after an absence', { afterAbsence: { ...ONE_DAY.afterAbsence, channel: 'sms' } }],
    ['the limit after an absence', { afterAbsence: { ...ONE_DAY.afterAbsence, usefulUntilHours: 48 } }],
  ])('says a change of %s', (_name, change) => {
    expect(said({ ...ONE_DAY, ...change } as typeof ONE_DAY)).not.toBe(said(ONE_DAY));
  });
});
