/** How a column is written: `rate` is a share from 0 to 1 shown as a percentage, `points` a difference of shares. */
export type ColumnKind = 'text' | 'count' | 'rate' | 'points' | 'euros' | 'number';

export interface ExportColumn {
  readonly label: string;
  readonly kind: ColumnKind;
}

/** A column of each kind, by what stands above it. */
export const column = {
  text: (label: string): ExportColumn => ({ label, kind: 'text' }),
  count: (label: string): ExportColumn => ({ label, kind: 'count' }),
  rate: (label: string): ExportColumn => ({ label, kind: 'rate' }),
  points: (label: string): ExportColumn => ({ label, kind: 'points' }),
  euros: (label: string): ExportColumn => ({ label, kind: 'euros' }),
  number: (label: string): ExportColumn => ({ label, kind: 'number' }),
} as const satisfies Record<ColumnKind, (label: string) => ExportColumn>;

/** Null: nothing is known; it is written as nothing, never as zero. */
export type ExportCell = string | number | null;

export interface ExportTable {
  /** Name of the sheet and value of `table` in the address: `[a-z-]`, unique in the file. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly ExportColumn[];
  readonly rows: readonly (readonly ExportCell[])[];
  /** What a reader must know: definitions, limits, sources. */
  readonly notes: readonly string[];
}

/** Tables of one page, with the words that stand above them. */
export interface ExportFile {
  /** Without extension, `[a-z0-9-]`; nothing personal. */
  readonly fileName: string;
  readonly title: string;
  /** Period, filters, date: what the figures are about. */
  readonly lines: readonly string[];
  readonly tables: readonly ExportTable[];
  /** When the figures were read: written into the file, so that two readings can be told apart. */
  readonly madeAt: Date;
}

export const EXPORT_FORMATS = ['csv', 'xlsx', 'pdf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
