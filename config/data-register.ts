import { DATA_REGISTER } from './data-register-tables.js';

/** What a column is for. */
export const FIELD_KINDS = {
  key: 'Relier les lignes entre elles\u00a0; identifiant sans signification.',
  identity: 'Reconnaître la personne ou l’agent.',
  contact: 'Joindre la personne, ou savoir qu’elle ne veut pas l’être ainsi.',
  promise: 'Tenir et suivre la convocation.',
  message: 'Envoyer un message, et prouver ce qui est parti.',
  act: 'Savoir ce qui a été fait, et par quel moyen.',
  actor: 'Savoir qui a agi ou qui suit.',
  date: 'Savoir quand.',
  security: 'Protéger l’accès\u00a0: empreinte, secret chiffré, preuve.',
  words: 'Mots d’un agent\u00a0; ne nomment personne.',
  setting: 'Régler le service\u00a0; rien de personnel.',
  count: 'Compter\u00a0; personne n’y est désigné.',
} as const;
export type FieldKind = keyof typeof FIELD_KINDS;

/** How long a row is kept, and what removes it. */
export const RETENTIONS = {
  follow: {
    words:
      'Le temps du suivi, puis la durée que fixera le responsable du traitement (proposée\u00a0: 2 ans après la dernière convocation).',
    removedBy: null,
  },
  contact: { words: 'Tant qu’une ligne y renvoie.', removedBy: 'forget-sessions' },
  agent: {
    words: 'Le temps de l’affectation\u00a0; le compte fermé reste pour que le journal se lise.',
    removedBy: null,
  },
  service: {
    words: 'Tant que le service existe\u00a0; rien de personnel sur les personnes suivies.',
    removedBy: null,
  },
  figures: {
    words: 'Sans limite\u00a0: chiffres ou réglages d’étude, sans personne désignée.',
    removedBy: null,
  },
  journal: { words: '1 an avec les noms, puis des empreintes seulement.', removedBy: 'forget-names' },
  chain: { words: 'Sans limite\u00a0: empreintes seulement, preuve du journal.', removedBy: null },
  minute: { words: 'Quelques minutes, le temps d’une addition.', removedBy: 'fold-attendance' },
  linking: { words: 'Quelques minutes, le temps d’un maillon.', removedBy: 'seal-journal' },
  idempotency: { words: '2 jours.', removedBy: 'forget-sessions' },
  session: { words: '30 minutes sans geste, 12 heures au plus.', removedBy: 'forget-sessions' },
  failure: { words: '1 jour.', removedBy: 'forget-sessions' },
  link: { words: '30 jours après la fin de validité.', removedBy: 'forget-sessions' },
  login: { words: 'Quelques minutes.', removedBy: 'forget-sessions' },
  origin: { words: '180 jours sans connexion.', removedBy: 'forget-sessions' },
  stop: {
    words: 'Le lien cesse d’agir 30 jours après la convocation\u00a0; la ligne suit la convocation.',
    removedBy: null,
  },
  webhook: { words: '30 jours.', removedBy: 'forget-deliveries' },
  technical: { words: 'Tant que la base existe\u00a0; rien de personnel.', removedBy: null },
} as const satisfies Readonly<Record<string, { words: string; removedBy: string | null }>>;
export type Retention = keyof typeof RETENTIONS;

export interface RegisteredTable {
  readonly name: string;
  readonly purpose: string;
  readonly keptFor: Retention;
  readonly columns: readonly { readonly name: string; readonly kind: FieldKind }[];
}

/** @throws Error for a line that says something else than the register may */
export function registeredTables(): readonly RegisteredTable[] {
  const lines = DATA_REGISTER.trim().split('\n');
  return lines.flatMap((line, at) => (line.startsWith(' ') ? [] : [tableOf(line, lines[at + 1] ?? '')]));
}

function tableOf(line: string, below: string): RegisteredTable {
  const [name = '', keptFor = '', purpose = ''] = line.split(' | ');
  if (!isRetention(keptFor) || purpose === '') throw new Error(`data register: ${line}`);
  const columns = below.split(';').flatMap((group) => {
    const [kind = '', ...names] = group.trim().split(' ');
    if (!isKind(kind)) throw new Error(`data register: ${kind} of ${name}`);
    return names.map((column) => ({ name: column, kind }));
  });
  return { name, purpose, keptFor, columns };
}

function isRetention(text: string): text is Retention {
  return Object.hasOwn(RETENTIONS, text);
}

function isKind(text: string): text is FieldKind {
  return Object.hasOwn(FIELD_KINDS, text);
}

/** `docs/papers/donnees.md`. */
export function dataDocument(): string {
  return [
    '# Données conservées, finalités et durées',
    '',
    'Écrit par `npm run docs` à partir de `config/data-register-tables.ts`. Un essai le compare au catalogue de la base\u00a0: une colonne sans finalité ni durée l’arrête.',
    '',
    '## À quoi servent les champs',
    '',
    '| sorte | finalité |',
    '| --- | --- |',
    ...Object.entries(FIELD_KINDS).map(([kind, words]) => `| ${kind} | ${words} |`),
    '',
    '## Tables',
    '',
    ...registeredTables().flatMap(tableLines),
  ].join('\n');
}

function tableLines({ name, purpose, keptFor, columns }: RegisteredTable): string[] {
  const { words, removedBy } = RETENTIONS[keptFor];
  const by = removedBy === null ? 'aucune tâche' : `tâche \`${removedBy}\``;
  const kinds = [...new Set(columns.map(({ kind }) => kind))];
  const namesOf = (wanted: FieldKind) =>
    columns.filter(({ kind }) => kind === wanted).map((column) => `\`${column.name}\``);
  return [
    `### ${name}`,
    '',
    purpose,
    '',
    `Durée\u00a0: ${words} Effacement automatique\u00a0: ${by}.`,
    '',
    ...kinds.map((kind) => `- ${kind}\u00a0: ${namesOf(kind).join(', ')}`),
    '',
  ];
}
