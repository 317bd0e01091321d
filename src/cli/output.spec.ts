import { counted } from './output.js';

it.each([
  [0, '0 entries'],
  [1, '1 entry'],
  [2, '2 entries'],
])('counts %s', (n, words) => {
  expect(counted(n, 'entry', 'entries')).toBe(words);
  expect(counted(n, 'row')).toBe(n === 1 ? '1 row' : `${n} rows`);
});
