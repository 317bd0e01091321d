import { parser } from '@prometheus-io/lezer-promql';

/** One series that an expression reads, with the labels it asks for. */
export interface Selector {
  readonly name: string;
  readonly labels: readonly string[];
}

/** What Prometheus' own grammar does not understand: nothing of an expression it accepts. Types are not checked. */
export function faultsOf(expr: string): string[] {
  const faults: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from }) => {
      if (type.isError) faults.push(`at ${from}: ${expr.slice(from, from + 30)}`);
    },
  });
  return faults;
}

/** The series an expression reads, in its order. */
export function selectorsOf(expr: string): Selector[] {
  return nodesOf(expr, 'VectorSelector').map((text) => ({
    name: nodesOf(text, 'Identifier')[0] ?? '',
    labels: nodesOf(text, 'LabelName'),
  }));
}

/** Text of each node of a kind, as the grammar names it. */
export function nodesOf(expr: string, kind: string): string[] {
  const texts: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to }) => {
      if (name === kind) texts.push(expr.slice(from, to));
    },
  });
  return texts;
}
