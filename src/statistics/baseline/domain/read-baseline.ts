import type { TableLine, TableText } from '../../../shared/table-text.js';
import type { AttendanceCounts } from '../../domain/counts.js';
import {
  APPOINTMENT_COLUMNS,
  type AppointmentColumn,
  keyOfWord,
  MONTHLY_COLUMNS,
  type MonthlyColumn,
  OUTCOMES,
  plainWord,
} from './baseline-words.js';
import { countOfCell, dayOfCell, monthOfCell } from './cells.js';

/** More lines than a service writes in twenty years; a larger file is something else. */
export const MOST_LINES = 60_000;

/** One month of one service, of one type or of all types together (null). */
export interface BaselineCount extends AttendanceCounts {
  /** `YYYY-MM` */
  readonly month: string;
  readonly typeCode: string | null;
}

export type FaultCode =
  | 'empty'
  | 'quotes'
  | 'too-long'
  | 'too-many'
  | 'columns'
  | 'month'
  | 'date'
  | 'not-before'
  | 'too-old'
  | 'type'
  | 'count'
  | 'outcome'
  | 'twice'
  | 'nothing';

/** What is wrong at one line of the file, counted from 1. */
export interface LineFault {
  readonly line: number;
  readonly code: FaultCode;
  /** Name of the column. */
  readonly column?: string;
  /** Of the file, at most 40 characters. */
  readonly cell?: string;
}

export interface BaselineText {
  /** Counts by month, or one line per appointment, added up here. */
  readonly form: 'monthly' | 'appointments' | null;
  /** By month and type. Nothing is left of an appointment but its part of a sum. */
  readonly counts: readonly BaselineCount[];
  /** In the order of the lines; with one of them, nothing may be imported. */
  readonly faults: readonly LineFault[];
  /** Appointments moved to another day: they count on that day only. */
  readonly moved: number;
}

export interface BaselineRules {
  /** First month that is not over, `YYYY-MM`: before it, every appointment is past. */
  readonly current: string;
  readonly types: readonly { readonly code: string; readonly name: string }[];
}

const FIRST_MONTH = '2005-01';
const LONGEST_CELL = 40;

type Columns<Name extends string> = Readonly<Partial<Record<Name, number>>>;
type Outcome = keyof AttendanceCounts;
const COUNTS: readonly Outcome[] = ['attended', 'missed', 'excused', 'cancelled', 'unknown'];
/** Without these three nobody can say a rate. */
const REQUIRED: readonly Outcome[] = ['attended', 'missed', 'excused'];

/** Reads what a service kept before it had the product: counts by month, or one line per appointment. */
export function readBaseline(table: TableText, rules: BaselineRules): BaselineText {
  if (table.kind === 'broken') return failed([{ line: table.line, code: table.reason }]);
  const [header, ...lines] = table.lines;
  if (header === undefined) return failed([{ line: 1, code: 'empty' }]);
  const monthly = columnsOf(MONTHLY_COLUMNS, header);
  const appointments = columnsOf(APPOINTMENT_COLUMNS, header);
  const reader = new BaselineReader(rules);
  if (monthly.month !== undefined && REQUIRED.every((name) => monthly[name] !== undefined)) {
    for (const line of lines) reader.month(line, monthly);
    return reader.result('monthly', header.number);
  }
  if (appointments.date !== undefined && appointments.outcome !== undefined) {
    for (const line of lines) reader.appointment(line, appointments);
    return reader.result('appointments', header.number);
  }
  return failed([{ line: header.number, code: 'columns', column: missingColumns(monthly, appointments) }]);
}

/** A sum, once more as a file that this reads: what goes from the dry run to the confirmation. */
export function baselineText(counts: readonly BaselineCount[]): string {
  const rows = counts.map((count) => [
    count.month,
    count.typeCode ?? '',
    ...COUNTS.map((name) => String(count[name])),
  ]);
  return [['month', 'type', ...COUNTS], ...rows].map((row) => row.join(';')).join('\n');
}

class BaselineReader {
  private readonly counts = new Map<string, BaselineCount & { readonly line: number }>();
  private readonly faults: LineFault[] = [];
  private readonly types: ReadonlyMap<string, string>;
  private moved = 0;

  constructor(private readonly rules: BaselineRules) {
    this.types = new Map(
      rules.types.flatMap(({ code, name }) => [
        [plainWord(code), code],
        [plainWord(name), code],
      ]),
    );
  }

