import { type AbsenceStory, absenceOn, storyOf } from './absence-story.js';
import { Chance } from './chance.js';
import { firstOfMonth, monthsBetween, plusMonths } from './days.js';
import { calmCount, CANCELLED, EXCUSED } from './outcome.js';
import type { DemoService } from './services.js';

/** One month of imported counts: what a service had written down outside the product. */
export interface DemoBaseline {
  /** First day of the month. */
  readonly month: string;
  readonly attended: number;
  readonly missed: number;
  readonly excused: number;
  readonly cancelled: number;
  readonly unknown: number;
}

/** Fewer are summoned while offices are half empty. */
const CALENDAR: Readonly<Record<string, number>> = { '07': 0.95, '08': 0.85, '12': 0.9 };

/** @param recordedFrom first day told one by one: the counts end with the month before it */
export function demoBaseline(
  service: DemoService,
  rolledOutOn: string,
  recordedFrom: string,
): readonly DemoBaseline[] {
  const story = storyOf(service.key);
  const first = plusMonths(firstOfMonth(recordedFrom), -story.monthsImported);
  return Array.from({ length: story.monthsImported }, (_, at) =>
    monthOf(service.key, story, plusMonths(first, at), rolledOutOn),
  );
}

function monthOf(key: string, story: AbsenceStory, month: string, rolledOutOn: string): DemoBaseline {
  const chance = new Chance(`baseline ${key} ${month.slice(0, 7)}`);
  const monthsAfter = monthsBetween(rolledOutOn, month);
  const absence = absenceOn(story, month, monthsAfter);
  const busy = (CALENDAR[month.slice(5, 7)] ?? 1) * (0.95 + 0.1 * chance.next());
  const all = Math.round(story.perMonth * busy);
  // Before the roll-out a secretary kept the sheet, and left nothing open.
  const unknown = monthsAfter < 0 ? 0 : Math.round(all * story.unmarked);
  const total = all - unknown;
  const cancelled = calmCount(total, CANCELLED, chance);
  const missed = calmCount(total - cancelled, absence, chance);
  const excused = Math.min(total - cancelled - missed, calmCount(total - cancelled, EXCUSED, chance));
  return { month, attended: total - cancelled - missed - excused, missed, excused, cancelled, unknown };
}
