import { unknownCodeOf, verdictOnCode } from './unknown-codes.js';

describe('a code that our tables do not know', () => {
  it.each([
    [1, 0, 'number'],
    [2, 0, 'number'],
    [3, 0, 'sender'],
    [3, 2, 'sender'],
    [3, 3, 'alert'],
    [9, 500, 'alert'],
  ] as const)('answered for %d numbers while %d texts were taken: %s', (numbers, taken, verdict) => {
    expect(verdictOnCode({ numbers, taken })).toBe(verdict);
  });

  it('is one that an operator answered, not what we know, nor an error of the network', () => {
    expect(unknownCodeOf('twilio', { result: 'refused', errorCode: '21999', optedOut: false })).toBe('21999');
    expect(unknownCodeOf('link-mobility', { result: 'not-sent', errorCode: '142' })).toBe('142');
    expect(unknownCodeOf('twilio', { result: 'refused', errorCode: '21614', optedOut: false })).toBeNull();
    expect(unknownCodeOf('twilio', { result: 'not-sent', errorCode: 'ECONNREFUSED' })).toBeNull();
    expect(unknownCodeOf('twilio', { result: 'uncertain', errorCode: '599' })).toBeNull();
    expect(unknownCodeOf('twilio', { result: 'accepted', operatorMessageId: 'SM1' })).toBeNull();
  });
});
