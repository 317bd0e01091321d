/** Middle of the values; of an even number of them, the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return Number.NaN;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

/** @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** `median (least–most)`, for a person. */
export function spread(values: readonly number[], unit: string): string {
  return `${rounded(median(values))} ${unit} (${rounded(Math.min(...values))}–${rounded(Math.max(...values))})`;
}

export function rounded(value: number, decimals = 1): number {
  return Number(value.toFixed(decimals));
}
