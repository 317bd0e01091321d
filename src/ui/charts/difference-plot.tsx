import { decimal, NBSP } from '../typography.js';
import { fixed, linear, ticks } from './scale.js';

/** A difference of rates against the first arm, as shares. */
export interface DifferenceRow {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface DifferencePlotProps {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly DifferenceRow[];
  /** Stands under the axis, left and right of zero. */
  readonly sides: readonly [left: string, right: string];
}

const WIDE = { width: 720, left: 12, right: 12, row: 56, className: 'plot wide' } as const;
const SMALL = { width: 320, left: 8, right: 8, row: 64, className: 'plot narrow' } as const;
const TOP = 8;
const FOOT = 46;

/** Each difference with its interval on one axis in points; the figures stand in the table beside it. */
export function DifferencePlot(props: DifferencePlotProps) {
  return (
    <>
      <Drawing {...props} frame={WIDE} />
      <Drawing {...props} frame={SMALL} />
    </>
  );
}

const inPoints = (share: number) => share * 100;

type Frame = typeof WIDE | typeof SMALL;

function Drawing({
  frame,
  id,
  title,
  description,
  rows,
  sides,
}: DifferencePlotProps & { readonly frame: Frame }) {
  // As far on both sides: which side of zero is seen at once.
  const far = Math.max(1, ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]).map(inPoints));
  const marks = ticks(-far, far, frame === WIDE ? 9 : 5);
  const [from = -1, to = 1] = [marks[0], marks.at(-1)];
  const x = linear([from, to], [frame.left + 20, frame.width - frame.right - 20]);
  const foot = TOP + rows.length * frame.row;
  const own = `${id}-${frame === WIDE ? 'wide' : 'small'}`;
  return (
    <svg
      class={frame.className}
      viewBox={`0 0 ${frame.width} ${foot + FOOT}`}
      role="img"
      aria-labelledby={`${own}-title ${own}-description`}
    >
      <title id={`${own}-title`}>{title}</title>
      <desc id={`${own}-description`}>{description}</desc>
      {marks.map((mark) => (
        <g key={mark}>
          <line
            class={mark === 0 ? 'zero' : 'grid'}
            x1={fixed(x(mark))}
            x2={fixed(x(mark))}
            y1={TOP}
            y2={foot}
          />
          <text x={fixed(x(mark))} y={foot + 16} text-anchor="middle">
            {mark > 0 ? '+' : ''}
            {decimal(mark).replace(',0', '')}
          </text>
        </g>
      ))}
      {rows.map((row, at) => (
        <Whisker key={row.label} row={row} x={x} y={TOP + at * frame.row} left={frame.left} />
      ))}
      <text x={frame.left} y={foot + 36}>
        {`←${NBSP}${sides[0]}`}
      </text>
      <text x={frame.width - frame.right} y={foot + 36} text-anchor="end">
        {`${sides[1]}${NBSP}→`}
      </text>
    </svg>
  );
}

interface WhiskerProps {
  readonly row: DifferenceRow;
  readonly x: (value: number) => number;
  readonly y: number;
  readonly left: number;
}

function Whisker({ row, x, y, left }: WhiskerProps) {
  const at = (share: number) => fixed(x(share * 100));
  const middle = y + 38;
  return (
    <g class="event">
      <text class="strong" x={left} y={y + 16}>
        {row.label}
      </text>
      <line x1={at(row.low)} x2={at(row.high)} y1={middle} y2={middle} />
      <line x1={at(row.low)} x2={at(row.low)} y1={middle - 5} y2={middle + 5} />
      <line x1={at(row.high)} x2={at(row.high)} y1={middle - 5} y2={middle + 5} />
      <circle cx={at(row.value)} cy={middle} r="5" />
    </g>
  );
}
