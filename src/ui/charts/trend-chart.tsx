import { capital, plainDate } from '../typography.js';
import { type ChartFrame, fixed, linear, monthTicks, ticks } from './scale.js';
import { Sheet } from './sheet.js';
import { type Canvas, NARROW, type TickWidth, WIDE } from './trend-canvas.js';
import { Bands, Curve, Points } from './trend-curve.js';
import {
  letteredMarks,
  trendDescription,
  type TrendMark,
  type TrendPoint,
  type TrendProps,
  type TrendTarget,
  trendTitle,
} from './trend-words.js';

/**
 * A rate by month with its interval band, the days on which something began, and targets. One drawing for wide
 * screens and one for narrow ones; whoever uses it puts the same figures beside it as a table.
 */
export function TrendChart(props: TrendProps) {
  return (
    <>
      <Drawing {...props} frame={WIDE} />
      <Drawing {...props} frame={NARROW} />
    </>
  );
}

function Drawing({ frame, ...props }: TrendProps & { readonly frame: ChartFrame & TickWidth }) {
  const { points, marks, targets } = props;
  const grid = ticks(0, highestOf(points, targets));
  const canvas = {
    frame,
    points,
    x: linear([0, Math.max(1, points.length - 1)], [frame.left, frame.right]),
    y: linear([0, grid.at(-1) ?? 1], [frame.bottom, frame.top]),
  };
  return (
    <Sheet frame={frame} title={trendTitle(props)} description={trendDescription(props)}>
      <Axes {...canvas} grid={grid} />
      <Bands {...canvas} />
      {targets.map((target) => (
        <Target key={target.words} {...canvas} target={target} />
      ))}
      {letteredMarks(marks).map((mark) => (
        <Mark key={`${mark.on} ${mark.label}`} {...canvas} mark={mark} />
      ))}
      <Curve {...canvas} />
      <Points {...canvas} />
    </Sheet>
  );
}

function Axes({ frame, points, x, y, grid }: Canvas & { readonly grid: readonly number[] }) {
  return (
    <>
      {grid.map((rate) => (
        <g key={rate}>
          <line class="grid" x1={frame.left} x2={frame.right} y1={fixed(y(rate))} y2={fixed(y(rate))} />
          <text x={frame.left - 8} y={fixed(y(rate) + 4)} text-anchor="end">
            {axisLabel(rate, rate === grid.at(-1))}
          </text>
        </g>
      ))}
      {monthTicks(
        points.map(({ month }) => month),
        x(1) - x(0),
        frame.tickWidth,
      ).map(({ at, label, anchor }) => (
        <text key={at} x={fixed(x(at))} y={frame.bottom + 20} text-anchor={anchor}>
          {label}
        </text>
      ))}
    </>
  );
}

/** Percentages without decimals where the step allows, the sign on the highest only. */
function axisLabel(rate: number, isHighest: boolean): string {
  const size = Number((rate * 100).toFixed(1));
  return `${String(size).replace('.', ',')}${isHighest ? '\u00a0%' : ''}`;
}

/** Between the month before and the month of the day, where the day begins a month; else inside its month. */
function Mark({
  frame,
  points,
  x,
  mark,
}: Canvas & { readonly mark: TrendMark & { readonly letter: string | null } }) {
  const month = points.findIndex((point) => point.month === mark.on.slice(0, 7));
  if (month < 0) return null;
  const at = x(Math.max(0, month - 0.5 + (Number(mark.on.slice(8)) - 1) / 31));
  const isRight = at > (frame.left + frame.right) / 2;
  const label = { x: fixed(isRight ? at - 8 : at + 8), 'text-anchor': isRight ? 'end' : 'start' } as const;
  return (
    <>
      <line
        class={mark.isMain ? 'rollout' : 'rollout part'}
        x1={fixed(at)}
        x2={fixed(at)}
        y1={frame.top - 22}
        y2={frame.bottom}
      />
      {mark.letter === null ? (
        <>
          <text class="strong" y={frame.bottom - 33} {...label}>
            {capital(mark.label)}
          </text>
          <text y={frame.bottom - 16} {...label}>
            {plainDate(mark.on)}
          </text>
        </>
      ) : (
        <text class="strong" x={fixed(at)} y={frame.top - 26} text-anchor="middle">
          {mark.letter}
        </text>
      )}
    </>
  );
}

/** Its words stand in the legend: in the drawing they would lie over the curve. */
function Target({ points, x, y, target }: Canvas & { readonly target: TrendTarget }) {
  const within = points.flatMap(({ month }, at) =>
    month >= target.from && month <= target.until ? [at] : [],
  );
  const [first, last] = [within[0], within.at(-1)];
  if (first === undefined || last === undefined) return null;
  const [from, until] = [x(Math.max(0, first - 0.5)), x(Math.min(points.length - 1, last + 0.5))];
  const at = fixed(y(target.rate));
  return <line class="target" x1={fixed(from)} x2={fixed(until)} y1={at} y2={at} />;
}

function highestOf(points: readonly TrendPoint[], targets: readonly TrendTarget[]): number {
  const highs = points.flatMap(({ high }) => (high === null ? [] : [high]));
  return Math.min(1, Math.max(0.1, ...highs, ...targets.map(({ rate }) => rate)));
}
