export interface TableLine {
  /** In the file, from 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

/** The lines of a table, the header first, or the line at which it cannot be read. */
export type TableText =
  | { readonly kind: 'lines'; readonly lines: readonly TableLine[] }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: 'quotes' | 'too-long' | 'too-many' };
