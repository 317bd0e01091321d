import { Temporal } from 'temporal-polyfill';
import { FRENCH_MONTHS } from './baseline-words.js';

/** No count of a month of one service is larger; more is a slip of the keyboard. */
export const LARGEST_COUNT = 100_000;

/** `2024-03`, `03/2024`, `mars 2024`, `mars-24`, or a day of the month: `YYYY-MM`, else undefined. */
export function monthOfCell(text: string): string | undefined {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
  const named = /^([a-z]+)\.?[\s-]+(\d{4}|\d{2})$/.exec(plain);
  if (named !== null) return ofParts(fullYear(named[2] ?? ''), monthNamed(named[1] ?? ''));
  const [, year, month] = /^(\d{4})[-/.](\d{1,2})$/.exec(plain) ?? [];
  if (year !== undefined) return ofParts(Number(year), Number(month));
  const [, first, after] = /^(\d{1,2})[-/.](\d{4})$/.exec(plain) ?? [];
  if (after !== undefined) return ofParts(Number(after), Number(first));
  return dayOfCell(plain)?.slice(0, 7);
}

/** `2024-03-05`, `05/03/2024`, each with or without an hour behind it: `YYYY-MM-DD`, else undefined. */
export function dayOfCell(text: string): string | undefined {
  const day = text.trim().replace(/[ T]\d{1,2}[:hH][^]*$/, '');
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day);
  if (iso !== null) return realDay(iso[1] ?? '', iso[2] ?? '', iso[3] ?? '');
  const french = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(day);
  if (french === null) return undefined;
  return realDay(String(fullYear(french[3] ?? '')), french[2] ?? '', french[1] ?? '');
}

/** A whole number from 0, thousands apart or not; undefined for anything else. */
export function countOfCell(text: string): number | undefined {
  const digits = text.replace(/[\s\u00a0\u202f]/g, '');
  if (!/^\d{1,6}$/.test(digits)) return undefined;
  const count = Number(digits);
  return count <= LARGEST_COUNT ? count : undefined;
}

function fullYear(text: string): number {
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

/** By its name or the beginning that spreadsheets leave of it; two months begin with « jui ». */
function monthNamed(name: string): number {
  if (name.length < 3) return 0;
  const found = FRENCH_MONTHS.filter((month) => month.startsWith(name));
  return found.length === 1 ? FRENCH_MONTHS.indexOf(found[0] ?? '') + 1 : 0;
}

function ofParts(year: number, month: number): string | undefined {
  if (month < 1 || month > 12) return undefined;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
}

function realDay(year: string, month: string, day: string): string | undefined {
  try {
    const parts = { year: Number(year), month: Number(month), day: Number(day) };
    return Temporal.PlainDate.from(parts, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}
