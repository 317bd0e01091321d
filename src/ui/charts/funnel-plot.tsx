import { decimal, NBSP, percent, thousands } from '../typography.js';
import { type ChartFrame, fixed, linear, linePath, type Scale, ticks } from './scale.js';
import { Sheet } from './sheet.js';

export type FunnelPlace = 'inside' | 'outside-95' | 'outside-998';

export interface FunnelPoint {
  /** Null: this reader may not know which service it is. */
  readonly name: string | null;
  /** Outcomes known. */
  readonly known: number;
  /** Between 0 and 1. */
  readonly rate: number;
  readonly place: FunnelPlace;
  /** The reader's own service: always labelled. */
  readonly own?: boolean | undefined;
}

export interface FunnelCurvePoint {
  readonly known: number;
  readonly low95: number;
  readonly high95: number;
  readonly low998: number;
  readonly high998: number;
}

export interface FunnelPlotProps {
  readonly points: readonly FunnelPoint[];
  /** Rate of all together, between 0 and 1. */
  readonly target: number;
  /** Limits from few outcomes to many; the last one lies at or beyond the largest point. */
  readonly curve: readonly FunnelCurvePoint[];
  readonly title: string;
}

const WIDE: ChartFrame = {
  ...{ id: 'fpw', className: 'plot wide', width: 720, height: 440 },
  ...{ left: 52, right: 640, top: 20, bottom: 386 },
};
const NARROW: ChartFrame = {
  ...{ id: 'fpn', className: 'plot narrow', width: 320, height: 340 },
  ...{ left: 40, right: 266, top: 16, bottom: 286 },
};

/** Rate against outcomes known, between the limits of chance; the figures stand beside it as a table. */
export function FunnelPlot(props: FunnelPlotProps) {
  return (
    <>
      <Drawing {...props} frame={WIDE} />
      <Drawing {...props} frame={NARROW} />
    </>
  );
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly most: number;
  readonly high: number;
}

function Drawing(props: FunnelPlotProps & { readonly frame: ChartFrame }) {
  const { frame, title, points } = props;
  const axes = axesOf(props);
  return (
    <Sheet frame={frame} title={title} description={descriptionOf(props)}>
      <Grid frame={frame} axes={axes} />
      <Limits {...props} axes={axes} />
      {points.map((point, at) => (
        <Mark key={at} point={point} x={axes.x(point.known)} y={axes.y(point.rate)} />
      ))}
      <Labels points={points} frame={frame} axes={axes} />
    </Sheet>
  );
}

function axesOf({ points, target, frame }: FunnelPlotProps & { readonly frame: ChartFrame }): Axes {
  const most = Math.max(10, ...points.map(({ known }) => known)) * 1.06;
  // The limits of the smallest services leave the drawing at the top: what lies between points must be told apart.
  const high = Math.min(
    1,
    ticks(0, Math.max(target * 1.6, ...points.map(({ rate }) => rate + 0.03))).at(-1) ?? 1,
  );
  return {
    x: linear([0, most], [frame.left, frame.right]),
    y: linear([0, high], [frame.bottom, frame.top]),
    most,
    high,
  };
}

function Grid({ frame, axes }: { readonly frame: ChartFrame; readonly axes: Axes }) {
  const counts = ticks(0, axes.most, frame.width > 400 ? 7 : 4).filter((count) => count <= axes.most);
  return (
    <>
      {ticks(0, axes.high).map((rate) => (
        <g key={rate}>
          <line class="grid" x1={frame.left} x2={frame.right} y1={axes.y(rate)} y2={axes.y(rate)} />
          <text x={frame.left - 8} y={axes.y(rate) + 4} text-anchor="end">
            {decimalless(rate)}
          </text>
        </g>
      ))}
      {counts.map((count) => (
        <text key={count} x={axes.x(count)} y={frame.bottom + 20} text-anchor="middle">
          {thousands(count)}
        </text>
      ))}
      <text x={(frame.left + frame.right) / 2} y={frame.bottom + 42} text-anchor="middle">
        Issues connues
      </text>
    </>
  );
}

function decimalless(rate: number): string {
  const value = rate * 100;
  return `${Number.isInteger(Math.round(value * 10) / 10) ? Math.round(value) : decimal(value)}${NBSP}%`;
}

