import { CONVOCATION_STATES } from '../convocations/domain/convocation.states.js';
import { MESSAGE_STATES } from '../notifications/domain/notification.states.js';
import { convocationWord, messageWord, whyOf } from './words.js';

describe('the words of states', () => {
  it('has a word and a shape for every state', () => {
    for (const state of MESSAGE_STATES)
      expect(messageWord(state, null)).toMatchObject({ word: expect.any(String) });
    for (const state of CONVOCATION_STATES)
      expect(convocationWord(state, null)).toMatchObject({ shape: expect.any(String) });
  });

  it('says « Reçu » of nothing that no receipt confirms, and « Envoyé » of nothing', () => {
    const words = MESSAGE_STATES.map((state) => [state, messageWord(state, null).word] as const);
    expect(words.filter(([, word]) => word === 'Reçu')).toEqual([['delivered', 'Reçu']]);
    expect(words.filter(([, word]) => word === 'Envoyé')).toEqual([]);
  });

  it('gives the reason of what was never sent', () => {
    expect(messageWord('suppressed', 'sms-refused').word).toBe('Refuse les SMS');
    expect(messageWord('suppressed', 'no-phone').word).toBe('Sans téléphone');
    expect(messageWord('failed', 'operator-refused').word).toBe('Refusé par l’opérateur');
    expect(messageWord('failed', 'no-template').word).toBe('Non envoyé');
    expect(whyOf(null, '30003')).toBe('Téléphone éteint ou hors réseau.');
  });

  it('says who cancelled', () => {
    expect(convocationWord('cancelled', 'person').word).toBe('Annulée par la personne');
  });
});
