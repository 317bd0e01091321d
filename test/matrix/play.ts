import type { Route } from '../../src/access/route-declarations.js';
import type { Caller } from './callers.js';
import { KnownForms } from './bodies.js';
import { playForms } from './nested-forms.js';
import { type Cell, cellsOf } from './cells.js';
import { expectationOf } from './expected.js';
import { type Answer, Fire, inOrder } from './fire.js';
import { faultOf, leaksIn, masked } from './judge.js';
import { playNested } from './nested.js';
import type { World } from './world.js';

export interface Played {
  readonly routes: number;
  readonly cells: number;
  readonly wrong: readonly string[];
  readonly leaks: readonly string[];
  /** Foreign objects that were refused for something else than being foreign. */
  readonly undecided: number;
  /** Routes that took longest, all cells together. */
  readonly slowest: readonly string[];
}

export interface Stage {
  readonly baseUrl: string;
  readonly routes: readonly Route[];
  readonly world: World;
  readonly callers: readonly Caller[];
  /** Connections at once. */
  readonly lanes?: number;
  readonly picks?: (cell: Cell) => boolean;
  readonly withoutNested?: boolean;
  /** The application does not ask: callers ask for what is not theirs to ask for, too. */
  readonly isUnchecked?: boolean;
  /** Somebody in the place of a caller who would lose session or service by asking. */
  readonly twin: (caller: Caller) => Promise<Caller>;
}

const PROGRESS_MS = 10_000;

/** Fires every cell: what changes nothing first, then writes to what is foreign, then writes, then what ends sessions. */
export async function play({
  baseUrl,
  routes,
  world,
  callers,
  lanes = 6,
  picks = () => true,
  withoutNested = false,
  isUnchecked = false,
  twin,
}: Stage): Promise<Played> {
  const wrong: string[] = [];
  const leaks: string[] = [];
  const all = routes.flatMap((route) => {
    const expectation = expectationOf(nameOf(route));
    if (expectation !== undefined)
      return cellsOf(route, expectation, callers, world, { everyTarget: isUnchecked });
    wrong.push(`${nameOf(route)}: nobody said who may ask`);
    return [];
  });
  const cells = all.filter(picks);
  const forms = new KnownForms(routes);
  const fire = new Fire(baseUrl, world, forms);
  const missing = new Map<string, Answer & { readonly address: string }>();
  let undecided = 0;
  const spent = new Map<string, number>();
  let done = 0;
  const progress = setInterval(() => process.stderr.write(`${done} of ${cells.length}\n`), PROGRESS_MS);
  const one = async (cell: Cell) => {
    done += 1;
    const began = performance.now();
    const answer = await fire.cell(cell);
    spent.set(nameOf(cell.route), (spent.get(nameOf(cell.route)) ?? 0) + performance.now() - began);
    if (isPageOfOwn(cell, answer)) forms.learn(answer.text, cell.caller, cell.address);
    const fault = faultOf(cell, answer) ?? unlikeMissing(cell, answer, missing);
    if (fault !== null) wrong.push(`${sentence(cell)}: ${fault}`);
    if (cell.verdict === 'hidden' && answer.status !== 404) undecided += 1;
    for (const mark of leaksIn(world, cell.caller, answer)) leaks.push(`${sentence(cell)}: ${mark}`);
  };
  for (const phase of PHASES) await inOrder(cells.filter(phase), lanes, one);
  const stage = { fire, callers, world, forms };
  const nested = withoutNested ? [] : [await playNested(fire, callers, world), await playForms(stage)];
  await inOrder(
    cells.filter(({ isLast }) => isLast),
    lanes,
    async (cell) => one({ ...cell, caller: await twin(cell.caller) }),
  );
  clearInterval(progress);
  await fire.close();
  return {
    routes: routes.length,
    cells: nested.reduce((sum, part) => sum + part.cells, cells.length),
    wrong: [...wrong, ...nested.flatMap((part) => part.wrong)],
    leaks: [...leaks, ...nested.flatMap((part) => part.leaks)],
    undecided,
    slowest: [...spent]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, 25)
      .map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`),
  };
}

const isRead = (cell: Cell) => cell.route.method === 'GET';
const isMissing = (cell: Cell) => cell.relation === 'missing';
/** Only of what is one's own: its forms are sent by whoever is of this service. */
const isPageOfOwn = ({ route, caller, relation, verdict }: Cell, { status }: Answer) =>
  route.method === 'GET' &&
  verdict === 'seen' &&
  status === 200 &&
  !route.path.startsWith('/api/') &&
  (relation === '' || relation.endsWith(` ${caller.home}`));
const isSeen = (cell: Cell) => cell.verdict === 'seen' || cell.verdict === 'public';

/** Pages first, which show the forms; of each, missing ones before the others, which are compared with them. */
const PHASES: readonly ((cell: Cell) => boolean)[] = [
  (cell) => !cell.isLast && isRead(cell) && isMissing(cell),
  (cell) => !cell.isLast && isRead(cell) && !isMissing(cell),
  (cell) => !cell.isLast && !isRead(cell) && isMissing(cell),
  (cell) => !cell.isLast && !isRead(cell) && !isMissing(cell) && !isSeen(cell),
  (cell) => !cell.isLast && !isRead(cell) && !isMissing(cell) && isSeen(cell),
];

function unlikeMissing(
  cell: Cell,
  answer: Answer,
  missing: Map<string, Answer & { readonly address: string }>,
): string | null {
  if (cell.verdict !== 'hidden' && cell.verdict !== 'overlooked') return null;
  const key = `${nameOf(cell.route)} ${cell.caller.name}`;
  if (isMissing(cell)) missing.set(key, { ...answer, address: cell.address });
  const other = missing.get(key);
  if (other === undefined || cell.relation === 'malformed') return null;
  return masked(answer, cell.address) === masked(other, other.address) ? null : 'unlike a missing one';
}

export function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

function sentence({ route, caller, relation }: Cell): string {
  return `${nameOf(route)} by ${caller.name}${relation === '' ? '' : `, ${relation}`}`;
}
