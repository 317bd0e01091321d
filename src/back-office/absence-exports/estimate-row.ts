import type { ExportCell } from '../../ui/exports/export-file.js';

/** A name, an estimate and the ends of its interval. */
export function estimateRow(
  label: string,
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
): ExportCell[] {
  return [label, value, low, high];
}
