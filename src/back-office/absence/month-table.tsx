import { shortMonth } from '../../ui/charts/scale.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { capital, NBSP, percent } from '../../ui/typography.js';
import { nOf, rangeOf } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';
import type { MonthRow } from './months.view.js';

/** Months that stand beside the curve; the others are folded beneath. */
const MONTHS_OPEN = 12;

/** Every figure of the curve: the last months open, older ones and those of before folded. */
export function MonthTables({ months, impact, startedIn }: AbsenceFigures) {
  const since = startedIn === null ? months : months.filter(({ isSince }) => isSince);
  const before = startedIn === null ? [] : months.filter(({ isSince }) => !isSince);
  const open = since.slice(-MONTHS_OPEN);
  const older = since.slice(0, -MONTHS_OPEN);
  const where = startedIn === null ? '' : ', depuis la mise en service';
  return (
    <div class="month-tables">
      {open.length > 0 && (
        <MonthTable
          caption={`Manquées (n) sur issues connues (N)${where}`}
          rows={open}
          total={impact?.naive.kind === 'estimate' ? impact.naive.after : null}
        />
      )}
      <Folded rows={older} words="précédents" />
      <Folded rows={before} words="d’avant la mise en service" />
    </div>
  );
}

function Folded({ rows, words }: { readonly rows: readonly MonthRow[]; readonly words: string }) {
  if (rows.length === 0) return null;
  const title = `Les ${rows.length}${NBSP}mois ${words}`;
  return (
    <details>
      <summary>{title}</summary>
      <MonthTable caption={title} rows={rows} total={null} />
    </details>
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
      <TableHead columns={['Mois', numeric('n / N'), numeric('Taux et intervalle'), numeric('1 an avant')]} />
      <tbody>
        {props.rows.map((row) => (
          <Row key={row.month} row={row} />
        ))}
      </tbody>
      {props.total !== null && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              Ensemble, {nOf(props.total)}
            </th>
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
