import { Temporal } from 'temporal-polyfill';
import { composeMessage, type Ingredients } from './compose-message.js';

const FROM: Ingredients = {
  ...{ date: '2026-09-30', time: '14:30', timeZone: 'Europe/Paris', register: 'standard' },
  ...{ showsAddress: true, placeName: 'SPIP 92 Nanterre', placeAddress: '18 rue des Cordiers' },
  ...{ placePhone: null, placeEmail: null, contactMethod: 'phone', informationUrl: null },
  templateLanguage: 'fr',
};
const NOW = Temporal.Instant.from('2026-09-20T08:00:00Z');
const STOP = 'https://x.example/s/abc';

describe('another appointment of that day', () => {
  const alsoThatDay = [{ time: '16:00', placeName: 'TJ Nanterre' }];

  it('follows on the same line, before the stop link', () => {
    expect(composeMessage('RDV {rdv.quand}, {lieu.adresse}', FROM, STOP, NOW, alsoThatDay)).toBe(
      'RDV mercredi 30 septembre à 14h30, 18 rue des Cordiers. Aussi à 16h00, TJ Nanterre. Stop SMS : https://x.example/s/abc',
    );
  });

  it('has a line of its own from right to left, where an address turned the one before', () => {
    const arabic = { ...FROM, templateLanguage: 'ar' } as const;
    expect(composeMessage('موعدك {rdv.quand}\n{lieu.adresse}', arabic, STOP, NOW, alsoThatDay)).toBe(
      'موعدك الأربعاء 30/9 14:30\n18 rue des Cordiers.\nوأيضا الساعة 16:00, \u2066TJ Nanterre\u2069.\nSTOP https://x.example/s/abc',
    );
  });
});
