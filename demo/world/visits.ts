import type { DemoCalendar } from './demo-calendar.js';
import { Diary } from './diary.js';
import { evenOut } from './even-out.js';
import { fillDays } from './full-days.js';
import type { DemoPerson } from './persons.js';
import { follow } from './rhythm.js';
import { SERVICES } from './services.js';
import type { DemoVisit } from './visit.js';

/** Everything from the first days of `calendar.from` to five weeks ahead that was booked before today, and full days today and tomorrow. */
export function demoVisits(persons: readonly DemoPerson[], calendar: DemoCalendar): DemoVisit[] {
  const diary = new Diary(calendar);
  for (const person of persons) follow(diary, person);
  for (const service of SERVICES) fillDays(diary, service, persons);
  return evenOut(diary.visits, calendar.rolledOutOn);
}
