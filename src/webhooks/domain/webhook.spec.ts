import { createHmac } from 'node:crypto';
import { isTaken, MOST_TRIES, retryDelaySeconds, signature } from './webhook.js';

describe('the signature', () => {
  it('is that of the documentation, once for each secret', () => {
    const mac = (secret: string) => createHmac('sha256', secret).update('1781257267.{"a":1}').digest('hex');
    expect(signature(['one', 'two'], 1781257267, '{"a":1}')).toBe(
      `t=1781257267,v1=${mac('one')},v1=${mac('two')}`,
    );
  });
});

describe('retries', () => {
  it('come eight times in all, each after a longer wait, from a minute to a day', () => {
    const delays = Array.from({ length: MOST_TRIES }, (_, made) => retryDelaySeconds(made + 1));
    const waits = delays.filter((delay) => delay !== null);
    expect(MOST_TRIES).toBe(8);
    expect(delays.at(-1)).toBeNull();
    expect([waits[0], waits.at(-1)]).toEqual([60, 86_400]);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it.each([
    [200, true],
    [204, true],
    [199, false],
    [301, false],
    [400, false],
    [500, false],
  ])('status %d is taken: %s', (status, expected) => {
    expect(isTaken({ status, error: null, latencyMs: 1 })).toBe(expected);
  });
});
