import { doneSentence } from './done-sentence.js';

const SENTENCES = { saved: 'Enregistré.' };

describe('what has just been done, from the address', () => {
  it('is said for a word of ours', () => {
    expect(doneSentence(SENTENCES, 'saved')).toBe('Enregistré.');
  });

  it.each([['unknown'], ['constructor'], ['__proto__'], [''], [undefined], [null], [['saved']]])(
    'is nothing for %p',
    (done) => {
      expect(doneSentence(SENTENCES, done)).toBeNull();
    },
  );
});
