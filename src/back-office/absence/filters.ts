import { isUuid } from '../../shared/ids.js';
import { monthAfter } from '../../ui/charts/scale.js';

/** What the address of the page says; anything unusable is left out. */
export interface AskedFigures {
  readonly service: string | null;
  readonly type: string | null;
  /** `YYYY-MM` */
  readonly from: string | null;
  readonly to: string | null;
}

export interface Period {
  /** Months, both included. */
  readonly from: string;
  readonly to: string;
}

const MONTHS_SHOWN = 24;
const MOST_MONTHS = 60;

export function askedFigures(query: Readonly<Record<string, unknown>>): AskedFigures {
  const type =
    typeof query['type'] === 'string' && /^[a-z0-9-]{1,60}$/.test(query['type']) ? query['type'] : null;
  const service = typeof query['service'] === 'string' && isUuid(query['service']) ? query['service'] : null;
  return { service, type, from: monthOf(query['from']), to: monthOf(query['to']) };
}

function monthOf(text: unknown): string | null {
  return typeof text === 'string' && /^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(text) ? text : null;
}

/**
 * The months to draw: those asked for, else up to this one, from two years before the start of the service so that
 * both sides are seen. The wrong way round, or longer than five years, falls back to that.
 * @param startedIn month of the start; null without one
 */
export function periodOf(asked: AskedFigures, today: string, startedIn: string | null): Period {
  const to = asked.to ?? today.slice(0, 7);
  const earliest = monthAfter(to, -(MOST_MONTHS - 1));
  const recent = monthAfter(to, -(MONTHS_SHOWN - 1));
  const bothSides = startedIn === null ? recent : monthAfter(startedIn, -MONTHS_SHOWN);
  const usual = bothSides < recent ? bothSides : recent;
  const from = asked.from ?? usual;
  const isUsable = asked.from === null || (from <= to && from >= earliest);
  const first = isUsable ? from : usual;
  return { from: first < earliest ? earliest : first, to };
}

export function monthsOf({ from, to }: Period): number {
  const index = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return index(to) - index(from) + 1;
}
