import { decimal, NBSP } from '../typography.js';
import { type ChartFrame, fixed, linear, type Scale, ticks } from './scale.js';
import { Sheet } from './sheet.js';

export interface EventMark {
  /** Months since the start; negative before, -1 is the last month before. */
  readonly sinceStart: number;
  /** Shares: -0.05 is five points less. */
  readonly effect: { readonly value: number; readonly low: number; readonly high: number };
}

export interface EventStudyProps {
  /** In the order of `sinceStart`. */
  readonly events: readonly EventMark[];
}

const WIDE: ChartFrame = {
  ...{ id: 'esw', className: 'plot wide', width: 720, height: 380 },
  ...{ left: 52, right: 706, top: 40, bottom: 326 },
};
const NARROW: ChartFrame = {
  ...{ id: 'esn', className: 'plot narrow', width: 320, height: 300 },
  ...{ left: 42, right: 314, top: 36, bottom: 246 },
};
/** Intervals of months seen in one service only reach far: beyond this share they are cut, never the estimate. */
const MOST = 0.5;

/** Difference with comparable services by month since the start: before it (hollow, dashed), none should be seen. */
export function EventStudy({ events }: EventStudyProps) {
  return (
    <>
      <Drawing events={events} frame={WIDE} />
      <Drawing events={events} frame={NARROW} />
    </>
  );
}

function Drawing({ events, frame }: EventStudyProps & { readonly frame: ChartFrame }) {
  const first = Math.min(-1, ...events.map(({ sinceStart }) => sinceStart));
  const last = Math.max(0, ...events.map(({ sinceStart }) => sinceStart));
  const cut = (share: number) => Math.max(-MOST, Math.min(MOST, share));
  const bounds = events.flatMap(({ effect }) => [cut(effect.low), cut(effect.high), effect.value]);
  const levels = ticks(Math.min(-0.05, ...bounds), Math.max(0.05, ...bounds));
  const x = linear([first - 0.5, last + 0.5], [frame.left, frame.right]);
  const y = linear([levels[0] ?? 0, levels.at(-1) ?? 1], [frame.bottom, frame.top]);
  return (
    <Sheet
      frame={frame}
      title="Écart avec les services comparables, par mois depuis la mise en service"
      description={descriptionOf(events)}
    >
      {levels.map((level) => (
        <g key={level}>
          <line
            class={level === 0 ? 'zero' : 'grid'}
            x1={frame.left}
            x2={frame.right}
            y1={y(level)}
            y2={y(level)}
          />
          <text x={frame.left - 8} y={y(level) + 4} text-anchor="end">
            {signedPoints(level)}
          </text>
        </g>
      ))}
      <Months frame={frame} first={first} last={last} x={x} />
      <line class="rollout" x1={x(-0.5)} x2={x(-0.5)} y1={frame.top - 14} y2={frame.bottom} />
      <text class="strong" x={x(-0.5) - 8} y={frame.top - 18} text-anchor="end">
        Avant
      </text>
      <text class="strong" x={x(-0.5) + 8} y={frame.top - 18}>
        Après
      </text>
      {events.map((event) => (
        <Whisker key={event.sinceStart} event={event} cut={cut} x={x} y={y} />
      ))}
    </Sheet>
  );
}

interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

function Whisker({ event, cut, x, y }: Scales & { readonly event: EventMark; readonly cut: Scale }) {
  const { sinceStart, effect } = event;
  const when = sinceStart < 0 ? 'before' : 'after';
  const at = fixed(x(sinceStart));
  return (
    <g class={`event ${when}`}>
      <line x1={at} x2={at} y1={fixed(y(cut(effect.low)))} y2={fixed(y(cut(effect.high)))} />
      <circle cx={at} cy={fixed(y(effect.value))} r="4" />
    </g>
  );
}

function Months(props: {
  readonly frame: ChartFrame;
  readonly first: number;
  readonly last: number;
  readonly x: Scale;
}) {
  const { frame, first, last, x } = props;
  const room = (frame.right - frame.left) / (last - first + 1);
  const every = [1, 2, 3, 6, 12, 24].find((step) => step * room >= 34) ?? 48;
  const months = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
    (month) => month % every === 0,
  );
  return (
    <>
      {months.map((month) => (
        <text key={month} x={x(month)} y={frame.bottom + 20} text-anchor="middle">
          {month > 0 ? `+${month}` : `${month < 0 ? '\u2212' : ''}${Math.abs(month)}`}
        </text>
      ))}
      <text x={(frame.left + frame.right) / 2} y={frame.bottom + 42} text-anchor="middle">
        Mois depuis la mise en service
      </text>
    </>
  );
}

function signedPoints(share: number): string {
  const value = share * 100;
  const text = Number.isInteger(Math.round(value * 10) / 10)
    ? String(Math.abs(Math.round(value)))
    : decimal(Math.abs(value));
  return `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${text}`;
}

function descriptionOf(events: readonly EventMark[]): string {
  const away = (when: readonly EventMark[]) =>
    when.filter(({ effect }) => effect.low > 0 || effect.high < 0).length;
  const before = events.filter(({ sinceStart }) => sinceStart < 0);
  const after = events.filter(({ sinceStart }) => sinceStart >= 0);
  return `Avant\u00a0: ${away(before)} mois sur ${before.length} dont l’intervalle exclut zéro. Après\u00a0: ${away(after)} sur ${after.length}. En points de taux d’absence, intervalles à 95${NBSP}%.`;
}
