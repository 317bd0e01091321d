import type { FileReader, JournalLine } from '../../access/journal/journal.queries.js';
import { hourInWords } from '../../shared/french-dates.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { capital, day, NBSP, plural, shortMoment } from '../../ui/typography.js';
import type { Office } from '../office-hours.js';
import { actWords } from './journal-words.js';

/** One line: the same act of the same agent several times in a row is said once. */
export interface JournalRow {
  readonly id: string;
  readonly time: string;
  readonly what: string;
  readonly more: string | null;
  readonly who: string;
  readonly whose: { readonly name: string; readonly href: string | null } | null;
}

export interface JournalDay {
  readonly date: string;
  readonly title: string;
  readonly rows: readonly JournalRow[];
}

export interface ReaderRow {
  readonly who: string;
  readonly service: string;
  readonly times: string;
  readonly days: string;
  readonly last: string;
}

/** By day, latest first. */
export function journalDays(lines: readonly JournalLine[], office: Office): JournalDay[] {
  const days = new Map<string, JournalLine[]>();
  for (const line of lines) {
    const { date } = toLocal(instantOf(line.at), office.timeZone);
    days.set(date, [...(days.get(date) ?? []), line]);
  }
  return [...days].map(([date, ofDay]) => ({
    date,
    title: date === office.today ? `Aujourd’hui, ${day(date)}` : capital(day(date)),
    rows: rowsOf(ofDay, office),
  }));
}

function rowsOf(lines: readonly JournalLine[], office: Office): JournalRow[] {
  const runs: JournalLine[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    const first = run?.[0];
    if (run !== undefined && first !== undefined && saysTheSame(first, line)) run.push(line);
    else runs.push([line]);
  }
  return runs.flatMap((run) => rowOf(run, office) ?? []);
}

function saysTheSame(a: JournalLine, b: JournalLine): boolean {
  const key = ({ action, agentId, byProgram, impersonatorName, personId, detail }: JournalLine) =>
    JSON.stringify([action, agentId, byProgram, impersonatorName, personId, actWords({ action, detail })]);
  return key(a) === key(b);
}

function rowOf(run: readonly JournalLine[], office: Office): JournalRow | null {
  const latest = run[0];
  const earliest = run.at(-1);
  if (latest === undefined || earliest === undefined) return null;
  const hour = ({ at }: JournalLine) => hourInWords(toLocal(instantOf(at), office.timeZone).time);
  const [from, to] = [hour(earliest), hour(latest)];
  const { what, more } = actWords(latest);
  return {
    id: latest.id,
    time: from === to ? to : `${from} – ${to}`,
    what: run.length === 1 ? what : `${what}, ${run.length}${NBSP}fois`,
    more,
    who: whoOf(latest),
    whose: whoseOf(latest),
  };
}

function whoOf(line: JournalLine): string {
  const service = line.organizationName === null ? '' : `, ${line.organizationName}`;
  if (line.agentName !== null) {
    const master = line.impersonatorName === null ? '' : `${line.impersonatorName} sous le nom de${NBSP}`;
    return `${master}${line.agentName}${service}`;
  }
  if (line.byProgram) return `Un logiciel relié par l’API${service}`;
  return line.agentId === null ? 'Mon Suivi Justice ou la personne elle-même' : `Un agent${service}`;
}

function whoseOf({ personId, personName }: JournalLine): JournalRow['whose'] {
  if (personId === null) return null;
  if (personName === null) return { name: 'Un dossier d’un autre service', href: null };
  return { name: personName, href: `/persons/${personId}` };
}

export function readerRows(readers: readonly FileReader[], office: Office): ReaderRow[] {
  return readers.map(({ agentName, organizationName, times, days, lastAt }) => ({
    who: agentName ?? 'Un logiciel relié par l’API',
    service: organizationName ?? '–',
    times: plural(times, 'fois', 'fois'),
    days: plural(days, 'jour'),
    last: shortMoment(instantOf(lastAt), office.timeZone, office.timeZone, office.now),
  }));
}
