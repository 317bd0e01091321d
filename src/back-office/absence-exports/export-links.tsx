const FORMATS = [
  { format: 'xlsx', label: 'XLSX' },
  { format: 'pdf', label: 'PDF' },
  { format: 'csv', label: 'CSV' },
] as const;

export interface ExportLinksProps {
  /** Address of the export, with its filters and without its format. */
  readonly address: string;
  /** What the CSV holds, which has one table only: « par mois ». */
  readonly csv?: string;
  /** Years of which a report can be made, newest first, with its address. */
  readonly reports?: readonly { readonly year: string; readonly href: string }[];
}

/** The same figures to take away. */
export function ExportLinks({ address, csv, reports = [] }: ExportLinksProps) {
  return (
    <section aria-labelledby="take-away" class="stack take-away">
      <h2 id="take-away">À emporter</h2>
      <ul>
        {FORMATS.map(({ format, label }) => (
          <li key={format}>
            <a href={`${address}&format=${format}`} download>
              {label}
              {format === 'csv' && csv !== undefined && ` (${csv})`}
            </a>
          </li>
        ))}
        {reports.map(({ year, href }) => (
          <li key={year}>
            <a href={href} download>
              Rapport {year}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Years of a period, newest first. @param period months, both included */
export function yearsOf({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  const first = Number(from.slice(0, 4));
  const last = Number(to.slice(0, 4));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => String(last - at));
}
