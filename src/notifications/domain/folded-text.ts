/** A text without case, accents, invisible signs or look-alikes, that still knows where each letter stood. */
export interface FoldedText {
  readonly plain: string;
  /** Offset in the original of each unit of `plain`, and its length at the end. */
  readonly at: readonly number[];
}

/** Letters of other alphabets that look like Latin ones. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    һ: 'h',
    т: 't',
    к: 'k',
  },
  ...{ α: 'a', ο: 'o', ρ: 'p', ι: 'i', ν: 'v', τ: 't', κ: 'k', υ: 'u', ε: 'e' },
  ...{ ı: 'i', œ: 'oe', æ: 'ae', ß: 'ss', '’': "'", '‘': "'", ʼ: "'", '‑': '-', '–': '-' },
};

/** Small letters without accents, invisible signs dropped, look-alikes replaced. */
export function fold(text: string): FoldedText {
  let plain = '';
  const at: number[] = [];
  let offset = 0;
  for (const character of text) {
    const bare = character
      .normalize('NFKD')
      .replace(/[\p{M}\p{Cf}ـ]/gu, '')
      .toLowerCase();
    for (const letter of bare) {
      const folded = LOOK_ALIKES[letter] ?? letter;
      plain += folded;
      for (let unit = 0; unit < folded.length; unit += 1) at.push(offset);
    }
    offset += character.length;
  }
  return { plain, at: [...at, text.length] };
}

/** Where a span of the folded text stands in the original. */
export function spanOf({ at }: FoldedText, from: number, to: number): { start: number; end: number } {
  const start = at[from] ?? 0;
  return { start, end: at[to] ?? at.at(-1) ?? start };
}

/** Every match of a pattern in the folded text, as spans of the original. */
export function spansOf(folded: FoldedText, pattern: RegExp): { start: number; end: number }[] {
  return [...folded.plain.matchAll(pattern)].map(({ index, 0: found }) =>
    spanOf(folded, index, index + found.length),
  );
}
