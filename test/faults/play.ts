import type { BackendKind, Fault } from './fault.js';
import { type Allowed, audit, type Figures, judge, leaks } from './rig/judge.js';
import { Rig } from './rig/rig.js';
import { BreakableServers, type Servers } from './rig/servers.js';

export interface Played extends Figures {
  readonly fault: Fault;
  readonly backend: BackendKind;
  readonly seconds: number;
  /** What did not hold; empty when everything did. */
  readonly wrong: readonly string[];
  readonly notes: readonly string[];
}

/** A fault takes 5 to 60 s on a machine of its own; on a loaded one its processes may need that long to begin. */
const CORE_WITHIN_MS = 480_000;
const SLOW_WITHIN_MS = 20 * 60_000;
const UNKNOWN: Figures = { lost: 0, duplicated: 0, uncertainLeft: 0 };

/** One fault on one backend: the scenario, then the operator's log against the database, then the auditor. */
export async function play(
  shared: Servers,
  fault: Fault,
  options: { readonly backend: BackendKind; readonly seed: number; readonly slow: boolean },
): Promise<Played> {
  const began = performance.now();
  const wrong: string[] = [];
  let figures = UNKNOWN;
  const notes: string[] = [];
  let own: BreakableServers | undefined;
  try {
    own = fault.breaksPostgres === true ? await BreakableServers.beside(shared) : undefined;
    const servers = own ?? shared;
    const rig = await Rig.open(servers, options);
    try {
      await within(fault.run(rig), fault.tier === 'slow' || options.slow ? SLOW_WITHIN_MS : CORE_WITHIN_MS);
    } catch (error) {
      wrong.push(sentenceOf(error), ...new Set(rig.processes.map(lastWords).filter(Boolean)));
    }
    try {
      if (fault.judgesItself !== true)
        figures = await judge(rig.database.dataSource, rig.texts, allowedBy(fault));
      wrong.push(...verdicts(figures), ...(await audit(rig.database.dataSource)), ...(await leaksOf(rig)));
    } finally {
      notes.push(...rig.notes);
      await rig.close();
    }
  } catch (error) {
    wrong.push(sentenceOf(error));
  }
  await own?.stop();
  const seconds = (performance.now() - began) / 1000;
  return { fault, backend: options.backend, ...figures, seconds, wrong, notes };
}

function allowedBy({ mayExpire, mayWithdraw }: Fault): Allowed {
  return { mayExpire: mayExpire === true, mayWithdraw: mayWithdraw === true };
}

function leaksOf(rig: Rig): Promise<readonly string[]> {
  const outputs = rig.processes.map((process) => process.output);
  return leaks(rig.database.dataSource, outputs, rig.operator.accepted, rig.redisUrl);
}

function verdicts({ lost, duplicated, uncertainLeft }: Figures): string[] {
  return [
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(duplicated > 0 ? [`${duplicated} duplicated`] : []),
    ...(uncertainLeft > 0 ? [`${uncertainLeft} left in doubt`] : []),
  ];
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${milliseconds / 1000} s`)), milliseconds);
  });
  await Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}

/** A statement that failed is told with its beginning. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { query } = error as { query?: unknown };
  const statement = typeof query === 'string' ? ` in ${query.replace(/\s+/g, ' ').trim().slice(0, 300)}` : '';
  return `${error.name}: ${error.message}${statement}`;
}

/** The end of what a process wrote, for whoever must understand the failure. */
function lastWords(process: { readonly output: string }): string {
  return process.output.slice(-400).trim();
}
