/** Without 0, 1, I, L, O, U: read aloud and typed without a doubt. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 16;
const GROUP = 4;
/** Bytes at or above would favour the first letters. */
const FAIR_BELOW = 256 - (256 % ALPHABET.length);

export const RECOVERY_CODES = 10;

/**
 * 16 letters of 30: 78 bits, so that a plain digest keeps it.
 * @param bytes random ones; more than 16, as a few are thrown away
 * @returns `ABCD-EFGH-JKMN-PQRS`, or null when there were too few fair bytes
 */
export function recoveryCodeFrom(bytes: Uint8Array): string | null {
  const letters = [...bytes].filter((byte) => byte < FAIR_BELOW).slice(0, LENGTH);
  if (letters.length < LENGTH) return null;
  const text = letters.map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return (text.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-');
}

/** As it is compared: what was typed without spaces, dashes and case; null when it cannot be a recovery code. */
export function plainRecoveryCode(typed: string): string | null {
  const plain = typed.replace(/[\s-]/g, '').toUpperCase();
  return plain.length === LENGTH && [...plain].every((letter) => ALPHABET.includes(letter)) ? plain : null;
}
