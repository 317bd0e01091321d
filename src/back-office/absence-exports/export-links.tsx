const FORMATS = [
  { format: 'xlsx', label: 'XLSX' },
  { format: 'pdf', label: 'PDF' },
] as const;

export interface ExportLinksProps {
  /** Address of the export, with its filters and without its format. */
  readonly address: string;
  /** A CSV holds one table: each has its own. One or none: the only one, without its title. */
  readonly tables?: readonly { readonly name: string; readonly title: string }[];
  /** Years of which a report can be made, newest first, with its address. */
  readonly reports?: readonly { readonly year: string; readonly href: string }[];
}

/** The same figures to take away. */
export function ExportLinks({ address, tables = [], reports = [] }: ExportLinksProps) {
  const start = `${address}${address.includes('?') ? '&' : '?'}`;
  return (
    <section aria-labelledby="take-away" class="stack take-away">
      <h2 id="take-away">À emporter</h2>
      <ul>
        {FORMATS.map(({ format, label }) => (
          <li key={format}>
            <a href={`${start}format=${format}`} download>
              {label}
            </a>
          </li>
        ))}
        {tables.length < 2 && (
          <li>
            <a href={`${start}format=csv`} download>
              CSV
            </a>
          </li>
        )}
        {reports.map(({ year, href }) => (
          <li key={year}>
            <a href={href} download>
              Rapport {year}
            </a>
          </li>
        ))}
      </ul>
      {tables.length > 1 && (
        <details>
          <summary>CSV, un tableau à la fois</summary>
          <ul>
            {tables.map(({ name, title }) => (
              <li key={name}>
                <a href={`${start}format=csv&table=${name}`} download>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Years of a period, newest first. @param period months, both included */
export function yearsOf({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  const first = Number(from.slice(0, 4));
  const last = Number(to.slice(0, 4));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => String(last - at));
}
