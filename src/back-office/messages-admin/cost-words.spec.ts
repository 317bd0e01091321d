import { euros } from './cost-words.js';

it.each([
  ['one text of 4.5 cents', 4.5, '0,05\u00a0€'],
  ['nothing', 0, '0,00\u00a0€'],
  ['cents', 27, '0,27\u00a0€'],
  ['just below ten euros', 999.4, '9,99\u00a0€'],
  ['ten euros', 999.6, '10\u00a0€'],
  ['thousands', 295_000, '2\u202f950\u00a0€'],
])('a yearly cost is said truly: %s', (_case, cents, said) => {
  expect(euros(cents)).toBe(said);
});
