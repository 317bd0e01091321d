import { percent } from '../typography.js';
import { bandPath, fixed, linePath, runsOf } from './scale.js';
import { type Canvas, WIDE } from './trend-canvas.js';
import type { TrendPoint } from './trend-words.js';

/** The interval of each month, broken where one is unknown. */
export function Bands({ points, x, y }: Canvas) {
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
export function Curve({ points, x, y }: Canvas) {
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
export function Points({ frame, points, x, y }: Canvas) {
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
