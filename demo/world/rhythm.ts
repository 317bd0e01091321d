import { Chance } from './chance.js';
import { FIRST_DAY, plusDays, weekdayOf, workingDayFrom } from './days.js';
import { DAYS_AHEAD, todayAt } from './demo-calendar.js';
import type { Diary } from './diary.js';
import type { DemoPerson } from './persons.js';
import { type DemoOpening, type DemoService, OPENINGS, serviceOf } from './services.js';
import { usualType } from './visit-types.js';

/** The rhythm of one person: a visit every two to six weeks, the first of them a first convocation. */
export function follow(diary: Diary, person: DemoPerson): void {
  const chance = new Chance(`rhythm ${person.id}`);
  const service = serviceOf(person.service);
  const every = chance.between(14, 40);
  const measure = measureOf(chance);
  const planned = plusDays(todayAt(diary.calendar, service), DAYS_AHEAD);
  const last = measure.until < planned ? measure.until : planned;
  for (let k = 0, due = measure.from; due <= last; k++) {
    visitOf(diary, person, service, workingDayFrom(service.calendar, due), k);
    due = plusDays(due, every + chance.between(-5, 6));
  }
}

function visitOf(diary: Diary, person: DemoPerson, service: DemoService, date: string, k: number): void {
  const court = k % 4 === 3 ? person.alsoFollowedBy.find((name) => name.startsWith('tj')) : undefined;
  if (date < (diary.calendar.from.get(court ?? service.key) ?? FIRST_DAY)) return;
  const key = `visit ${person.id} ${k}`;
  const chance = new Chance(key);
  if (court !== undefined) {
    diary.add({
      key,
      person,
      service: serviceOf(court),
      date,
      chance,
      typeCode: chance.happens(0.2) ? 'debat-contradictoire' : 'suivi-jap',
    });
    return;
  }
  const hearingExit = k === 0 && chance.happens(0.6) ? exitFrom(service, date) : undefined;
  if (hearingExit !== undefined && diary.calendar.withSeats) {
    diary.seat({ key, person, service, date, chance, typeCode: 'sortie-audience-spip' }, hearingExit);
    return;
  }
  diary.add({
    key,
    person,
    service,
    date,
    chance,
    typeCode: k === 0 ? 'premiere-convocation-spip' : usualType(chance),
  });
}

/** Some are followed all along, as many others come as go: the work of a service stays about the same. */
function measureOf(chance: Chance): { from: string; until: string } {
  const draw = chance.next();
  const day = (first: number, last: number) => plusDays(FIRST_DAY, chance.between(first, last));
  if (draw < 0.6) return { from: day(0, 300), until: '9999-12-31' };
  if (draw < 0.8) return { from: day(0, 300), until: day(420, 1420) };
  return { from: day(300, 1400), until: '9999-12-31' };
}

function exitFrom(service: DemoService, date: string): DemoOpening | undefined {
  return OPENINGS.find(
    (o) => o.service === service.key && o.typeCode === 'sortie-audience-spip' && o.weekday >= weekdayOf(date),
  );
}
