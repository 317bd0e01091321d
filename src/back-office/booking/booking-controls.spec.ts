import { problemsAt } from './booking-controls.js';

const SEAT = { slotId: 's1' };
const ALL = {
  moves: null,
  types: [{ code: 'suivi-spip' }],
  agendas: ['a1'],
  next: [SEAT],
  freeAllowed: true,
  seat: 'free',
};

/** Where the page leads for what is wrong with this part. */
function ledTo(field: string, offered: Partial<typeof ALL> = {}, moves = false): string | undefined {
  const given = moves ? { convocationId: 'c1', from: '' } : null;
  return problemsAt({ ...ALL, ...offered, moves: given, problems: [{ field, sentence: '…' }] })[0]?.field;
}

describe('what is wrong with a booking leads to what mends it', () => {
  it.each([
    ['typeCode', 'type-suivi-spip'],
    ['agendaId', 'agendaId'],
    ['slotId', 'seat-s1'],
    ['seat', 'seat-s1'],
    ['date', 'date'],
    ['time', 'time'],
    ['notify', 'notify-true'],
    ['personId', undefined],
  ])('for %s, to %s', (field, control) => {
    expect(ledTo(field)).toBe(control);
  });

  it('is a free date where no seat is left, else another agenda, else another type', () => {
    expect(ledTo('slotId', { next: [] })).toBe('seat-free');
    expect(ledTo('slotId', { next: [], freeAllowed: false })).toBe('agendaId');
    expect(ledTo('seat', { next: [], freeAllowed: false, agendas: [] })).toBe('type-suivi-spip');
  });

  it('is a seat for the date of a seat', () => {
    expect(ledTo('date', { seat: 's1' })).toBe('seat-s1');
  });

  it('is the agenda when the type is given, and nothing when nothing is offered', () => {
    expect(ledTo('typeCode', {}, true)).toBe('agendaId');
    expect(ledTo('seat', { next: [], freeAllowed: false, agendas: [] }, true)).toBeUndefined();
  });
});
