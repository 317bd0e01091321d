import type { OperatorState } from './operator-states.js';

/** What one process saw of the shared state at its last look. */
export interface OperatorView {
  /** Operators whose circuit is not closed. */
  readonly open: Set<string>;
  /** Failures were counted lately: every worker then tells its good calls too. */
  readonly troubled: Set<string>;
  /** First operator by territory. */
  readonly routes: ReadonlyMap<string, string>;
}

/** An operator and its circuit, or a territory and the operator it prefers. */
export interface OperatorRow {
  readonly name: string;
  readonly value: string;
  readonly isOperator: boolean;
  readonly isTroubled: boolean;
}

/** SQL of the rows of a look: what is sent reads it with the messages, at no statement more. */
export const OPERATOR_ROWS = `
  SELECT operator AS name, circuit AS value, true AS "isOperator",
         failures > 0 OR unreachable > 0 AS "isTroubled" FROM operator_state
  UNION ALL
  SELECT territory, operator, false, false FROM territory_setting WHERE operator IS NOT NULL`;

/** @param namespace before the names of the operators whose circuits are meant */
export function viewOf(rows: readonly OperatorRow[], namespace: string): OperatorView {
  const operators = rows.filter(({ name, isOperator }) => isOperator && name.startsWith(namespace));
  const named = (some: readonly OperatorRow[]) =>
    new Set(some.map(({ name }) => name.slice(namespace.length)));
  return {
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
