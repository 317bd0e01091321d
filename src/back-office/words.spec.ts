import { CONVOCATION_STATES } from '../convocations/domain/convocation.states.js';
import { MESSAGE_STATES } from '../notifications/domain/notification.states.js';
import { convocationWord, messageWord, reachStateWord, whyOf } from './words.js';

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

  it('never says of an e-mail more than that it left, or came back', () => {
    expect(messageWord('accepted', null, 'email').word).toBe('Parti, sans accusé');
    expect(messageWord('undelivered', null, 'email').word).toBe('Revenu');
    expect(messageWord('failed', 'operator-refused', 'email').word).toBe('Refusé par le serveur');
    expect(messageWord('failed', 'no-template', 'email').word).toBe('Non envoyé');
    expect(messageWord('accepted', null, 'sms').word).toBe('Remis à l’opérateur');
    expect(whyOf(null, '5.1.1')).toBe('Cette adresse e-mail n’existe pas.');
    expect(reachStateWord('reached-by-email')?.word).toBe('Jointe par e-mail, sans accusé');
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
