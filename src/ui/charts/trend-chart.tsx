import { capital, percent, plainDate } from '../typography.js';
import {
  bandPath,
  type ChartFrame,
  fixed,
  linear,
  linePath,
  monthTicks,
  runsOf,
  type Scale,
  ticks,
} from './scale.js';
import { Sheet } from './sheet.js';
import {
  letteredMarks,
  trendDescription,
  type TrendMark,
  type TrendPoint,
  type TrendProps,
  type TrendTarget,
  trendTitle,
} from './trend-words.js';

const WIDE: ChartFrame & TickWidth = {
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
const NARROW: ChartFrame & TickWidth = {
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

/** Pixels of a label under the axis. */
interface TickWidth {
  readonly tickWidth: number;
}

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

interface Canvas {
  readonly frame: ChartFrame & TickWidth;
  readonly points: readonly TrendPoint[];
  readonly x: Scale;
  readonly y: Scale;
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

function Bands({ points, x, y }: Canvas) {
  const line = (run: readonly number[], bound: 'low' | 'high') =>
    run.map((at) => ({ x: x(at), y: y(points[at]?.[bound] ?? 0) }));
  return (
    <>
      {runsOf(points, ({ low, high }) => low !== null && high !== null).map((run) => (
        <path key={run[0]} class="band" d={bandPath(line(run, 'high'), line(run, 'low'))} />
      ))}
    </>
  );
}

/** Imported months are dashed up to the first recorded one; a month without a rate breaks the line. */
function Curve({ points, x, y }: Canvas) {
  const at = (index: number) => ({ x: x(index), y: y(points[index]?.rate ?? 0) });
  return (
    <>
      {runsOf(points, ({ rate }) => rate !== null).flatMap((run) => {
        const first = run.findIndex((index) => points[index]?.isBaseline === false);
        const before = first < 0 ? run : run.slice(0, first + 1);
        const since = first < 0 ? [] : run.slice(first);
        return [
          first === 0 ? null : (
            <path key={`b${run[0]}`} class="curve baseline" d={linePath(before.map(at))} />
          ),
          since.length === 0 ? null : <path key={`r${run[0]}`} class="curve" d={linePath(since.map(at))} />,
        ];
      })}
    </>
  );
}

/** Hollow circles for imported months, diamonds for months known too little, a dot with its figure for the last. */
function Points({ frame, points, x, y }: Canvas) {
  const last = points.findLastIndex(({ rate }) => rate !== null);
  const size = frame === WIDE ? 3 : 2;
  return (
    <>
      {points.map(({ month, rate, isBaseline, isIncomplete }, at) => {
        if (rate === null) return null;
        const [cx, cy] = [fixed(x(at)), fixed(y(rate))];
        if (isIncomplete)
          return <path key={month} class="dot incomplete" d={diamond(x(at), y(rate), size + 2)} />;
        if (at === last) return <circle key={month} class="dot" cx={cx} cy={cy} r="4" />;
        if (isBaseline) return <circle key={month} class="dot baseline" cx={cx} cy={cy} r={size} />;
        return null;
      })}
      {last >= 0 && (
        <text
          class="strong"
          x={fixed(x(last))}
          y={fixed(y(highestNear(points, last, LABEL_WIDTH / Math.max(1, x(1) - x(0)))) - 10)}
          text-anchor={last === 0 ? 'start' : 'end'}
        >
          {percent(points[last]?.rate ?? null)}
        </text>
      )}
    </>
  );
}

/** Pixels of « 23,4 % ». */
const LABEL_WIDTH = 52;

/** Upper end of the band over the months that the label of the last one covers. */
function highestNear(points: readonly TrendPoint[], last: number, months: number): number {
  const covered = points.slice(Math.max(0, Math.floor(last - months)), last + 1);
  return Math.max(...covered.map(({ high, rate }) => high ?? rate ?? 0));
}

function diamond(x: number, y: number, size: number): string {
  const corners = [
    [0, -size],
    [size, 0],
    [0, size],
    [-size, 0],
  ] as const;
  return `${linePath(corners.map(([dx, dy]) => ({ x: x + dx, y: y + dy })))}Z`;
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
