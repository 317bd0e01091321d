export interface SmsLength {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Septets (an extension character counts two) or UTF-16 units. */
  readonly units: number;
  /** Parts as billed. */
  readonly segments: number;
  /** The distinct characters that force UCS-2, in the order they appear; empty in GSM-7. */
  readonly costlyCharacters: readonly string[];
}

/** GSM 03.38 (3GPP TS 23.038) default alphabet, without the escape. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: each is sent as an escape and a character. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/** Every character that does not force the dear alphabet. */
export const GSM_CHARACTERS = [...BASIC, ...EXTENSION].join('');

const GSM = { alone: 160, part: 153 };
const UCS = { alone: 70, part: 67 };

/**
 * How long a text message is as the operator bills it, counting exactly the text given. An escape pair or a
 * surrogate pair is never split between two parts. An empty text is one part of no units.
 */
export function smsLength(text: string): SmsLength {
  const characters = [...text];
  const costly = new Set(characters.filter((one) => !isGsm(one)));
  if (costly.size === 0)
    return { encoding: 'GSM-7', ...count(characters, septets, GSM), costlyCharacters: [] };
  return { encoding: 'UCS-2', ...count(characters, utf16Units, UCS), costlyCharacters: [...costly] };
}

/** Whether this one character costs no more than one or two septets. */
export function isGsm(character: string): boolean {
  return BASIC.has(character) || EXTENSION.has(character);
}

function septets(character: string): number {
  return EXTENSION.has(character) ? 2 : 1;
}

function utf16Units(character: string): number {
  return character.length;
}

function count(
  characters: readonly string[],
  size: (character: string) => number,
  room: { alone: number; part: number },
): { units: number; segments: number } {
  let units = 0;
  let segments = 1;
  let inPart = 0;
  for (const character of characters) {
    const width = size(character);
    units += width;
    if (inPart + width > room.part) {
      segments += 1;
      inPart = 0;
    }
    inPart += width;
  }
  return { units, segments: units <= room.alone ? 1 : segments };
}
