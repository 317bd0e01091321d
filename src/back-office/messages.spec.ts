import type { MessageView } from '../notifications/message.queries.js';
import { instantOf } from '../shared/time.js';
import { messageLine, reachWord } from './messages.js';

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

describe('a message that came to nothing, or will', () => {
  const office = {
    timeZone: 'Europe/Paris',
    now: instantOf(new Date(0)),
    today: '1970-01-01',
    time: '01:00',
  };
  const line = (of: Partial<MessageView>) => messageLine(message(of), 'Europe/Paris', office);

  it('has not left when it was never sent, or surely was not', () => {
    expect(line({ state: 'expired', reason: 'too-late', attempts: 2 }).when).toBe('n’est pas parti');
    expect(line({ state: 'suppressed', reason: 'no-phone' }).when).toBe('n’est pas parti');
  });

  it('waits for an hour at which nothing could carry it', () => {
    expect(line({ dueAt: new Date(3_600_000) }).when).not.toContain('ne peut pas partir');
    for (const at of [0, 3_600_000]) {
      const { when } = line({ dueAt: new Date(at - 60_000), next: null, channel: null });
      expect(when).toContain('ne peut pas partir pour l’instant');
      expect(when).not.toContain('dès que possible');
    }
  });

  it('may have left where nobody knows, once or twice', () => {
    const once = line({ state: 'expired', reason: 'in-doubt', attempts: 1, possibleDuplicate: false });
    expect(once.when).toBe('est peut-être parti');
    const twice = line({ state: 'expired', reason: 'in-doubt-twice', attempts: 2, possibleDuplicate: true });
    expect(twice).toMatchObject({ when: 'est peut-être parti', why: expect.stringContaining('deux fois') });
    const withdrawn = line({ state: 'withdrawn', attempts: 1, possibleDuplicate: true });
    expect(withdrawn.when).toBe('est peut-être parti');
    expect(withdrawn.why ?? '').not.toContain('deux fois');
  });
});
