import { absenceOn, storyOf } from './absence-story.js';
import { Chance } from './chance.js';
import { FIRST_DAY, monthsBetween } from './days.js';
import { calmCount } from './outcome.js';
import type { DemoVisit, DrawnVisit } from './visit.js';

const KNOWN = new Set(['attended', 'missed', 'excused']);

/** Gives each month of each service the absences of its story: those who lean to it most miss first. */
export function evenOut(
  visits: readonly DrawnVisit[],
  rolledOutOn: ReadonlyMap<string, string>,
): DemoVisit[] {
  const months = new Map<string, DrawnVisit[]>();
  for (const visit of visits) {
    if (!KNOWN.has(visit.outcome)) continue;
    const key = `${visit.service} ${visit.local_date.slice(0, 7)}`;
    const known = months.get(key);
    if (known === undefined) months.set(key, [visit]);
    else known.push(visit);
  }
  const missed = new Set([...months].flatMap(([key, known]) => missedOf(key, known, rolledOutOn)));
  return visits.map(({ service: _service, leaning: _leaning, ...visit }) => {
    if (missed.has(visit.id)) return { ...visit, outcome: 'missed' };
    return visit.outcome === 'missed' ? { ...visit, outcome: 'attended' } : visit;
  });
}

function missedOf(
  key: string,
  known: readonly DrawnVisit[],
  rolledOutOn: ReadonlyMap<string, string>,
): string[] {
  const [service = '', month = ''] = key.split(' ');
  const after = monthsBetween(rolledOutOn.get(service) ?? FIRST_DAY, `${month}-01`);
  const absence = absenceOn(storyOf(service), `${month}-01`, after);
  const count = calmCount(known.length, absence, new Chance(`month ${key}`));
  return [...known]
    .sort((a, b) => a.leaning - b.leaning)
    .slice(0, count)
    .map(({ id }) => id);
}
