import fc from 'fast-check';
import { meaningOf, messageAfterReceipt, retryDelaySeconds } from './attempt-results.js';
import type { MessageState } from './notification.states.js';

const STATUSES = [
  'queued',
  'accepted',
  'scheduled',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'canceled',
];

const after = (state: MessageState, statuses: readonly string[]): MessageState =>
  statuses.reduce<MessageState>((current, status) => {
    const meaning = meaningOf(status);
    return meaning === undefined ? current : messageAfterReceipt(current, meaning);
  }, state);

describe('receipts', () => {
  it('end delivered whatever their order and repetition', () => {
    const happy = fc.shuffledSubarray(['queued', 'sending', 'sent', 'delivered', 'delivered', 'sent'], {
      minLength: 6,
    });
    fc.assert(fc.property(happy, (statuses) => expect(after('sending', statuses)).toBe('delivered')));
  });

  it('never undo an end', () => {
    const ends = fc.constantFrom<MessageState>(
      'delivered',
      'undelivered',
      'withdrawn',
      'failed',
      'expired',
      'suppressed',
    );
    fc.assert(
      fc.property(ends, fc.array(fc.constantFrom(...STATUSES)), (end, statuses) => {
        expect(after(end, statuses)).toBe(end);
      }),
    );
  });

  it.each(['undelivered', 'failed', 'canceled'])('%s means that it did not arrive', (status) => {
    expect(after('accepted', [status])).toBe('undelivered');
  });

  it('ignore a status that does not exist yet', () => {
    expect(after('accepted', ['teleported'])).toBe('accepted');
  });
});

describe('retryDelaySeconds', () => {
  it('grows and stays under five minutes', () => {
    expect([1, 2, 3, 4, 5, 9].map(retryDelaySeconds)).toEqual([15, 30, 60, 120, 240, 300]);
  });
});
