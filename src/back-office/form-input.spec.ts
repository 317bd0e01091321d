import { ValidationFailed } from '../shared/domain-error.js';
import { exactText, readForm, readGroup, readRows } from './form-input.js';

const refused = (body: Record<string, unknown>) => () => readForm(body, ['name', 'note']);

describe('a posted form', () => {
  it('reads what is absent as empty, and trims', () => {
    expect(readForm({ name: '  Ada ' }, ['name', 'note'])).toEqual({ name: 'Ada', note: '' });
    expect(exactText({ password: ' a b ' }, 'password')).toBe(' a b ');
  });

  it.each([
    ['an unknown field', { other: 'x' }],
    ['a repeated field', { name: ['a', 'b'] }],
    ['U+0000', { name: 'a\u0000b' }],
    ['half of a surrogate pair', { name: 'a\ud800' }],
    ['a novel', { name: 'x'.repeat(5000) }],
  ])('refuses %s', (_what, body) => {
    expect(refused(body)).toThrow(ValidationFailed);
  });

  it('reads a group of fields by what follows their prefix', () => {
    expect([...readGroup({ 'outcome.1': 'miss', rest: 'x' }, 'outcome.')]).toEqual([['1', 'miss']]);
    expect(() => readGroup({ 'outcome.1': ['a', 'b'] }, 'outcome.')).toThrow(ValidationFailed);
  });

  it('reads numbered rows, and leaves the rest', () => {
    const read = readRows({ 'days.1': ' 7 ', 'at.2': '18:00', name: 'x' }, ['days', 'at'], 2);
    expect(read.rows).toEqual([
      { days: '7', at: '' },
      { days: '', at: '18:00' },
    ]);
    expect(read.rest).toEqual({ name: 'x' });
  });

  it.each(['days.0', 'days.3', 'days.01', 'days.', 'days.x'])('refuses the row %s of two', (name) => {
    expect(() => readRows({ [name]: '7' }, ['days'], 2)).toThrow(ValidationFailed);
  });
});
