import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { type CountedCell, hiddenCells, isTooSmall, LEAST_PERSONS } from './suppression.js';

interface Visit {
  readonly person: number;
  readonly service: number;
  readonly month: number;
  readonly missed: boolean;
}

const visit = fc.record<Visit>({
  person: fc.nat(60),
  service: fc.nat(5),
  month: fc.nat(2),
  missed: fc.boolean(),
});
/** Crowded services beside nearly empty ones: a table with both kinds of cells. */
const visits = fc
  .tuple(
    fc.array(visit, { minLength: 1, maxLength: 400, size: 'max' }),
    fc.array(fc.nat(5), { maxLength: 4 }),
  )
  .map(([all, quiet]) => all.filter(({ service }, at) => !quiet.includes(service) || at % 17 === 0))
  .filter((rows) => rows.length > 0);

function cell(key: string, rows: readonly Visit[]): CountedCell {
  const persons = (missed: boolean) =>
    new Set(rows.filter((row) => row.missed === missed).map(({ person }) => person)).size;
  const missed = rows.filter((row) => row.missed).length;
  return {
    key,
    missed,
    kept: rows.length - missed,
    personsMissed: persons(true),
    personsKept: persons(false),
  };
}

function tableOf(rows: readonly Visit[]) {
  const parts = (name: string, of: (row: Visit) => number) =>
    [...new Set(rows.map(of))]
      .sort()
      .map((value) => ({
        members: rows.filter((row) => of(row) === value),
        key: `${name} ${value}`,
      }))
      .map(({ key, members }) => ({ cell: cell(key, members), members }));
  return {
    total: cell('total', rows),
    services: parts('service', (row) => row.service),
    months: parts('month', (row) => row.month),
  };
}

type Bounds = Map<string, [number, number]>;

/**
 * What a reader can work out of the published cells alone: each hidden one lies between these bounds. Narrowed until
 * nothing moves; exact here, because the sums share one cell only.
 */
function bounds(sums: readonly (readonly CountedCell[])[], hidden: ReadonlySet<string>, of: Side): Bounds {
  const found: Bounds = new Map(
    sums.flat().map((c) => [c.key, hidden.has(c.key) ? [0, Infinity] : [of(c), of(c)]]),
  );
  for (let turn = 0; turn < 20; turn += 1)
    for (const [total, ...parts] of sums) {
      if (total === undefined) continue;
      const range = (key: string) => found.get(key) ?? [0, Infinity];
      const others = (key: string, end: 0 | 1) =>
        parts.reduce((sum, part) => (part.key === key ? sum : sum + range(part.key)[end]), 0);
      for (const { key } of parts)
        found.set(key, [
          Math.max(range(key)[0], range(total.key)[0] - others(key, 1)),
          Math.min(range(key)[1], range(total.key)[1] - others(key, 0)),
        ]);
      found.set(total.key, [
        Math.max(range(total.key)[0], others('', 0)),
        Math.min(range(total.key)[1], others('', 1)),
      ]);
    }
  return found;
}
type Side = (cell: CountedCell) => number;

/** Hidden cells whose value the linear system of the published ones determines, whatever the bounds. */
function determined(sums: readonly (readonly CountedCell[])[], hidden: ReadonlySet<string>): string[] {
  const keys = [...new Set(sums.flat().map(({ key }) => key))].filter((key) => hidden.has(key));
  const rows = sums
    .map(([total, ...parts]) =>
      keys.map((key) => (key === total?.key ? -1 : parts.some((part) => part.key === key) ? 1 : 0)),
    )
    .filter((row) => row.some((factor) => factor !== 0));
  if (rows.length === 0) return [];
  const rank = new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true }).rank;
  return keys.filter((_, at) => {
    const unit = keys.map((__, i) => (i === at ? 1 : 0));
    return new SingularValueDecomposition(new Matrix([...rows, unit]), { autoTranspose: true }).rank === rank;
  });
}

describe('hiding cells of few persons', () => {
  it('shows no cell of fewer than eleven persons, on either side', () => {
    fc.assert(
      fc.property(visits, (rows) => {
        const { total, services, months } = tableOf(rows);
        const cells = [...services, ...months].map((part) => part.cell);
        const hidden = hiddenCells(
          total,
          [services, months].map((parts) => parts.map((part) => part.cell)),
        );
        for (const one of [total, ...cells]) if (!hidden.has(one.key)) expect(isTooSmall(one)).toBe(false);
      }),
    );
  });

  it('leaves every hidden cell open by at least eleven, whatever is subtracted', () => {
    let withHidden = 0;
    fc.assert(
      fc.property(visits, (rows) => {
        const { total, services, months } = tableOf(rows);
        const divisions = [services, months].map((parts) => parts.map((part) => part.cell));
        const hidden = hiddenCells(total, divisions);
        const sums = divisions.map((parts) => [total, ...parts]);
        expect(determined(sums, hidden)).toEqual([]);
        for (const side of [(c: CountedCell) => c.missed, (c: CountedCell) => c.kept]) {
          const found = bounds(sums, hidden, side);
          for (const key of hidden) {
            const [low, high] = found.get(key) ?? [0, 0];
            expect(high - low).toBeGreaterThanOrEqual(LEAST_PERSONS);
          }
        }
        if (hidden.size > 0 && !hidden.has('total')) withHidden += 1;
      }),
    );
    expect(withHidden).toBeGreaterThan(0);
  });

  it('lets nobody subtract down to a group of fewer than eleven persons', () => {
    fc.assert(
      fc.property(visits, (rows) => {
        const { total, services, months } = tableOf(rows);
        const divisions = [services, months];
        const hidden = hiddenCells(
          total,
          divisions.map((parts) => parts.map((part) => part.cell)),
        );
        if (hidden.has('total')) return;
        for (const parts of divisions) {
          const left = parts.filter((part) => hidden.has(part.cell.key)).flatMap(({ members }) => members);
          if (left.length > 0) expect(isTooSmall(cell('left', left))).toBe(false);
        }
      }),
    );
  });

  it('hides nothing when every cell is large', () => {
    const large = (key: string, n = 40) => ({
      ...{ key, missed: n, kept: n, personsMissed: n, personsKept: n },
    });
    const hidden = hiddenCells(large('total', 120), [[large('a'), large('b'), large('c')]]);
    expect([...hidden]).toEqual([]);
  });

  it('hides the smallest neighbour of a lonely small cell', () => {
    const of = (key: string, n: number) => ({
      ...{ key, missed: n, kept: n, personsMissed: n, personsKept: n },
    });
    expect([...hiddenCells(of('total', 85), [[of('a', 5), of('b', 50), of('c', 30)]])].sort()).toEqual([
      'a',
      'c',
    ]);
  });

  it('hides everything when one small part is all there is', () => {
    const of = (key: string, n: number) => ({
      ...{ key, missed: n, kept: n, personsMissed: n, personsKept: n },
    });
    expect([...hiddenCells(of('total', 8), [[of('a', 8)]])]).toEqual(['total', 'a']);
  });
});
