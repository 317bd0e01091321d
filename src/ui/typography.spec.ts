import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  ageOn,
  cityOf,
  day,
  dayOfYear,
  decimal,
  hourAt,
  maskedPhone,
  moment,
  monthInWords,
  percent,
  plural,
  shortMoment,
  spacedPhone,
  thousands,
} from './typography.js';

describe('figures', () => {
  it('separates thousands with a narrow space that does not break', () => {
    expect(thousands(6551)).toBe('6\u202f551');
    expect(thousands(1_234_567)).toBe('1\u202f234\u202f567');
    expect(thousands(999)).toBe('999');
  });

  it('writes a rate with one decimal, and a dash when nobody knows it', () => {
    expect(percent(0.2233)).toBe('22,3\u00a0%');
    expect(percent(null)).toBe('–');
  });

  it('uses a real minus sign, and none for what rounds to zero', () => {
    expect(decimal(-7.94)).toBe('\u22127,9');
    expect(decimal(-0.04)).toBe('0,0');
  });

  it('takes the plural from two on', () => {
    expect([0, 1, 2].map((count) => plural(count, 'place'))).toEqual([
      '0\u00a0place',
      '1\u00a0place',
      '2\u00a0places',
    ]);
  });
});

describe('dates', () => {
  it('keeps the day, the month and the year together', () => {
    expect(day('2026-04-14')).toBe('mardi 14\u00a0avril\u00a02026');
    expect(day('2026-05-01')).toBe('vendredi 1ᵉʳ\u00a0mai\u00a02026');
    expect(dayOfYear('2026-06-12')).toBe('vendredi 12\u00a0juin');
    expect(monthInWords('2025-09')).toBe('septembre\u00a02025');
  });

  it('names the place of an hour that is not the reader’s', () => {
    expect(hourAt('09:30', 'America/Cayenne', 'Europe/Paris')).toBe('9\u00a0h\u00a030 (Cayenne)');
    expect(hourAt('09:30', 'Europe/Paris', 'Europe/Paris')).toBe('9\u00a0h\u00a030');
    expect(cityOf('Indian/Reunion')).toBe('Saint-Denis');
    expect(cityOf('Pacific/Port_Moresby')).toBe('Port Moresby');
  });

  it('says today rather than the date, and the year only when it is another one', () => {
    const instant = Temporal.Instant.from('2026-06-08T11:00:00Z');
    const at = (now: string) =>
      shortMoment(instant, 'America/Cayenne', 'Europe/Paris', Temporal.Instant.from(now));
    expect(at('2026-06-08T10:00:00Z')).toBe('aujourd’hui à 8\u00a0h\u00a000 (Cayenne)');
    expect(at('2026-06-07T10:00:00Z')).toBe('lundi 8\u00a0juin à 8\u00a0h\u00a000 (Cayenne)');
    expect(at('2027-01-01T10:00:00Z')).toBe('lundi 8\u00a0juin\u00a02026 à 8\u00a0h\u00a000 (Cayenne)');
  });

  it('takes « today » from the clock that is shown, not from the reader’s', () => {
    const now = Temporal.Instant.from('2026-06-08T02:00:00Z');
    const at = (instant: string, timeZone: string) =>
      shortMoment(Temporal.Instant.from(instant), timeZone, 'Europe/Paris', now);
    expect(at('2026-06-08T11:30:00Z', 'America/Cayenne')).toBe(
      'lundi 8\u00a0juin à 8\u00a0h\u00a030 (Cayenne)',
    );
    expect(at('2026-06-07T18:30:00Z', 'Pacific/Tahiti')).toBe('aujourd’hui à 8\u00a0h\u00a030 (Papeete)');
    expect(at('2026-06-08T08:00:00Z', 'Europe/Paris')).toBe('aujourd’hui à 10\u00a0h\u00a000');
  });

  it('says a promise whole', () => {
    const promise = { date: '2026-06-12', time: '09:30', timeZone: 'Europe/Paris' };
    expect(moment(promise, 'Europe/Paris')).toBe('vendredi 12\u00a0juin\u00a02026 à 9\u00a0h\u00a030');
  });

  it('counts full years of age', () => {
    expect([ageOn('1994-08-03', '2026-08-02'), ageOn('1994-08-03', '2026-08-03')]).toEqual([31, 32]);
  });
});

describe('phones', () => {
  it('lets a number be recognized without telling it', () => {
    expect(maskedPhone('+33612345612')).toBe('06\u00a0••\u00a0••\u00a0••\u00a012');
    expect(maskedPhone('+594694123456')).toBe('+594\u00a0••\u00a0••\u00a0••\u00a056');
  });

  it('never shows more than the beginning and the last two digits', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(digits, (typed) => {
        const shown = maskedPhone(`+33${typed.join('')}`).replace(/\D/g, '');
        return shown.length === 4 && shown.endsWith(typed.slice(-2).join(''));
      }),
    );
  });

  it('shows every digit when asked', () => {
    expect(spacedPhone('+33612345678')).toBe('06\u00a012\u00a034\u00a056\u00a078');
    expect(spacedPhone('+594694123456').replace(/\D/g, '')).toBe('594694123456');
  });
});
