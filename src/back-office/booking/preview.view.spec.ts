import { Temporal } from 'temporal-polyfill';
import type { MessagesPreview } from '../../notifications/plans/preview-messages.js';
import type { PersonView } from '../../persons/person.queries.js';
import type { Office } from '../office-hours.js';
import { previewView } from './preview.view.js';

const AT = Temporal.Instant.from('2026-06-02T07:00:00Z');
const PREVIEW: MessagesPreview = {
  promise: { date: '2026-06-02', time: '09:00', timeZone: 'Europe/Paris' },
  startsAt: AT,
  messages: [],
  impossible: [],
  drawn: null,
  isSurelyReminded: false,
  alsoThatDay: [],
  channel: 'sms',
  unreachable: null,
};

describe('what a running trial lets the booking page say', () => {
  const said = (more: Partial<MessagesPreview>) =>
    previewView({ ...PREVIEW, ...more }, { phone: null } as PersonView, { now: AT } as Office).drawn;

  it.each([
    ['a reminder, where every arm has one', true, 'au moins un rappel est prévu'],
    ['that there may be none, where it is too late for some', false, 'il se peut qu’aucun rappel ne parte'],
  ])('%s', (_case, isSurelyReminded, sentence) => {
    expect(said({ drawn: 'timing', isSurelyReminded })).toContain(sentence);
  });

  it('nothing of reminders, when only words are drawn', () => {
    expect(said({ drawn: 'wording', isSurelyReminded: true })).not.toContain('rappel');
    expect(said({ isSurelyReminded: true })).toBeNull();
  });
});