const LINES = [
  { key: 'high998', className: 'limit far', label: '99,8' },
  { key: 'high95', className: 'limit near', label: '95' },
  { key: 'low95', className: 'limit near', label: '95' },
  { key: 'low998', className: 'limit far', label: '99,8' },
] as const;

/** Curves with their names at the right end, so that nobody needs colours to tell them apart. */
function Limits({
  curve,
  target,
  frame,
  axes,
}: FunnelPlotProps & { readonly frame: ChartFrame; readonly axes: Axes }) {
  const shown = curve.filter(({ known }) => known <= axes.most);
  const last = shown.at(-1);
  const ends = [axes.y(target), ...LINES.map(({ key }) => axes.y(last?.[key] ?? 0))];
  const [targetAt = 0, ...labelsAt] = spread(ends, 14);
  return (
    <>
      <line class="target-rate" x1={frame.left} x2={frame.right} y1={axes.y(target)} y2={axes.y(target)} />
      <text class="strong" x={frame.right + 6} y={targetAt + 4}>
        {percent(target)}
      </text>
      {LINES.map(({ key, className, label }, at) => (
        <g key={key}>
          <path
            class={className}
            d={linePath(
              shown
                .filter((one) => one[key] <= axes.high)
                .map((one) => ({ x: axes.x(one.known), y: axes.y(one[key]) })),
            )}
          />
          <text x={frame.right + 6} y={(labelsAt[at] ?? 0) + 4}>
            {label}
            {NBSP}%
          </text>
        </g>
      ))}
    </>
  );
}

/** A circle within the limits, a triangle beyond the first ones, a square beyond the second. */
function Mark({ point, x, y }: { readonly point: FunnelPoint; readonly x: number; readonly y: number }) {
  const className = `mark ${point.place}${point.own === true ? ' own' : ''}`;
  if (point.place === 'outside-998')
    return <rect class={className} x={fixed(x - 5)} y={fixed(y - 5)} width="10" height="10" />;
  if (point.place === 'outside-95')
    return <path class={className} d={`M${fixed(x)} ${fixed(y - 7)}l6.5 11.5h-13Z`} />;
  return <circle class={className} cx={fixed(x)} cy={fixed(y)} r={point.own === true ? 6 : 4.5} />;
}

/** Names of what lies outside, and of the reader's own service; each above the next when they would meet. */
function Labels(props: {
  readonly points: readonly FunnelPoint[];
  readonly frame: ChartFrame;
  readonly axes: Axes;
}) {
  const { frame, axes } = props;
  const named = props.points
    .flatMap(({ name, known, rate, place, own }) =>
      name !== null && (place !== 'inside' || own === true)
        ? [{ name, x: axes.x(known), y: axes.y(rate) }]
        : [],
    )
    .toSorted((a, b) => a.y - b.y);
  const at = spread(
    named.map(({ y }) => y),
    15,
  );
  return (
    <>
      {named.map(({ name, x }, i) => {
        const left = x > (frame.left + frame.right) / 2;
        return (
          <text
            key={name}
            class="strong halo"
            x={fixed(left ? x - 11 : x + 11)}
            y={fixed((at[i] ?? 0) + 4)}
            text-anchor={left ? 'end' : 'start'}
          >
            {name}
          </text>
        );
      })}
    </>
  );
}

/** The same heights, each at least so far from the others, in their order. */
function spread(heights: readonly number[], gap: number): readonly number[] {
  const order = heights.map((_, at) => at).toSorted((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const found = [...heights];
  order.slice(1).forEach((at, i) => {
    const above = found[order[i] ?? 0] ?? 0;
    found[at] = Math.max(found[at] ?? 0, above + gap);
  });
  return found;
}

function descriptionOf({ points, target }: FunnelPlotProps): string {
  const far = points.filter(({ place }) => place === 'outside-998').length;
  const near = points.filter(({ place }) => place === 'outside-95').length;
  return `${points.length} services autour d’un taux d’ensemble de ${percent(target)}. Hors des limites à 99,8 %\u00a0: ${far}. Entre celles à 95 % et à 99,8 %\u00a0: ${near}.`;
}
