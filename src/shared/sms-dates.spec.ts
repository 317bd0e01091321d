import { Temporal } from 'temporal-polyfill';
import { MESSAGE_LANGUAGES } from './message-languages.js';
import {
  alsoForMessage,
  dateForMessage,
  dayForMessage,
  hourForMessage,
  momentForMessage,
} from './sms-dates.js';
import { smsLength } from './sms-length.js';

const PARIS = { date: '2026-04-14', time: '09:30', timeZone: 'Europe/Paris' };
const at = (instant: string) => Temporal.Instant.from(instant);

describe('the words for a moment, true when the text leaves', () => {
  it.each([
    ['2026-04-14T05:00:00Z', "aujourd'hui à 9h30"],
    ['2026-04-13T22:00:00Z', "aujourd'hui à 9h30"],
    ['2026-04-13T21:59:59Z', 'demain mardi 14 avril à 9h30'],
    ['2026-04-12T07:30:00Z', 'après-demain mardi 14 avril à 9h30'],
    ['2026-04-11T07:30:00Z', 'mardi 14 avril à 9h30'],
    ['2025-05-01T07:30:00Z', 'mardi 14 avril à 9h30'],
    ['2026-04-15T07:30:00Z', 'mardi 14 avril à 9h30'],
  ])('seen from %s: %s', (now, words) => {
    expect(momentForMessage(PARIS, at(now), 'fr')).toBe(words);
  });

  it.each([
    ['Indian/Reunion', '2026-04-13T20:30:00Z', "aujourd'hui à 9h30"],
    ['America/Cayenne', '2026-04-14T02:59:00Z', 'demain mardi 14 avril à 9h30'],
    ['America/Cayenne', '2026-04-14T03:00:00Z', "aujourd'hui à 9h30"],
    ['Pacific/Tahiti', '2026-04-14T09:59:00Z', 'demain mardi 14 avril à 9h30'],
  ])('in %s at %s it is the day of the place: %s', (timeZone, now, words) => {
    expect(momentForMessage({ ...PARIS, timeZone }, at(now), 'fr')).toBe(words);
  });

  it.each([
    ['fr-simple', 'demain mardi 14 avril à 9h30', 'mardi 14 avril 2026', 'Aussi à 14h05'],
    ['en', 'tomorrow Tuesday 14 April at 9:30', 'Tuesday 14 April 2026', 'Also at 14:05'],
    ['pt', 'amanha terca-feira 14 de abril às 9h30', 'terca-feira 14 de abril de 2026', 'Também às 14h05'],
    ['ro', 'maine marti 14 aprilie la 9:30', 'marti 14 aprilie 2026', 'Si la 14:05'],
    ['tr', 'yarin 14 Nisan Sali saat 9:30', '14 Nisan 2026 Sali', 'Ayrica saat 14:05'],
    ['es', 'mañana martes 14 de abril a las 9:30', 'martes 14 de abril de 2026', 'También a las 14:05'],
    ['ar', 'غدا 14/4 9:30', 'الثلاثاء 14/4/2026', 'وأيضا الساعة 14:05'],
  ] as const)('%s', (language, moment, date, also) => {
    expect(momentForMessage(PARIS, at('2026-04-13T07:30:00Z'), language)).toBe(moment);
    expect(dateForMessage('2026-04-14', language)).toBe(date);
    expect(alsoForMessage('14:05', language)).toBe(also);
  });

  it.each(MESSAGE_LANGUAGES.map(({ code }) => [code] as const))(
    '%s: every day of a year costs no dearer alphabet, with European digits',
    (language) => {
      for (let day = 0; day < 366; day += 1) {
        const date = Temporal.PlainDate.from('2028-01-01').add({ days: day }).toString();
        const moment = { date, time: '14:05', timeZone: 'Europe/Paris' };
        for (const now of ['2027-06-01T10:00:00Z', `${date}T10:00:00Z`]) {
          const text = `${momentForMessage(moment, at(now), language)} ${dateForMessage(date, language)}`;
          if (language !== 'ar') expect(smsLength(text).costlyCharacters).toEqual([]);
          expect(text).not.toMatch(/[\u0660-\u0669\u06f0-\u06f9]/);
          expect(text).toContain(hourForMessage('14:05', language));
        }
      }
    },
  );

  it('says the first of a month as French does', () => {
    expect(dayForMessage({ ...PARIS, date: '2026-08-01' }, at('2026-07-01T10:00:00Z'), 'fr')).toBe(
      'samedi 1er aout',
    );
  });
});
