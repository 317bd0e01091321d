import { dateInWords, hourInWords, relativeDay } from './french-dates.js';

describe('dates and hours as people read them', () => {
  it.each([
    ['2026-04-14', 'mardi 14 avril 2026'],
    ['2026-05-01', 'vendredi 1ᵉʳ mai 2026'],
    ['2026-02-01', 'dimanche 1ᵉʳ février 2026'],
    ['2026-08-15', 'samedi 15 août 2026'],
    ['2028-02-29', 'mardi 29 février 2028'],
  ])('%s is %s', (date, words) => {
    expect(dateInWords(date)).toBe(words);
  });

  it.each([
    ['09:30', '9\u00a0h\u00a030'],
    ['09:00', '9\u00a0h\u00a000'],
    ['00:05', '0\u00a0h\u00a005'],
    ['14:30', '14\u00a0h\u00a030'],
  ])('%s is %s', (time, words) => {
    expect(hourInWords(time)).toBe(words);
  });

  it.each([
    ['2026-04-14', 'aujourd’hui'],
    ['2026-04-15', 'demain'],
    ['2026-04-16', 'dans 2 jours'],
    ['2026-05-14', 'dans 30 jours'],
    ['2026-04-13', 'hier'],
    ['2026-04-11', 'il y a 3 jours'],
  ])('seen from 14 April, %s is %s', (date, words) => {
    expect(relativeDay(date, '2026-04-14')).toBe(words);
  });
});
