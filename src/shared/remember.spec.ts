import { remembering } from './remember.js';

describe('a function that remembers', () => {
  it('answers as the function does, works once for each question, and keeps no more than told', () => {
    const asked: string[] = [];
    const join = remembering((a: string, b: string) => {
      asked.push(a + b);
      return `${a}-${b}`;
    }, 2);
    expect([join('a', 'b'), join('a', 'b'), join('ab', '')]).toEqual(['a-b', 'a-b', 'ab-']);
    expect(asked).toEqual(['ab', 'ab']);
    join('c', 'd');
    expect([join('a', 'b'), asked.length]).toEqual(['a-b', 4]);
  });
});
