import fc from 'fast-check';
import { smsLength } from '../../shared/sms-length.js';
import { cheaper, costOf, dearest } from './template-cost.js';

describe('what a text costs', () => {
  it('names the one character that doubles the price', () => {
    const text = `Vous êtes attendu ${'a'.repeat(80)}`;
    expect(costOf(text, text)).toMatchObject({
      encoding: 'UCS-2',
      segments: 2,
      room: 134,
      segmentsWithout: 1,
      costly: [{ character: 'ê', instead: 'e', isTyped: true }],
    });
    expect(costOf(cheaper(text, 'ê'), text)).toMatchObject({ encoding: 'GSM-7', segments: 1, costly: [] });
  });

  it('tells the characters of a place from those that were typed', () => {
    expect(costOf('RDV Besançon', 'RDV {lieu.nom}').costly).toEqual([
      { character: 'ç', instead: 'c', isTyped: false },
    ]);
  });

  it('replaces in what was typed, never inside a variable', () => {
    expect(cheaper('Hôtel {lieu.téléphone} {rdv.quand} à l’heure', null)).toBe(
      "Hotel {lieu.téléphone} {rdv.quand} à l'heure",
    );
    expect(cheaper('ôç {lieu.nom}', 'ç')).toBe('ôc {lieu.nom}');
  });

  it('judges by the dearest of several, then by the longest', () => {
    const of = (text: string) => ({ cost: costOf(text, '') });
    expect(dearest([of('a'), of('ab'), of('ê'.repeat(71)), of('c')]).cost.segments).toBe(2);
    expect(dearest([of('a'), of('ab'), of('cd')]).cost.text).toBe('ab');
  });

  it('counts as billed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { segments, units, room, segmentsWithout } = costOf(text, text);
        expect({ segments, units }).toMatchObject({
          segments: smsLength(text).segments,
          units: smsLength(text).units,
        });
        expect(units).toBeLessThanOrEqual(room);
        expect(segmentsWithout).toBeLessThanOrEqual(segments);
      }),
    );
  });
});
