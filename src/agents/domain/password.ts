/** Characters, both included (CNIL recommendation 2022-100, NIST SP 800-63B-4: length rather than recipes). */
export const PASSWORD_LENGTH = { min: 15, max: 128 } as const;

export type PasswordFault = 'too-short' | 'too-long' | 'too-simple' | 'context' | 'guessable';

const DIFFERENT_CHARACTERS = 6;
/** What a guesser of this very service tries first. */
const CONTEXT_WORDS = [
  'spip',
  'convocation',
  'justice',
  'probation',
  'tribunal',
  'penitentiaire',
  'motdepasse',
  'password',
];
/** Too short to be looked for inside other words. */
const WHOLE_WORDS = ['tj', 'msj', 'cpip', 'dpip', 'jap'];
/** A shorter word of the agent (Luc, Ali) is refused only where it stands alone: it hides in too many others. */
const LOOKED_FOR_INSIDE = 4;
const SHORTEST_OWN_WORD = 2;

/**
 * Rules that need no dictionary. Guessability: `guessesOf` in `password-guesses.ts`.
 * @param about words that belong to the agent: parts of the e-mail address, names, service, city
 * @returns what is wrong with a chosen password, or null
 */
export function passwordFault(password: string, about: readonly string[]): PasswordFault | null {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH.min) return 'too-short';
  if (length > PASSWORD_LENGTH.max) return 'too-long';
  if (new Set(password.toLowerCase()).size < DIFFERENT_CHARACTERS) return 'too-simple';
  return holdsContextWord(password, about) ? 'context' : null;
}

/** The agent's own words, in the shape in which they are looked for; very short ones are left out. */
export function ownWords(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap((text) => folded(text).split(/[^\p{L}\p{N}]+/u));
  return [...new Set(words)].filter((word) => word.length >= SHORTEST_OWN_WORD && !/^\d+$/.test(word));
}

function holdsContextWord(password: string, about: readonly string[]): boolean {
  const text = folded(password);
  const joined = text.replace(/[^\p{L}\p{N}]/gu, '');
  const words = new Set(text.split(/[^\p{L}\p{N}]+/u));
  return [...CONTEXT_WORDS, ...WHOLE_WORDS, ...ownWords(about)].some((word) =>
    word.length >= LOOKED_FOR_INSIDE && !WHOLE_WORDS.includes(word) ? joined.includes(word) : words.has(word),
  );
}

/** Without accents and case. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
