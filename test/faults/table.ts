import type { NotPlayed } from './fault.js';
import type { Played } from './play.js';

export interface Totals {
  readonly faults: number;
  readonly passed: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly uncertain_left: number;
}

const HEAD = ['fault', 'what happens', 'promise', 'queue', 'lost', 'dupl.', 'doubt', 's', 'verdict'];
const WIDEST = 58;

/** One line a fault and backend, then what was not played and why. */
export function table(played: readonly Played[], notPlayed: readonly NotPlayed[]): string {
  const rows = [HEAD, ...played.map(rowOf)].map((row) => row.map((cell) => shortened(cell)));
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  if (notPlayed.length > 0) lines.push('', 'not played here:');
  for (const { id, title, reason } of notPlayed) lines.push(`${id.padEnd(4)} ${title}: ${reason}`);
  return lines.join('\n');
}

function rowOf({ fault, backend, lost, duplicated, uncertainLeft, seconds, wrong }: Played): string[] {
  const verdict = wrong.length === 0 ? 'holds' : 'BROKEN';
  const figures = [lost, duplicated, uncertainLeft].map(String);
  return [fault.id, fault.title, fault.promise, backend, ...figures, seconds.toFixed(1), verdict];
}

function shortened(cell: string): string {
  return cell.length <= WIDEST ? cell : `${cell.slice(0, WIDEST - 1)}…`;
}

/** A fault passes when it holds on each of its backends. */
export function totals(played: readonly Played[]): Totals {
  const sum = (of: (one: Played) => number) => played.reduce((total, one) => total + of(one), 0);
  const all = new Set(played.map(({ fault }) => fault.id));
  const broken = new Set(played.filter(({ wrong }) => wrong.length > 0).map(({ fault }) => fault.id));
  return {
    faults: all.size,
    passed: all.size - broken.size,
    lost: sum(({ lost }) => lost),
    duplicated: sum(({ duplicated }) => duplicated),
    uncertain_left: sum(({ uncertainLeft }) => uncertainLeft),
  };
}
