import type { ChartFrame, Scale } from './scale.js';
import type { TrendPoint } from './trend-words.js';

/** Pixels of a label under the axis. */
export interface TickWidth {
  readonly tickWidth: number;
}

/** For wide screens. */
export const WIDE: ChartFrame & TickWidth = {
  id: 'trend-wide',
  className: 'plot wide',
  width: 720,
  height: 400,
  left: 44,
  right: 710,
  top: 46,
  bottom: 366,
  tickWidth: 100,
};

/** For narrow ones. */
export const NARROW: ChartFrame & TickWidth = {
  id: 'trend-narrow',
  className: 'plot narrow',
  width: 320,
  height: 280,
  left: 42,
  right: 314,
  top: 36,
  bottom: 250,
  tickWidth: 100,
};

/** One drawing: where months and rates lie on it. */
export interface Canvas {
  readonly frame: ChartFrame & TickWidth;
  readonly points: readonly TrendPoint[];
  readonly x: Scale;
  readonly y: Scale;
}
