import type { PublicFigure } from '../statistics/public-figures.query.js';
import { numeric, TableHead } from '../ui/table-head.js';
import { NBSP, thousands } from '../ui/typography.js';

const FIGURES = ['Manquées', 'Issues connues', 'Personnes', 'Non marquées'].map((name) => numeric(name));

interface TableProps {
  readonly caption: string;
  /** Heading of the first column. */
  readonly first: string;
  readonly rows: readonly { readonly name: string; readonly figure: PublicFigure }[];
}

/** Scrolls in its own region where the screen is narrow. */
export function FigureTable({ caption, first, rows }: TableProps) {
  return (
    <div class="scroll snug" role="region" aria-label={`Tableau\u00a0: ${caption}`} tabIndex={0}>
      <table class="compact short">
        <caption>{caption}</caption>
        <TableHead columns={[first, ...FIGURES]} />
        <tbody>
          {rows.map(({ name, figure }) => (
            <FigureRow key={name} name={name} figure={figure} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FigureRow({ name, figure }: { readonly name: string; readonly figure: PublicFigure }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {figure === null ? (
        <td class="num" colSpan={4}>
          <span class="hidden-cell">masqué</span>
        </td>
      ) : (
        <>
          <td class="num">
            <strong>{percentOf(figure.absencePercent)}</strong>
          </td>
          <td class="num">{thousands(figure.known)}</td>
          <td class="num">{thousands(figure.persons)}</td>
          <td class="num">{percentOf(figure.unknownPercent)}</td>
        </>
      )}
    </tr>
  );
}

/** @param whole per cent */
export function percentOf(whole: number): string {
  return `${whole}${NBSP}%`;
}
