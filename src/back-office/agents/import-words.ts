import type { Role } from '../../access/domain/roles.js';
import {
  type AgentColumn,
  type AgentLine,
  type LineFault,
  MOST_AGENT_LINES,
  plain,
} from '../../agents/domain/agents-file.js';
import { ROLE_NAMES } from '../role-names.js';

const COLUMNS: Readonly<Record<AgentColumn, string>> = {
  lastName: 'nom',
  firstName: 'prénom',
  email: 'e-mail',
  role: 'rôle',
  phone: 'téléphone',
};

/** The words of the screens, and the codes of the API. */
export const ROLE_WORDS: ReadonlyMap<string, Role> = new Map(
  (Object.entries(ROLE_NAMES) as [Role, string][]).flatMap(([role, name]) => [
    [plain(name), role] as const,
    [role, role] as const,
  ]),
);

const FAULTS: Readonly<Record<LineFault['code'], string>> = {
  name: 'ce n’est pas un nom',
  email: 'cette adresse n’est pas valable',
  phone: 'ce numéro ne se lit pas',
  role: 'ce rôle n’existe pas ici, ou n’est pas le vôtre à donner',
  twice: 'cette adresse est déjà sur une ligne plus haut',
  taken:
    'cette adresse ne peut pas être invitée ici\u00a0: demandez une mutation si la personne travaille ailleurs',
  'missing-column': 'cette colonne manque',
  'unknown-column': 'une colonne est inconnue ou répétée',
  cells: 'il y a plus de cellules que de colonnes',
  quotes: 'un guillemet n’est pas refermé',
  'too-many': `${MOST_AGENT_LINES}\u00a0lignes au plus`,
  empty: 'le fichier n’a pas de ligne sous les titres',
};

/** « Ligne 4, colonne rôle : ce rôle n’existe pas ici ». */
export function faultSentence({ line, column, code }: LineFault): string {
  const where = [
    ...(line === 0 ? ['Fichier'] : [`Ligne\u00a0${line}`]),
    ...(column === null ? [] : [`colonne ${COLUMNS[column]}`]),
  ];
  return `${where.join(', ')}\u00a0: ${FAULTS[code]}.`;
}

export const IMPORT_SENTENCES: Readonly<Record<string, string>> = {
  file: 'Choisissez un fichier CSV.',
  'file:none': 'Choisissez un fichier, ou collez le tableau.',
  'file:both': 'Choisissez un fichier ou collez le tableau, pas les deux.',
  'file:too-large': 'Ce fichier est trop lourd\u00a0: 1\u00a0Mo au plus.',
  'file:not-text': 'Ce n’est pas un fichier de texte. Dans le tableur, enregistrez sous, puis CSV.',
  'file:quotes': 'Un guillemet n’est pas refermé, ou une ligne est trop longue.',
  'file:lines': 'Des lignes sont à corriger. Personne n’est invité tant qu’il en reste une.',
};

/** The lines that were read, as a table to be read again: what the confirmation carries. */
export function agentsText(lines: readonly AgentLine[]): string {
  const cells = ({ lastName, firstName, email, role, phone }: AgentLine) =>
    [lastName, firstName, email, role, phone ?? '']
      .map((cell) => `"${cell.replaceAll('"', '""')}"`)
      .join(';');
  return ['nom;prénom;e-mail;rôle;téléphone', ...lines.map(cells)].join('\n');
}
