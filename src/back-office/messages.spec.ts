import type { MessageView } from '../notifications/message.queries.js';
import { reachWord } from './messages.js';

function message(of: Partial<MessageView>): MessageView {
  return {
    ...{ id: '1', convocationId: '2', kind: 'summons', offsetDays: 0, promiseVersion: 1, channel: 'sms' },
    ...{ state: 'planned', reason: null, errorCode: null, dueAt: new Date(0), usefulUntil: new Date(0) },
    ...{ acceptedAt: null, settledAt: null, attempts: 0, possibleDuplicate: false, conflictingStatus: null },
    ...{ toldBy: null, next: 'sms', retry: null, toStranger: false },
    ...of,
  };
}

it('says how far the text got that told it, though it was the text of another appointment', () => {
  const told = message({ state: 'withdrawn', reason: 'told-same-day', toldBy: 'delivered' });
  const reminder = message({ kind: 'reminder', offsetDays: 1 });
  expect(reachWord([told, reminder])).toMatchObject({
    word: 'Texte reçu',
    why: expect.any(String) as string,
  });
  expect(reachWord([message({ state: 'withdrawn' })]).word).toBe('Aucun message');
});

it('does not say that a text reached the person when its number is that of a stranger', () => {
  const summons = message({ state: 'delivered', toStranger: true });
  expect(reachWord([summons])).toMatchObject({ word: 'Reçu par quelqu’un d’autre', shape: 'bad' });
});
