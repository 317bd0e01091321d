import { Temporal } from 'temporal-polyfill';

/** Days between the end of a quarter and its publication: outcomes are marked late. */
export const DAYS_TO_CLOSE = 30;

/** First day of a quarter, `YYYY-MM-DD`. */
export type Quarter = string;

/**
 * Quarters whose figures may be fixed, oldest first.
 * @param today `YYYY-MM-DD`
 * @param count how many at most
 */
export function closedQuarters(today: string, count: number): readonly Quarter[] {
  const day = Temporal.PlainDate.from(today).subtract({ days: DAYS_TO_CLOSE });
  const current = day.with({ month: day.month - ((day.month - 1) % 3), day: 1 });
  return Array.from({ length: count }, (_, i) => current.subtract({ months: 3 * (count - i) }).toString());
}

/** First day of the next quarter. */
export function nextQuarter(quarter: Quarter): Quarter {
  return Temporal.PlainDate.from(quarter).add({ months: 3 }).toString();
}

/** « 2026-T1 », as it stands in an address. */
export function quarterCode(quarter: Quarter): string {
  return `${quarter.slice(0, 4)}-T${(Number(quarter.slice(5, 7)) + 2) / 3}`;
}

/** @returns undefined for anything but `2026-T1` to `T4` */
export function quarterOf(code: unknown): Quarter | undefined {
  const [, year, number] = (typeof code === 'string' && /^((?:19|20)\d{2})-T([1-4])$/.exec(code)) || [];
  if (year === undefined || number === undefined) return undefined;
  return `${year}-${String(Number(number) * 3 - 2).padStart(2, '0')}-01`;
}
