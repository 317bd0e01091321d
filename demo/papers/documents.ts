import { dataDocument } from '../../config/data-register.js';
import { scheduleDocument } from '../../config/schedule.js';
import { rightsExport } from '../../src/back-office/rights/rights-export.js';

/** Papers that are written from the code itself, by their place under `docs/`. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'schedule.md': scheduleDocument,
  'papers/donnees.md': dataDocument,
  'papers/droits.md': rightsDocument,
};

/** The table that the guard reads, as the page « Droits » shows it. */
function rightsDocument(): string {
  const [table] = rightsExport(new Date(0)).tables;
  if (table === undefined) throw new Error('no table of rights');
  const row = (cells: readonly unknown[]) => `| ${cells.map((cell) => String(cell)).join(' | ')} |`;
  return [
    '# Qui peut faire quoi',
    '',
    'Écrit par `npm run docs` à partir de `src/access/domain/rights-table.ts`, le tableau que lit chaque requête. Une case vide est un refus.',
    '',
    ...table.notes.map((note) => `- ${note}`),
    '',
    row(table.columns.map(({ label }) => label)),
    row(table.columns.map(() => '---')),
    ...table.rows.map(row),
    '',
  ].join('\n');
}
