import { isGsm } from './sms-length.js';

const NEAREST: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '…': '...',
  '–': '-',
  '—': '-',
  '\u2011': '-',
  '−': '-',
  '•': '-',
  œ: 'oe',
  Œ: 'OE',
  ı: 'i',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  '№': 'no',
  '°': 'o',
};

/**
 * What stands for a character in the GSM 7-bit alphabet: itself, the letter without its accent, or nothing (a
 * picture, a sign without equal).
 */
export function gsmCharacter(character: string): string {
  if (isGsm(character)) return character;
  const nearest = NEAREST[character];
  if (nearest !== undefined) return nearest;
  if (/^\s$/u.test(character)) return ' ';
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  return [...bare].every(isGsm) ? bare : '';
}

/** The same text, cheaper: every character that would force UCS-2 replaced by the nearest one. */
export function gsmLetters(text: string): string {
  return [...text.normalize('NFC')].map(gsmCharacter).join('');
}
