import { DEFAULT_UNIT_COSTS } from '../../statistics/domain/savings.js';
import { between, nOf, points, rangeOf, shownDifference, signed, slotWords } from './absence-words.js';
import { referencePercentOf, referenceWords } from './reference-rate.js';
import { shareTables } from './shares.view.js';
import { costsOf, formOf } from './unit-cost-form.js';

describe('figures in words', () => {
  it('are those of French typography', () => {
    expect(nOf({ missed: 1463, known: 6551 })).toBe('1\u202f463\u00a0/\u00a06\u202f551');
    expect(points(-0.079)).toBe('−7,9\u00a0points');
    expect(points(0.004)).toBe('+0,4\u00a0point');
    expect(between({ low: -0.096, high: 0.062 })).toBe('entre −9,6 et +6,2');
    expect(signed(-0.0001)).toBe('0,0');
    expect(rangeOf({ low: 0.331, high: 0.488 })).toBe('33 à 49\u00a0%');
    expect(slotWords({ weekday: 1, time: '08:30' })).toMatch(/^Lundi 8\sh\s30$/);
    expect(slotWords({ weekday: 5, time: 'afternoon' })).toBe('Vendredi après-midi');
  });

  it('subtract as they are shown', () => {
    // 22.26 and 31.64 are shown as 22,3 and 31,6: their difference must read −9,3, not −9,4.
    expect(signed(shownDifference(0.2226, 0.3164))).toBe('−9,3');
  });
});

describe('tables of shares', () => {
  const row = (value: string, isSince: boolean, missed: number, attended: number) => ({
    ...{ dimension: 'order' as const, value, isSince, missed, attended },
    ...{ excused: 0, cancelled: 0, unknown: 0 },
  });

  it('compare since with before where both say enough', () => {
    const rows = [row('first', true, 20, 80), row('first', false, 40, 60), row('later', true, 3, 7)];
    const [table] = shareTables(rows, true, 1, []);
    expect(table).toMatchObject({ title: 'Première convocation ou suivante', hasBefore: true });
    const [first, later] = table?.rows ?? [];
    expect(first?.interval?.rate).toBeCloseTo(0.2, 10);
    expect(first?.difference?.value).toBeCloseTo(-0.2, 10);
    expect(later).toMatchObject({ known: 10, interval: null, before: null, difference: null });
  });

  it('tell all of it when there was no start, and leave out what is empty', () => {
    const [table, ...others] = shareTables([row('later', false, 10, 40)], false, 1, []);
    expect(others).toEqual([]);
    expect(table?.hasBefore).toBe(false);
    expect(table?.rows).toHaveLength(1);
    expect(table?.rows[0]).toMatchObject({ label: 'Suivante', missed: 10, known: 50 });
  });
});

describe('the rate of earlier dashboards', () => {
  const row = (value: string, missed: number, attended: number) => ({
    ...{ dimension: 'phone' as const, value, isSince: true, missed, attended },
    ...{ excused: 0, cancelled: 3, unknown: 2 },
  });

  it('leaves out who has no phone, and rounds', () => {
    expect(referencePercentOf([row('with', 1, 7), row('without', 50, 0)])).toBe(13);
    expect(referenceWords(13)).toMatch(/^13\u00a0%, pour comparaison/);
  });

  it('is not told where nothing is known', () => {
    expect(referencePercentOf([row('without', 50, 0)])).toBeNull();
    expect(referencePercentOf([])).toBeNull();
  });
});

describe('the form of the unit costs', () => {
  it('says in French what it reads back', () => {
    const form = formOf(DEFAULT_UNIT_COSTS);
    expect(form).toEqual({
      ...{ letter: '1,52', registered: '6,11', hour: '35,00' },
      ...{ letters: '1', registeredLetters: '0,3', minutes: '20' },
    });
    expect(costsOf(form)).toEqual(DEFAULT_UNIT_COSTS);
    expect(costsOf({ ...form, letter: '1.5' })).toMatchObject({ letterCents: 150 });
  });

  it.each(['', '-1', '1,234', '1e3', '1001', 'deux', '1 000'])('refuses « %s » at its field', (letter) => {
    expect(costsOf({ ...formOf(DEFAULT_UNIT_COSTS), letter })).toMatchObject([{ field: 'letter' }]);
  });
});
