import type { DemoService } from './services.js';

/** What the generation needs to know of the day on which the demo is started. */
export interface DemoCalendar {
  /** Today at each service. */
  readonly today: ReadonlyMap<string, string>;
  readonly rolledOutOn: ReadonlyMap<string, string>;
  /** First day of each service that is told one by one. */
  readonly from: ReadonlyMap<string, string>;
  /** Seats in weekly openings are taken at the first start only: later, they are the agents' business. */
  readonly withSeats: boolean;
}

/** Five weeks: what is booked ahead, and what earlier starts may have booked. */
export const DAYS_AHEAD = 35;

/** @throws Error for a service that the calendar does not know */
export function todayAt(calendar: Pick<DemoCalendar, 'today'>, service: DemoService): string {
  const today = calendar.today.get(service.key);
  if (today === undefined) throw new Error(`no today at ${service.key}`);
  return today;
}
