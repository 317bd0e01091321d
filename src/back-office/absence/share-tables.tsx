import { FEWEST_FOR_A_RATE } from '../../statistics/domain/breakdown.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { NBSP, percent } from '../../ui/typography.js';
import { between, nOf, rangeOf, signed } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';
import type { ShareRow, ShareTable } from './shares.view.js';

/** Absence by properties of the convocation; wide tables scroll in their own region. */
export function ShareTables({ tables }: AbsenceFigures) {
  if (tables.length === 0) return null;
  return (
    <section aria-labelledby="shares" class="stack">
      <h3 id="shares">Qui manque, et quand</h3>
      <p class="hint">
        Des différences entre lignes sont des associations&nbsp;: elles ne disent pas la cause. Écart&nbsp;:
        depuis la mise en service moins avant, comparaison simple, en points. Pas de taux sous{' '}
        {FEWEST_FOR_A_RATE}
        {NBSP}issues connues.
      </p>
      <div class="tables">
        {tables.map((table) => (
          <div
            key={table.key}
            class={table.hasBefore ? 'scroll fit four' : 'scroll fit'}
            role="region"
            aria-label={table.title}
            tabIndex={0}
          >
            <Shares table={table} highest={highestOf(tables)} />
            {table.hint !== null && <p class="hint">{table.hint}</p>}
          </div>
        ))}
      </div>
    </section>
  );
}

/** One scale for all tables, so that bars compare. */
function highestOf(tables: readonly ShareTable[]): number {
  return Math.max(
    0.1,
    ...tables.flatMap(({ rows }) => rows.map(({ interval }) => (interval === null ? 0 : interval.high))),
  );
}

const COLUMNS = ['Convocations', numeric('n / N'), numeric('Taux et intervalle')];

function Shares({ table, highest }: { readonly table: ShareTable; readonly highest: number }) {
  return (
    <table class="compact shares">
      <caption>{table.title}</caption>
      <TableHead columns={table.hasBefore ? [...COLUMNS, numeric('Avant et écart')] : COLUMNS} />
      <tbody>
        {table.rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">
              {row.label}
              <Whisker row={row} highest={highest} />
            </th>
            <td class="num">{nOf(row)}</td>
            <td class="num">
              <strong>{percent(row.interval?.rate ?? null)}</strong>
              {row.interval !== null && <span class="range">{rangeOf(row.interval)}</span>}
            </td>
            {table.hasBefore && <Before row={row} />}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Before({ row: { before, difference } }: { readonly row: ShareRow }) {
  if (before === null) return <td class="num">–</td>;
  return (
    <td class="num">
      {nOf(before)}
      <span class="range">
        {difference === null ? '–' : `${signed(difference.value)}, ${between(difference)}`}
      </span>
    </td>
  );
}

/** The rate and its interval on a line; the figures stand beside it. */
function Whisker({ row: { interval }, highest }: { readonly row: ShareRow; readonly highest: number }) {
  if (interval === null) return null;
  const x = (rate: number) => ((rate / highest) * 1000).toFixed(0);
  return (
    <svg class="whisker" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
      <rect class="axis" width="1000" height="1" y="5.5" />
      <rect class="range" x={x(interval.low)} width={x(interval.high - interval.low)} height="4" y="4" />
      <rect class="rate" x={x(Math.max(0, interval.rate - highest / 200))} width="10" height="12" />
    </svg>
  );
}
