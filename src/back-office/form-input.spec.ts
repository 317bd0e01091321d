import { ValidationFailed } from '../shared/domain-error.js';
import { exactText, readForm, readGroup } from './form-input.js';

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
});
