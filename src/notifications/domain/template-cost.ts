import { gsmCharacter, gsmLetters } from '../../shared/gsm-letters.js';
import { smsLength } from '../../shared/sms-length.js';

/** A character that forces the dear alphabet. */
export interface CostlyCharacter {
  readonly character: string;
  /** What could stand instead; '' : nothing, the character goes. */
  readonly instead: string;
  /** Written in the template; otherwise it comes with a name or an address. */
  readonly isTyped: boolean;
}

/** What one rendered text costs. */
export interface TextCost {
  readonly text: string;
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly units: number;
  readonly segments: number;
  /** Units that so many parts hold. */
  readonly room: number;
  readonly costly: readonly CostlyCharacter[];
  /** Parts if every costly character were replaced. */
  readonly segmentsWithout: number;
}

const ROOM = { 'GSM-7': { alone: 160, part: 153 }, 'UCS-2': { alone: 70, part: 67 } } as const;

/** @param template as typed, to tell its own characters from those of names and addresses */
export function costOf(text: string, template: string): TextCost {
  const { encoding, units, segments, costlyCharacters } = smsLength(text);
  const { alone, part } = ROOM[encoding];
  return {
    ...{ text, encoding, units, segments },
    room: segments === 1 ? alone : part * segments,
    costly: costlyCharacters.map((character) => ({
      character,
      instead: gsmCharacter(character),
      isTyped: template.includes(character),
    })),
    segmentsWithout: smsLength(gsmLetters(text)).segments,
  };
}

/** The dearest of several; the first of equals. */
export function dearest<T extends { readonly cost: TextCost }>(texts: readonly [T, ...T[]]): T {
  return texts.reduce((worst, one) =>
    one.cost.segments > worst.cost.segments ||
    (one.cost.segments === worst.cost.segments && one.cost.units > worst.cost.units)
      ? one
      : worst,
  );
}

/** The template with one character, or all of them, replaced by what the cheap alphabet has; braces stay as typed. */
export function cheaper(template: string, character: string | null): string {
  return template
    .split(/(\{[^{}]*\})/)
    .map((piece, at) =>
      at % 2 === 1
        ? piece
        : [...piece]
            .map((one) => (character === null || one === character ? gsmCharacter(one) : one))
            .join(''),
    )
    .join('');
}
