import { Temporal } from 'temporal-polyfill';
import type { Actor } from '../../access/actor.js';
import { actsEverywhere } from '../../access/actor.js';
import type { OrganizationKind } from '../../access/domain/roles.js';

/** Orders of the table; by name unless asked otherwise: no ranking is offered as the first thing seen. */
export const SORTS = ['name', 'rate', 'known', 'unknown', 'start'] as const;
export type Sort = (typeof SORTS)[number];

export interface NationalQuery {
  /** First and last month, `YYYY-MM`, both included. */
  readonly from: string;
  readonly to: string;
  /** First month of the curves. */
  readonly historyFrom: string;
  /** Null: every kind. */
  readonly kind: OrganizationKind | null;
  /** Null: every type. */
  readonly type: string | null;
  readonly sort: Sort;
}

const PERIOD_MONTHS = 12;
const HISTORY_MONTHS = 48;
const MOST_MONTHS = 60;

/**
 * What the address asks for; anything that makes no sense falls back to the last twelve months, the reader's own
 * kind of service, every type, by name.
 */
export function readNationalQuery(
  query: Record<string, unknown>,
  actor: Actor,
  today: string,
): NationalQuery {
  const to = monthOf(query.to) ?? Temporal.PlainYearMonth.from(today.slice(0, 7));
  const asked = monthOf(query.from) ?? to.subtract({ months: PERIOD_MONTHS - 1 });
  const length = asked.until(to, { largestUnit: 'month' }).months;
  const from = length < 0 || length >= MOST_MONTHS ? to.subtract({ months: PERIOD_MONTHS - 1 }) : asked;
  const history = to.subtract({ months: HISTORY_MONTHS - 1 });
  return {
    from: from.toString(),
    to: to.toString(),
    historyFrom: (Temporal.PlainYearMonth.compare(history, from) < 0 ? history : from).toString(),
    kind: kindOf(query.kind, actor),
    type: typeof query.type === 'string' && /^[a-z0-9-]{1,40}$/.test(query.type) ? query.type : null,
    sort: SORTS.find((sort) => sort === query.sort) ?? 'name',
  };
}

function kindOf(asked: unknown, actor: Actor): OrganizationKind | null {
  if (!actsEverywhere(actor)) return actor.organizationKind;
  if (asked === 'all') return null;
  return asked === 'spip' || asked === 'tj' ? asked : actor.organizationKind;
}

function monthOf(text: unknown): Temporal.PlainYearMonth | undefined {
  if (typeof text !== 'string' || !/^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(text)) return undefined;
  return Temporal.PlainYearMonth.from(text);
}

/** Address of the page with these, and another order. */
export function nationalAddress({ from, to, kind, type, sort }: NationalQuery, fragment = ''): string {
  const parameters = new URLSearchParams({
    from,
    to,
    kind: kind ?? 'all',
    ...(type === null ? {} : { type }),
    sort,
  });
  return `/absence/national?${parameters.toString()}${fragment}`;
}
