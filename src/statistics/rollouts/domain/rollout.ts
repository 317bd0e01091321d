import { Temporal } from 'temporal-polyfill';

/** The whole service, or one of its places, appointment types or agents. */
export type RolloutScope =
  { readonly kind: 'service' } | { readonly kind: 'place' | 'type' | 'agent'; readonly id: string };

/** From the first day with messages to the day before `stoppedOn`; `YYYY-MM-DD`, null while it goes on. */
export interface RolloutPeriod {
  readonly startedOn: string;
  readonly stoppedOn: string | null;
}

export type PeriodFault = 'startedOn' | 'stoppedOn';

/** No probation service sent text messages before. */
export const EARLIEST_START = '2005-01-01';
/** A start may be planned; further than that it is a mistyped year. */
const MOST_YEARS_AHEAD = 3;

/** @returns the field that is wrong, or null. @param today at the service */
export function periodFault({ startedOn, stoppedOn }: RolloutPeriod, today: string): PeriodFault | null {
  const latest = Temporal.PlainDate.from(today).add({ years: MOST_YEARS_AHEAD }).toString();
  const isPossible = (date: string) => isDate(date) && date >= EARLIEST_START && date <= latest;
  if (!isPossible(startedOn)) return 'startedOn';
  return stoppedOn === null || (isPossible(stoppedOn) && stoppedOn > startedOn) ? null : 'stoppedOn';
}

/** Two periods of the same scope share a day: nobody could say which one a convocation belongs to. */
export function overlaps(a: RolloutPeriod, b: RolloutPeriod): boolean {
  return a.startedOn < (b.stoppedOn ?? '9999') && b.startedOn < (a.stoppedOn ?? '9999');
}

/** Form of a scope in an address or a form: `service`, `place:<id>`, `type:<code>`, `agent:<id>`. */
export function scopeText(scope: RolloutScope): string {
  return scope.kind === 'service' ? 'service' : `${scope.kind}:${scope.id}`;
}

/** @returns undefined for anything that `scopeText` does not write */
export function scopeOf(text: string): RolloutScope | undefined {
  if (text === 'service') return { kind: 'service' };
  const [, kind, id] = /^(place|type|agent):([\w-]{1,60})$/.exec(text) ?? [];
  if (id === undefined || (kind !== 'place' && kind !== 'type' && kind !== 'agent')) return undefined;
  return { kind, id };
}

/** A real day, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}
