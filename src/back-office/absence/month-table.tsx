import { shortMonth } from '../../ui/charts/scale.js';
import { capital, NBSP, percent, plainDate } from '../../ui/typography.js';
import { nOf, rangeOf } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';
import type { MonthRow } from './months.view.js';

/** The figures of the curve: the months since the start, those of before folded beneath. */
export function MonthTables({ months, impact, trend }: AbsenceFigures) {
  const since = months.filter(({ isSince }) => isSince);
  const earlier = months.filter(({ isSince }) => !isSince);
  const isSplit = since.length > 0 && earlier.length > 0;
  return (
    <div class="month-tables">
      <MonthTable
        caption={
          since.length === 0
            ? 'Manquées (n) sur issues connues (N)'
            : 'Manquées (n) sur issues connues (N), depuis la mise en service'
        }
        rows={since.length === 0 ? months : since}
        total={impact?.naive.kind === 'estimate' && since.length > 0 ? impact.naive.after : null}
      />
      {isSplit && (
        <details>
          <summary>
            Les {earlier.length}
            {NBSP}mois d’avant
          </summary>
          <MonthTable caption="Avant la mise en service" rows={earlier} total={null} />
        </details>
      )}
      {trend.marks.length > 0 && (
        <p class="hint">
          {trend.marks.map(({ label, on }) => `${capital(label)}${NBSP}: ${plainDate(on)}.`).join(' ')}
        </p>
      )}
    </div>
  );
}

function MonthTable(props: {
  readonly caption: string;
  readonly rows: readonly MonthRow[];
  readonly total: { readonly missed: number; readonly known: number; readonly value: number } | null;
}) {
  return (
    <table class="compact months">
      <caption>{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">Mois</th>
          <th scope="col" class="num">
            n / N
          </th>
          <th scope="col" class="num">
            Taux et intervalle
          </th>
          <th scope="col" class="num">
            1 an avant
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <Row key={row.month} row={row} />
        ))}
      </tbody>
      {props.total !== null && (
        <tfoot>
          <tr>
            <th scope="row">Ensemble, mois retenus</th>
            <td class="num">{nOf(props.total)}</td>
            <td class="num">{percent(props.total.value)}</td>
            <td class="num" />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Row({ row }: { readonly row: MonthRow }) {
  return (
    <tr>
      <th scope="row">
        {capital(shortMonth(row.month))}
        <Marks {...row} />
      </th>
      <td class="num">{nOf(row)}</td>
      <td class="num">
        <strong>{percent(row.rate)}</strong>
        {row.low !== null && row.high !== null && (
          <span class="range">{rangeOf({ low: row.low, high: row.high })}</span>
        )}
      </td>
      <td class="num">{percent(row.yearBefore)}</td>
    </tr>
  );
}

/** In words what the curve says by dashes and diamonds. */
function Marks({ isBaseline, isIncomplete, isLeftOut, completeness }: MonthRow) {
  const words = [
    ...(isBaseline ? ['repris'] : []),
    ...(isIncomplete ? [`${percent(completeness)} d’issues connues`] : []),
    ...(isLeftOut ? ['ni avant ni après'] : []),
  ];
  return words.length === 0 ? null : <span class="range">{words.join(', ')}</span>;
}
