/** Says nothing of justice: it shows on a locked screen. */
const WORDS = 'Essai technique. Rien à faire.';

/** What a drill of the operators sends. */
export function drillText(rank: number): string {
  return `${WORDS} (${rank})`;
}

/** Whether this is one of them: no database knows it, for a drill is undone, and it told nobody of anything. */
export function isDrillText(body: string): boolean {
  const rank = /\((\d+)\)$/.exec(body)?.[1];
  return rank !== undefined && body === drillText(Number(rank));
}
