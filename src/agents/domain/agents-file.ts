import type { Role } from '../../access/domain/roles.js';
import { type AgentFacts, readAgent } from './agent-input.js';

export const MOST_AGENT_LINES = 500;
/** Bytes. */
export const LARGEST_AGENT_FILE = 1_000_000;

export type AgentColumn = 'lastName' | 'firstName' | 'email' | 'role' | 'phone';

/** What is wrong, where: codes that the page says in words. */
export interface LineFault {
  /** As an editor counts, the header is 1; 0: the file as a whole. */
  readonly line: number;
  readonly column: AgentColumn | null;
  readonly code:
    | 'name'
    | 'email'
    | 'phone'
    | 'role'
    | 'twice'
    | 'taken'
    | 'missing-column'
    | 'unknown-column'
    | 'cells'
    | 'quotes'
    | 'too-many'
    | 'empty';
}

export interface AgentLine extends AgentFacts {
  readonly line: number;
  readonly role: Role;
}

export interface ReadFile {
  readonly lines: readonly AgentLine[];
  readonly faults: readonly LineFault[];
}

export interface FileRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Names of columns as people write them, without accents or case. */
const HEADERS: Readonly<Record<string, AgentColumn>> = {
  nom: 'lastName',
  prenom: 'firstName',
  email: 'email',
  'e-mail': 'email',
  mail: 'email',
  adresse: 'email',
  'adresse e-mail': 'email',
  role: 'role',
  fonction: 'role',
  telephone: 'phone',
  tel: 'phone',
};
const REQUIRED: readonly AgentColumn[] = ['lastName', 'firstName', 'email', 'role'];

/**
 * @param records every line with something in it, the header first
 * @param roleOf the role that a word names and that may be given here
 */
export function readAgentsFile(
  records: readonly FileRecord[],
  roleOf: (word: string) => Role | undefined,
): ReadFile {
  const [header, ...rest] = records;
  if (header === undefined || rest.length === 0) return { lines: [], faults: [whole('empty')] };
  if (rest.length > MOST_AGENT_LINES) return { lines: [], faults: [whole('too-many')] };
  const columns = header.cells.map((cell) => HEADERS[plain(cell)]);
  const faults = headerFaults(header, columns);
  if (faults.length > 0) return { lines: [], faults };
  return withoutTwins(rest.map((record) => readLine(record, columns, roleOf)));
}

function headerFaults(header: FileRecord, columns: readonly (AgentColumn | undefined)[]): LineFault[] {
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  const unknown = columns.includes(undefined) || new Set(columns).size < columns.length;
  return [
    ...missing.map((column) => ({ line: header.line, column, code: 'missing-column' as const })),
    ...(unknown ? [{ line: header.line, column: null, code: 'unknown-column' as const }] : []),
  ];
}

interface ReadLine {
  readonly line: AgentLine | null;
  readonly faults: readonly LineFault[];
}

function readLine(
  { line, cells }: FileRecord,
  columns: readonly (AgentColumn | undefined)[],
  roleOf: (word: string) => Role | undefined,
): ReadLine {
  if (cells.length > columns.length) return { line: null, faults: [{ line, column: null, code: 'cells' }] };
  const cell = (column: AgentColumn) => cells[columns.indexOf(column)] ?? '';
  const typed = {
    firstName: cell('firstName'),
    lastName: cell('lastName'),
    email: cell('email'),
    phone: cell('phone'),
  };
  const { facts, faults } = readAgent(typed);
  const role = roleOf(plain(cell('role')));
  const found: LineFault[] = faults.map(({ field }) => ({
    line,
    column: field as AgentColumn,
    code: field === 'firstName' || field === 'lastName' ? 'name' : field === 'phone' ? 'phone' : 'email',
  }));
  if (role === undefined) return { line: null, faults: [...found, { line, column: 'role', code: 'role' }] };
  return { line: found.length > 0 ? null : { line, ...facts, role }, faults: found };
}

/** An address on two lines is a fault of the second. */
function withoutTwins(read: readonly ReadLine[]): ReadFile {
  const seen = new Set<string>();
  const lines: AgentLine[] = [];
  const faults: LineFault[] = [];
  for (const one of read) {
    faults.push(...one.faults);
    if (one.line === null) continue;
    if (seen.has(one.line.email)) faults.push({ line: one.line.line, column: 'email', code: 'twice' });
    else lines.push(one.line);
    seen.add(one.line.email);
  }
  return { lines, faults };
}

/** Lower case, without accents, single spaces: how words of a header or a role are compared. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim()
    .toLowerCase();
}

function whole(code: LineFault['code']): LineFault {
  return { line: 0, column: null, code };
}
