import { capital, monthInWords, percent, plainDate } from './typography.js';

export interface ChartPoint {
  /** `YYYY-MM` */
  readonly month: string;
  /** Between 0 and 1; null where nothing can be said. */
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface AbsenceChartProps {
  readonly points: readonly ChartPoint[];
  /** `YYYY-MM-DD` */
  readonly rolledOutOn: string | null;
}

interface Frame {
  readonly id: string;
  readonly className: string;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Months between two labels under the axis. */
  readonly every: number;
}

const WIDE: Frame = {
  id: 'cw',
  className: 'plot wide',
  width: 720,
  height: 400,
  left: 44,
  right: 710,
  top: 46,
  bottom: 366,
  every: 4,
};
const NARROW: Frame = {
  id: 'cn',
  className: 'plot narrow',
  width: 320,
  height: 280,
  left: 42,
  right: 314,
  top: 36,
  bottom: 250,
  every: 8,
};

/** One drawing for wide screens, one for narrow ones; the same figures stand beside it as a table. */
export function AbsenceChart(props: AbsenceChartProps) {
  return (
    <>
      <Drawing {...props} frame={WIDE} />
      <Drawing {...props} frame={NARROW} />
    </>
  );
}

function Drawing({ points, rolledOutOn, frame }: AbsenceChartProps & { readonly frame: Frame }) {
  const top = topOf(points);
  const x = (at: number) =>
    points.length < 2 ? frame.left : frame.left + ((frame.right - frame.left) * at) / (points.length - 1);
  const y = (rate: number) => frame.bottom - ((frame.bottom - frame.top) * rate) / top;
  const last = points.findLastIndex(({ rate }) => rate !== null);
  return (
    <svg
      class={frame.className}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      role="img"
      aria-labelledby={`${frame.id}-t ${frame.id}-d`}
    >
      <title id={`${frame.id}-t`}>{titleOf(points)}</title>
      <desc id={`${frame.id}-d`}>{descriptionOf(points, rolledOutOn)}</desc>
      {gridOf(top).map((rate) => (
        <g key={rate}>
          <line class="grid" x1={frame.left} x2={frame.right} y1={y(rate)} y2={y(rate)} />
          <text x={frame.left - 8} y={y(rate) + 4} text-anchor="end">
            {Math.round(rate * 100)}
            {rate === top ? '\u00a0%' : ''}
          </text>
        </g>
      ))}
      {points.map(({ month }, at) =>
        at % frame.every === 0 ? (
          <text key={month} x={x(at)} y={frame.bottom + 20} text-anchor={at === 0 ? 'start' : 'middle'}>
            {shortMonth(month)}
          </text>
        ) : null,
      )}
      {segmentsOf(points).map((segment) => (
        <Segment key={segment[0]} segment={segment} points={points} x={x} y={y} />
      ))}
      <RollOut points={points} rolledOutOn={rolledOutOn} frame={frame} x={x} />
      {last >= 0 && <LastPoint at={last} points={points} x={x} y={y} />}
    </svg>
  );
}

interface Scales {
  readonly points: readonly ChartPoint[];
  readonly x: (at: number) => number;
  readonly y: (rate: number) => number;
}

function Segment({ segment, points, x, y }: Scales & { readonly segment: readonly number[] }) {
  const at = (i: number) => points[i] ?? { rate: 0, low: 0, high: 0 };
  const upper = segment.map((i) => `${fixed(x(i))} ${fixed(y(at(i).high ?? 0))}`);
  const lower = segment.map((i) => `${fixed(x(i))} ${fixed(y(at(i).low ?? 0))}`).reverse();
  return (
    <>
      <path class="band" d={`M${[...upper, ...lower].join('L')}Z`} />
      <polyline
        class="curve"
        points={segment.map((i) => `${fixed(x(i))},${fixed(y(at(i).rate ?? 0))}`).join(' ')}
      />
    </>
  );
}

function LastPoint({ at, points, x, y }: Scales & { readonly at: number }) {
  const point = points[at];
  if (point?.rate == null) return null;
  return (
    <>
      <circle class="dot" cx={x(at)} cy={y(point.rate)} r="4" />
      <text class="strong" x={x(at)} y={y(point.high ?? point.rate) - 10} text-anchor="end">
        {percent(point.rate)}
      </text>
    </>
  );
}

function RollOut(props: AbsenceChartProps & { readonly frame: Frame; readonly x: (at: number) => number }) {
  const { points, rolledOutOn, frame, x } = props;
  const at = rolledOutOn === null ? -1 : points.findIndex(({ month }) => month === rolledOutOn.slice(0, 7));
  if (rolledOutOn === null || at < 0) return null;
  const line = x(at) - (at === 0 ? 0 : (x(1) - x(0)) / 2);
  const before = line > frame.width / 2;
  const label = { x: before ? line - 8 : line + 8, 'text-anchor': before ? 'end' : 'start' } as const;
  return (
    <>
      <line class="rollout" x1={line} x2={line} y1={frame.top - 20} y2={frame.bottom} />
      <text class="strong" y={frame.bottom - 33} {...label}>
        Mise en service
      </text>
      <text y={frame.bottom - 16} {...label}>
        {plainDate(rolledOutOn)}
      </text>
    </>
  );
}

/** Runs of months that have a rate: a month without one breaks the line. */
function segmentsOf(points: readonly ChartPoint[]): number[][] {
  const runs: number[][] = [];
  points.forEach(({ rate }, at) => {
    if (rate === null) return;
    const run = runs.at(-1);
    if (run?.at(-1) === at - 1) run.push(at);
    else runs.push([at]);
  });
  return runs;
}

function topOf(points: readonly ChartPoint[]): number {
  const highest = Math.max(0.1, ...points.map(({ high }) => high ?? 0));
  return Math.min(1, Math.ceil(highest * 10) / 10);
}

function gridOf(top: number): number[] {
  const step = top > 0.6 ? 0.2 : 0.1;
  return Array.from({ length: Math.round(top / step) + 1 }, (_, i) =>
    Math.min(top, Math.round(i * step * 100) / 100),
  );
}

function titleOf(points: readonly ChartPoint[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return 'Taux d’absence par mois';
  return `Taux d’absence par mois, ${monthInWords(first.month)} à ${monthInWords(last.month)}`;
}

function descriptionOf(points: readonly ChartPoint[], rolledOutOn: string | null): string {
  const known = points.filter((point) => point.rate !== null);
  const rates = known.map(({ rate }) => rate ?? 0);
  const last = known.at(-1);
  if (last === undefined) return 'Aucune issue connue.';
  const range = `Le taux va de ${percent(Math.min(...rates))} à ${percent(Math.max(...rates))}.`;
  const rollOut = rolledOutOn === null ? '' : ` Mise en service le ${plainDate(rolledOutOn)}.`;
  return `${range}${rollOut} Dernier mois\u00a0: ${percent(last.rate)} en ${monthInWords(last.month)}.`;
}

const SHORT = [
  'janv.',
  'févr.',
  'mars',
  'avr.',
  'mai',
  'juin',
  'juil.',
  'août',
  'sept.',
  'oct.',
  'nov.',
  'déc.',
];

/** « sept. 2025 ». */
export function shortMonth(month: string): string {
  return `${SHORT[Number(month.slice(5, 7)) - 1] ?? ''}\u00a0${month.slice(0, 4)}`;
}

export function shortMonthTitle(month: string): string {
  return capital(shortMonth(month));
}

function fixed(value: number): string {
  return value.toFixed(1);
}
