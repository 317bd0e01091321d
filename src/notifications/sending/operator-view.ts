import type { EntityManager } from 'typeorm';
import type { OperatorState } from './operator-states.js';

/** What one process saw of the shared state at its last look. */
export interface OperatorView {
  /** Monotonic milliseconds. */
  readonly readAt: number;
  /** Operators whose circuit is not closed. */
  readonly open: Set<string>;
  /** Failures were counted lately: every worker then tells its good calls too. */
  readonly troubled: Set<string>;
  /** First operator by territory. */
  readonly routes: ReadonlyMap<string, string>;
}

interface Row {
  readonly name: string;
  readonly value: string;
  readonly isOperator: boolean;
  readonly isTroubled: boolean;
}

/**
 * The last look while it may be trusted, otherwise a new one.
 * @param namespace before the names of the operators whose circuits are meant
 */
export async function look(
  tx: EntityManager,
  last: OperatorView | undefined,
  { namespace, trustMs }: { readonly namespace: string; readonly trustMs: number },
): Promise<OperatorView> {
  if (last !== undefined && performance.now() - last.readAt < trustMs) return last;
  const rows: Row[] = await tx.query(
    `SELECT operator AS name, circuit AS value, true AS "isOperator",
            failures > 0 OR unreachable > 0 AS "isTroubled" FROM operator_state
     UNION ALL
     SELECT territory, operator, false, false FROM territory_setting WHERE operator IS NOT NULL`,
  );
  const operators = rows.filter(({ name, isOperator }) => isOperator && name.startsWith(namespace));
  const named = (some: readonly Row[]) => new Set(some.map(({ name }) => name.slice(namespace.length)));
  return {
    readAt: performance.now(),
    open: named(operators.filter(({ value }) => value !== 'closed')),
    troubled: named(operators.filter(({ isTroubled }) => isTroubled)),
    routes: new Map(rows.filter(({ isOperator }) => !isOperator).map(({ name, value }) => [name, value])),
  };
}

/** What was read under lock is newer than the last look. */
export function learn(view: OperatorView, states: ReadonlyMap<string, OperatorState>): void {
  for (const [operator, { circuit }] of states) {
    toggle(view.open, operator, circuit.circuit !== 'closed');
    toggle(view.troubled, operator, circuit.failures > 0 || circuit.unreachable > 0);
  }
}

function toggle(set: Set<string>, member: string, isIn: boolean): void {
  if (isIn) set.add(member);
  else set.delete(member);
}
