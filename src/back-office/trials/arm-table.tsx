import type { ComponentChildren } from 'preact';
import { numeric, TableHead } from '../../ui/table-head.js';

export interface ArmTableProps {
  /** Of what is told. */
  readonly label: string;
  readonly columns: readonly string[];
  /** In the order of the arms. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly ComponentChildren[] }[];
}

/** Figures, arm by arm. */
export function ArmTable({ label, columns, rows }: ArmTableProps) {
  return (
    <div class="scroll blocks" role="region" aria-label={label} tabIndex={0}>
      <table>
        <TableHead columns={['Bras', ...columns.map(numeric)]} />
        <tbody>
          {rows.map(({ name, cells }, at) => (
            <tr key={at}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={column} class="num" data-label={columns[column]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
