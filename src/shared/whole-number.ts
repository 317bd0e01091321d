/** Whole numbers from one to the other, both of them too. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Whether it is a whole number within the bounds; text is none. */
export function isWhole(value: unknown, { least, most }: Bounds): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
