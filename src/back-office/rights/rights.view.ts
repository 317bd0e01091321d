import { type Action, ACTIONS, type Post, POSTS, type Relation } from '../../access/domain/rights-table.js';
import { relationsOf } from '../../access/domain/rights.js';
import { BEX_ROLES, SAP_ROLES } from '../../access/domain/roles.js';
import { ACTION_WORDS, POST_WORDS, SUBJECTS } from './right-words.js';

/** Posts whose rights are the same in every row share a column. */
export interface Column {
  readonly posts: readonly Post[];
  readonly label: string;
}

export interface Family {
  readonly title: string;
  readonly columns: readonly Column[];
}

export interface RightRow {
  readonly action: Action;
  readonly label: string;
  /** In the order of the columns. */
  readonly cells: readonly (readonly Relation[])[];
}

export interface RightsView {
  /** Null: all of them. */
  readonly chosen: Post | null;
  readonly families: readonly Family[];
  readonly subjects: readonly { readonly title: string; readonly rows: readonly RightRow[] }[];
}

const ADMINISTRATION: readonly Post[] = ['admin', 'local-admin@tj', 'local-admin@spip'];
const COURT: readonly Post[] = [...BEX_ROLES, ...SAP_ROLES];

const FAMILIES: readonly (readonly [title: string, posts: readonly Post[]])[] = [
  ['Administration', ADMINISTRATION],
  ['Tribunal, BEX', BEX_ROLES],
  ['Tribunal, SAP', SAP_ROLES],
  ['SPIP', POSTS.filter((post) => !ADMINISTRATION.includes(post) && !COURT.includes(post))],
];

/** @param asked a post; anything else shows all of them */
export function rightsView(asked: unknown): RightsView {
  const chosen = POSTS.find((post) => post === asked) ?? null;
  const families = FAMILIES.map(([title, posts]) => ({
    title,
    columns: columnsOf(posts.filter((post) => chosen === null || post === chosen)),
  })).filter(({ columns }) => columns.length > 0);
  const columns = families.flatMap((family) => family.columns);
  const rows = ACTIONS.map((action) => rowOf(action, columns));
  const subjects = SUBJECTS.map(({ title }) => ({
    title,
    rows: rows.filter(({ action }) => subjectOf(action) === title),
  }));
  return { chosen, families, subjects: subjects.filter((subject) => subject.rows.length > 0) };
}

function rowOf(action: Action, columns: readonly Column[]): RightRow {
  const cells = columns.map(({ posts }) => (posts[0] === undefined ? [] : relationsOf(posts[0], action)));
  return { action, label: ACTION_WORDS[action], cells };
}

function columnsOf(posts: readonly Post[]): readonly Column[] {
  const groups = new Map<string, Post[]>();
  for (const post of posts) {
    const rights = ACTIONS.map((action) => relationsOf(post, action).join()).join(';');
    groups.set(rights, [...(groups.get(rights) ?? []), post]);
  }
  return [...groups.values()].map((group) => ({
    posts: group,
    label: group.map((post) => POST_WORDS[post]).join(', '),
  }));
}

function subjectOf(action: Action): string {
  const prefix = action.split('.')[0] ?? '';
  const subject = SUBJECTS.find(({ prefixes }) => prefixes.includes(prefix)) ?? SUBJECTS.at(-1);
  return subject?.title ?? '';
}
