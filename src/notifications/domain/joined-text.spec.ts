import { mayLeaveAsOne } from './joined-text.js';

const joined = (...texts: readonly string[]) => texts.join('\n\n');

it.each([
  ['two short texts', ['a'.repeat(60), 'b'.repeat(60)], true],
  ['two of one full part each, for one part more', ['a'.repeat(160), 'b'.repeat(160)], true],
  ['as many characters as an operator takes', ['a'.repeat(799), 'b'.repeat(799)], true],
  ['one character more', ['a'.repeat(799), 'b'.repeat(800)], false],
  ['a character that counts two at the end of them', ['a'.repeat(799), `${'b'.repeat(798)}€`], false],
  ['one letter that doubles the price of the other', ['a'.repeat(300), 'œ'], false],
  ['letters of one costly alphabet', ['я'.repeat(60), 'я'.repeat(60)], true],
])('%s: %#', (_, texts, expected) => {
  expect(mayLeaveAsOne(joined(...texts), texts)).toBe(expected);
});
