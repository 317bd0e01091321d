/** The same figures to take away. @param query what the address of the page says, without its question mark */
export function ExportLinks({ path, query }: { readonly path: string; readonly query: string }) {
  const to = (format: string) => `${path}?${query}${query === '' ? '' : '&'}format=${format}`;
  return (
    <nav class="filters" aria-label="Télécharger les tableaux">
      <a href={to('xlsx')} download>
        XLSX
      </a>
      <a href={to('csv')} download>
        CSV
      </a>
      <a href={to('pdf')} download>
        PDF
      </a>
    </nav>
  );
}
