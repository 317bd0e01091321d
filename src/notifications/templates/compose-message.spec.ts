import { Temporal } from 'temporal-polyfill';
import { composeMessage, type Ingredients, type StopLink } from './compose-message.js';

const FROM: Ingredients = {
  ...{ date: '2026-09-30', time: '14:30', timeZone: 'Europe/Paris', register: 'standard' },
  ...{ showsAddress: true, placeName: 'SPIP 92 Nanterre', placeAddress: '18 rue des Cordiers' },
  ...{ placePhone: null, placeEmail: null, contactMethod: 'phone', informationUrl: null },
  templateLanguage: 'fr',
};
const NOW = Temporal.Instant.from('2026-09-20T08:00:00Z');
const STOP: StopLink = { url: 'https://x.example/s/abc', by: 'sms' };

describe('another appointment of that day, alike', () => {
  const alsoAt = ['16:00'];

  it('follows on the same line, before the stop link', () => {
    expect(composeMessage('RDV {rdv.quand}, {lieu.adresse}', FROM, STOP, NOW, alsoAt)).toBe(
      'RDV mercredi 30 septembre à 14h30, 18 rue des Cordiers. Aussi à 16h00. Stop SMS : https://x.example/s/abc',
    );
  });

  it('has a line of its own from right to left, where an address turned the one before', () => {
    const arabic = { ...FROM, templateLanguage: 'ar' } as const;
    expect(composeMessage('موعدك {rdv.quand}\n{lieu.adresse}', arabic, STOP, NOW, alsoAt)).toBe(
      'موعدك الأربعاء 30/9 14:30\n18 rue des Cordiers.\nوأيضا الساعة 16:00.\nSTOP https://x.example/s/abc',
    );
  });
});

describe('the stop link', () => {
  it.each([
    ['RDV demain.', 'RDV demain. Stop SMS : https://x.example/s/abc'],
    ['Contact : 01 47 25 00 00', 'Contact : 01 47 25 00 00. Stop SMS : https://x.example/s/abc'],
    ['Contact : a@b.example', 'Contact : a@b.example Stop SMS : https://x.example/s/abc'],
    ['Infos https://b.example/n', 'Infos https://b.example/n Stop SMS : https://x.example/s/abc'],
  ])('ends « %s », nothing after it', (text, whole) => {
    expect(composeMessage(text, FROM, STOP, NOW)).toBe(whole);
  });

  it('of an e-mail says that it stops e-mails', () => {
    expect(composeMessage('RDV demain.', FROM, { ...STOP, by: 'email' }, NOW)).toBe(
      'RDV demain. Stop e-mail : https://x.example/s/abc',
    );
  });

  it('has a line of its own from right to left', () => {
    expect(composeMessage('موعدك', { ...FROM, templateLanguage: 'ar' }, STOP, NOW)).toBe(
      'موعدك\nSTOP https://x.example/s/abc',
    );
  });
});