  month(line: TableLine, columns: Columns<MonthlyColumn>): void {
    const text = cellOf(line, columns.month);
    const month = this.past(line, monthOfCell(text), text, 'month');
    const type = this.type(line, cellOf(line, columns.type));
    const read = COUNTS.map((name) => [name, this.count(line, columns[name], name)] as const);
    if (month === undefined || type === undefined || read.some(([, count]) => count === undefined)) return;
    const key = `${month} ${type ?? ''}`;
    if (this.counts.has(key)) {
      this.fault(line, 'twice', 'mois', text);
      return;
    }
    const counts = Object.fromEntries(read) as unknown as AttendanceCounts;
    this.counts.set(key, { month, typeCode: type, ...counts, line: line.number });
  }

  appointment(line: TableLine, columns: Columns<AppointmentColumn>): void {
    const text = cellOf(line, columns.date);
    const day = dayOfCell(text);
    const month = this.past(line, day?.slice(0, 7), text, 'date');
    const type = this.type(line, cellOf(line, columns.type));
    const word = cellOf(line, columns.outcome);
    const outcome = word === '' ? 'unknown' : keyOfWord(OUTCOMES, word);
    if (outcome === undefined) this.fault(line, 'outcome', 'issue', word);
    if (month === undefined || type === undefined || outcome === undefined) return;
    if (outcome === 'moved') {
      this.moved += 1;
      return;
    }
    const key = `${month} ${type ?? ''}`;
    const none = { attended: 0, missed: 0, excused: 0, cancelled: 0, unknown: 0 };
    const before = this.counts.get(key) ?? { month, typeCode: type, ...none, line: line.number };
    this.counts.set(key, { ...before, [outcome]: before[outcome] + 1 });
  }

  result(form: 'monthly' | 'appointments', headerLine: number): BaselineText {
    if (this.counts.size === 0 && this.faults.length === 0)
      this.faults.push({ line: headerLine, code: 'nothing' });
    const counts = [...this.counts.values()]
      .map(({ line: _line, ...count }) => count)
      .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    return { form, counts, faults: this.faults, moved: this.moved };
  }

  private past(
    line: TableLine,
    month: string | undefined,
    cell: string,
    code: 'month' | 'date',
  ): string | undefined {
    const column = code === 'month' ? 'mois' : 'date';
    if (month === undefined) this.fault(line, code, column, cell);
    else if (month < FIRST_MONTH) this.fault(line, 'too-old', column, cell);
    else if (month >= this.rules.current) this.fault(line, 'not-before', column, cell);
    else return month;
    return undefined;
  }

  /** @returns null for all types together, undefined when it is refused */
  private type(line: TableLine, cell: string): string | null | undefined {
    if (cell === '') return null;
    const code = this.types.get(plainWord(cell));
    if (code === undefined) this.fault(line, 'type', 'type', cell);
    return code;
  }

  private count(line: TableLine, column: number | undefined, name: Outcome): number | undefined {
    const cell = cellOf(line, column);
    if (cell === '' && !REQUIRED.includes(name)) return 0;
    const count = countOfCell(cell);
    if (count === undefined) this.fault(line, 'count', COLUMN_NAMES[name], cell);
    return count;
  }

  private fault(line: TableLine, code: FaultCode, column: string, cell: string): void {
    this.faults.push({ line: line.number, code, column, cell: cell.slice(0, LONGEST_CELL) });
  }
}

const COLUMN_NAMES: Readonly<Record<Outcome, string>> = {
  attended: 'venues',
  missed: 'manquées',
  excused: 'excusées',
  cancelled: 'annulées',
  unknown: 'sans issue',
};

function columnsOf<Name extends string>(
  table: Readonly<Record<Name, readonly string[]>>,
  header: TableLine,
): Columns<Name> {
  const found: Partial<Record<Name, number>> = {};
  header.cells.forEach((cell, at) => {
    const name = keyOfWord(table, cell);
    if (name !== undefined) found[name] ??= at;
  });
  return found;
}

/** French names of what keeps the header from being one of the two forms; the nearer form speaks. */
function missingColumns(monthly: Columns<MonthlyColumn>, appointments: Columns<AppointmentColumn>): string {
  if (appointments.date !== undefined || appointments.outcome !== undefined)
    return appointments.date === undefined ? 'date' : 'issue';
  const names = REQUIRED.filter((name) => monthly[name] === undefined).map((name) => COLUMN_NAMES[name]);
  return [...(monthly.month === undefined ? ['mois'] : []), ...names].join(', ');
}

function cellOf(line: TableLine, column: number | undefined): string {
  return column === undefined ? '' : (line.cells[column] ?? '').trim();
}

function sortKey({ month, typeCode }: BaselineCount): string {
  return `${month} ${typeCode ?? ''}`;
}

function failed(faults: readonly LineFault[]): BaselineText {
  return { form: null, counts: [], faults, moved: 0 };
}
