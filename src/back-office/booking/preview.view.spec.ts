import { Temporal } from 'temporal-polyfill';
import type { MessagePreview, MessagesPreview } from '../../notifications/plans/preview-messages.js';
import type { PersonView } from '../../persons/person.queries.js';
import type { Office } from '../office-hours.js';
import { previewView } from './preview.view.js';

const AT = Temporal.Instant.from('2026-06-02T07:00:00Z');
const PERSON = { phone: null } as PersonView;
const OFFICE = { now: AT, timeZone: 'Europe/Paris' } as Office;
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
  const said = (more: Partial<MessagesPreview>) => previewView({ ...PREVIEW, ...more }, PERSON, OFFICE).drawn;

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

const TEXT: MessagePreview = {
  ...{
    kind: 'reminder',
    offsetDays: 1,
    dueAt: AT,
    localDate: '2026-06-02',
    localTime: '09:00',
    reason: null,
  },
  ...{ usefulUntil: AT, channel: 'sms', text: 'RDV', isRevealing: false },
  ...{ segments: 1, encoding: 'GSM-7', costlyCharacters: [] },
};

describe('other appointments of that day', () => {
  const said = (isAlike: boolean, kind: MessagePreview['kind'] = 'reminder') =>
    previewView(
      { ...PREVIEW, messages: [{ ...TEXT, kind }], alsoThatDay: [{ time: '14:00', isAlike }] },
      PERSON,
      OFFICE,
    ).merged;

  it('are told by one reminder where the hours of both allow it', () => {
    expect(said(true)).toMatch(
      /14\u00a0h\u00a000.*un seul rappel les dira tous si leurs heures d’envoi le permettent\.$/,
    );
    expect(said(true, 'summons')).toBeNull();
  });

  it('elsewhere, or of another type, are said to be neither shown nor counted', () => {
    expect(said(false)).toContain('ni montré ni compté ici');
  });
});

describe('a text that waits its turn', () => {
  it('is said to leave at least three hours after another, as the hours of sending may keep it longer', () => {
    const { texts } = previewView({ ...PREVIEW, messages: [{ ...TEXT, reason: 'spaced' }] }, PERSON, OFFICE);
    expect(texts[0]?.why).toBe('Au moins trois heures après un autre message à cette personne.');
  });
});
