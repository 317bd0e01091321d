import { Chance, idOf } from './chance.js';
import { daysBetween, FIRST_DAY, isWorkingDay, plusDays, workingDayFrom } from './days.js';
import { DAYS_AHEAD, type DemoCalendar, todayAt } from './demo-calendar.js';
import type { Diary } from './diary.js';
import { dayKey, organizationId } from './ids.js';
import { drawOutcome, type Outcome } from './outcome.js';
import type { DemoPerson } from './persons.js';
import { type DemoService, SERVICES } from './services.js';
import { usualType } from './visit-types.js';

/** Convocations that an office sees on a full day. */
const FULL_DAY: Readonly<Record<string, number>> = {
  'spip-92': 24,
  'spip-973': 14,
  'spip-974': 14,
  'tj-92': 6,
  'tj-973': 3,
  'tj-974': 3,
};
const SMALL_DAY = 4;

const WEEKEND_TYPES = ['placement-tig-tnr', 'convocation-ddse'];

/** Today and the next working day are full: there is always something to mark, and something that will leave. */
export function fillDays(diary: Diary, service: DemoService, persons: readonly DemoPerson[]): void {
  const today = todayAt(diary.calendar, service);
  const known = persons.filter(
    (person) => person.service === service.key || person.alsoFollowedBy.includes(service.key),
  );
  for (const date of [today, plusDays(today, 1), workingDayFrom(service.calendar, plusDays(today, 2))])
    fill(diary, service, date, known);
}

function fill(diary: Diary, service: DemoService, date: string, known: readonly DemoPerson[]): void {
  const open = isWorkingDay(service.calendar, date);
  if (!open && service.kind === 'tj') return;
  const wanted = Math.ceil((FULL_DAY[service.key] ?? SMALL_DAY) * (open ? 1 : 0.4));
  const chance = new Chance(`day ${service.key} ${date}`);
  const here = organizationId(service);
  const already = diary.visits.filter((visit) => visit.organization_id === here && visit.local_date === date);
  const busy = new Set(already.map((visit) => visit.person_id));
  for (let i = 0, tries = 0; i + already.length < wanted && tries < 200; tries++) {
    const person = chance.pick(known);
    if (busy.has(person.id)) continue;
    busy.add(person.id);
    const typeCode = open
      ? service.kind === 'tj'
        ? 'suivi-jap'
        : usualType(chance)
      : chance.pick(WEEKEND_TYPES);
    diary.add({ key: dayKey(service, date, i++), person, service, date, chance, typeCode });
  }
}

/** Convocations that filled the days before today at earlier starts, with what became of them. */
export function earlierFullDays({
  today,
  rolledOutOn,
}: Pick<DemoCalendar, 'today' | 'rolledOutOn'>): { id: string; outcome: Outcome }[] {
  return SERVICES.flatMap((service) => {
    const now = today.get(service.key) ?? FIRST_DAY;
    const ranks = Array.from({ length: FULL_DAY[service.key] ?? SMALL_DAY }, (_, rank) => rank);
    return daysBetween(plusDays(now, -DAYS_AHEAD), plusDays(now, -1)).flatMap((date) =>
      ranks.map((rank) => {
        const id = idOf(dayKey(service, date, rank));
        return {
          id,
          ...drawOutcome(
            {
              ...{ personId: id, service: service.key, date, recent: date > plusDays(now, -8) },
              rolledOutOn: rolledOutOn.get(service.key) ?? FIRST_DAY,
            },
            new Chance(id),
          ),
        };
      }),
    );
  });
}
