/** A heading over words, or one over figures, which are set to the right. */
export type Column = string | { readonly numeric: string };

export function numeric(heading: string): Column {
  return { numeric: heading };
}

/** The headings of a table's columns. */
export function TableHead({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column, at) => (
          <th key={at} scope="col" class={typeof column === 'string' ? undefined : 'num'}>
            {typeof column === 'string' ? column : column.numeric}
          </th>
        ))}
      </tr>
    </thead>
  );
}
