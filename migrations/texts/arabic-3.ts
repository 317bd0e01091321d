import { ARABIC as BEFORE } from './arabic-2.js';
import type { TemplateRow } from './rows.js';

/** « New appointment » becomes « your appointment has changed »; shorter notes on where make room for it. */
const WORDS: readonly (readonly [before: string, after: string])[] = [
  ['موعد جديد ', 'تغير موعدك: '],
  [' في منزلك', ' بمنزلك'],
  [' بالهاتف', ' هاتفيا'],
];

/**
 * Drafts in Arabic that said a moved appointment was a new one: whoever reads that may come to both. The discreet text
 * of all types said « change » and stays.
 */
export const ARABIC_MOVED: readonly TemplateRow[] = BEFORE.filter(({ text }) =>
  text.includes('موعد جديد'),
).map((row) => ({
  ...row,
  text: WORDS.reduce((text, [before, after]) => text.replace(before, after), row.text),
}));

/** Every draft in Arabic, as it stands now. */
export const ARABIC: readonly TemplateRow[] = [
  ...BEFORE.filter(({ text }) => !text.includes('موعد جديد')),
  ...ARABIC_MOVED,
];
