import type { LogEntry } from '../../demo/operator-simulator/types.js';
import { waitFor } from '../../demo/support/processes.js';
import { percentile, rounded } from './figures.js';

export interface DispatchOptions {
  readonly count: number;
  readonly latency: number;
  readonly concurrency: number;
  readonly backend: 'redis' | 'postgres';
  readonly workers: number;
  readonly receipts: boolean;
  readonly rounds: number;
}

/** What came of one batch that fell due at once. */
export interface Run {
  /** From when the work was taken up to its end: the last call, and the last record where one is kept. */
  readonly perSecond: number;
  /** To the last call alone, recorded or not. */
  readonly callsPerSecond: number;
  /** The same between the tenth and the ninetieth hundredth: without the start and the tail. */
  readonly steadyPerSecond: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly lateP99Ms: number;
  /** Texts of which no receipt was recorded, though the operator sends one for each. */
  readonly unconfirmed: number;
  /** Resident memory of the fullest worker after each tenth of a large run. */
  readonly memoryMb: readonly number[];
}

/** One program under measure. */
export interface Side {
  run(round: number): Promise<Run>;
}

/** As long as a typical reminder. */
export const BODY =
  'SPIP 92 Nanterre, RAPPEL : demain mardi 14 avril 2026 a 9h30, 18 rue des Cordiers, Nanterre. Infos : 01 99 00 51 92'.padEnd(
    150,
    '.',
  );

/** Valid French mobiles of which none ends in 90 to 99, apart from those of the service's persons. */
export function phonesOf(side: 4 | 5, round: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const rank = round * count + i;
    return `+336${side}${String(Math.floor(rank / 90) * 100 + (rank % 90)).padStart(7, '0')}`;
  });
}

/** Until it is met, or far beyond the time that `count` calls can take: what is missing then is for the judge. */
export async function settled(met: () => boolean | Promise<boolean>, count: number): Promise<void> {
  const end = performance.now() + 60_000 + count * 50;
  while (!(await met())) {
    if (performance.now() > end) {
      process.stdout.write('given up waiting: the run is judged as it stands\n');
      return;
    }
    await waitFor(() => false, 200);
  }
}

/** When a run began and ended, in milliseconds since 1970. */
export interface Hours {
  readonly dueAt: number;
  /** When the program under measure took up the work: what it prepares before its first call counts too. */
  readonly takenUpAt: number;
  /** When it had written down what came of the last call; absent: it keeps no record. */
  readonly recordedAt?: number;
}

/** Calls are judged from the operator's log only. */
export async function judge(
  operatorUrl: string,
  phones: readonly string[],
  { dueAt, takenUpAt, recordedAt }: Hours,
): Promise<Run> {
  const log = (await (await fetch(`${operatorUrl}/log`)).json()) as readonly LogEntry[];
  const times = new Map<string, number[]>(phones.map((phone) => [phone, []]));
  for (const entry of log)
    if (entry.kind === 'create' && entry.accepted) times.get(entry.to)?.push(Date.parse(entry.at));
  const received = [...times.values()];
  const all = received.flat();
  const last = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const [early, late] = [percentile(all, 0.1), percentile(all, 0.9)];
  return {
    steadyPerSecond: (800 * all.length) / Math.max(1, late - early),
    perSecond: (1000 * all.length) / Math.max(1, Math.max(last, recordedAt ?? last) - takenUpAt),
    callsPerSecond: (1000 * all.length) / Math.max(1, last - takenUpAt),
    lost: received.filter((at) => at.length === 0).length,
    duplicated: received.reduce((sum, at) => sum + Math.max(0, at.length - 1), 0),
    lateP99Ms: percentile(
      all.map((at) => Math.max(0, at - dueAt)),
      0.99,
    ),
    unconfirmed: 0,
    memoryMb: [],
  };
}

/** Nothing lost, nothing doubled, nothing the operator said forgotten. */
export function isRight({ lost, duplicated, unconfirmed }: Run): boolean {
  return lost + duplicated + unconfirmed === 0;
}

export function tell(side: string, round: number, run: Run): void {
  const isVoid = isRight(run) ? '' : ' VOID';
  const unconfirmed = run.unconfirmed > 0 ? `, unconfirmed ${run.unconfirmed}` : '';
  const name = round === 0 ? 'warm-up' : `round ${round}`;
  process.stdout.write(
    `${name}, ${side}: ${rounded(run.perSecond)}/s (calls ${rounded(run.callsPerSecond)}/s), lost ${run.lost}, duplicated ${run.duplicated}${unconfirmed}${isVoid}\n`,
  );
}

/** Messages a second of the runs in which all was right. */
export function rightOnes(
  runs: readonly Run[],
  speed: 'perSecond' | 'callsPerSecond' = 'perSecond',
): readonly number[] {
  return runs.filter(isRight).map((run) => run[speed]);
}

export function figure(value: number, decimals = 1): number | null {
  return Number.isFinite(value) ? rounded(value, decimals) : null;
}
