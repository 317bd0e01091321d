/** Characters, both included (CNIL recommendation of 2022, NIST SP 800-63B-4: length rather than recipes). */
export const PASSWORD_LENGTH = { min: 15, max: 128 } as const;

export type PasswordFault = 'too-short' | 'too-long' | 'too-simple' | 'guessable';

const DIFFERENT_CHARACTERS = 6;
/** What a guesser of this very service tries first. */
const CONTEXT_WORDS = [
  'monsuivijustice',
  'suivijustice',
  'justice',
  'motdepasse',
  'password',
  'probation',
  'azerty',
  'qwerty',
  '123456',
];

/**
 * @param about words that belong to the agent: parts of the e-mail address, names
 * @returns what is wrong with a chosen password, or null
 */
export function passwordFault(password: string, about: readonly string[]): PasswordFault | null {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH.min) return 'too-short';
  if (length > PASSWORD_LENGTH.max) return 'too-long';
  if (new Set(password.toLowerCase()).size < DIFFERENT_CHARACTERS) return 'too-simple';
  return restWithout(plain(password), about.map(plain)).length < PASSWORD_LENGTH.min / 2 ? 'guessable' : null;
}

/** What remains once the words anybody would guess are taken out. */
function restWithout(password: string, about: readonly string[]): string {
  const words = [...CONTEXT_WORDS, ...about.filter((word) => word.length >= 3)];
  return words.reduce((rest, word) => rest.replaceAll(word, ''), password);
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
