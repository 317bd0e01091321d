import { messagesIn } from './queue.js';

const A = '7f1d0c1e-6a0a-4e0e-9d55-0c6f1f6b1a01';
const B = '7f1d0c1e-6a0a-4e0e-9d55-0c6f1f6b1a02';

describe('what a job of the queue holds', () => {
  it('is a list of messages', () => {
    const messages = [
      { messageId: A, epoch: 1 },
      { messageId: B, epoch: 7 },
    ];
    expect(messagesIn({ messages })).toEqual(messages);
  });

  it('is one message in a job of the release before', () => {
    expect(messagesIn({ messageId: A, epoch: 3 })).toEqual([{ messageId: A, epoch: 3 }]);
  });

  it('is nothing when nobody can carry it out, and its neighbours stay', () => {
    const broken = [null, 'text', 7, [], {}, { messageId: 'x', epoch: 1 }, { messageId: A, epoch: 'many' }];
    for (const data of [...broken, undefined, { messages: null }, { messageId: A, epoch: 1e300 }])
      expect(messagesIn(data)).toEqual([]);
    expect(messagesIn({ messages: [...broken, { messageId: B, epoch: 2 }] })).toEqual([
      { messageId: B, epoch: 2 },
    ]);
  });
});
