import { percent, plainDate } from '../typography.js';
import { fixed, linear, linePath, runsOf, shortMonth, ticks } from './scale.js';

export interface Panel {
  readonly id: string;
  readonly name: string;
  /** One per month of `months`, between 0 and 1; null where nothing can be said. */
  readonly rates: readonly (number | null)[];
  /** First day with messages, `YYYY-MM-DD`; null when there is none. */
  readonly startedOn: string | null;
}

export interface SmallMultiplesProps {
  /** `YYYY-MM`, every month of the period in order. */
  readonly months: readonly string[];
  readonly panels: readonly Panel[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [260, 140, 34, 202, 14, 112];

/** One small curve per service on the same scale, each with its roll-out line; the figures stand in a table. */
export function SmallMultiples({ months, panels }: SmallMultiplesProps) {
  const rates = panels.flatMap((panel) => panel.rates.flatMap((rate) => (rate === null ? [] : [rate])));
  const grid = ticks(0, Math.max(0.1, ...rates));
  return (
    <ul class="multiples">
      {panels.map((panel) => (
        <li key={panel.id}>
          <PanelDrawing panel={panel} months={months} grid={grid} />
        </li>
      ))}
    </ul>
  );
}

function PanelDrawing(props: {
  readonly panel: Panel;
  readonly months: readonly string[];
  readonly grid: readonly number[];
}) {
  const { panel, months, grid } = props;
  const x = linear([0, Math.max(1, months.length - 1)], [LEFT, RIGHT]);
  const y = linear([0, grid.at(-1) ?? 1], [BOTTOM, TOP]);
  const point = (at: number) => ({ x: x(at), y: y(panel.rates[at] ?? 0) });
  const last = panel.rates.findLastIndex((rate) => rate !== null);
  const start = panel.startedOn === null ? -1 : months.indexOf(panel.startedOn.slice(0, 7));
  return (
    <figure>
      <h3>{panel.name}</h3>
      <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={`m-${panel.id}`}>
        <title id={`m-${panel.id}`}>{titleOf(panel, months)}</title>
        {grid.map((rate) => (
          <g key={rate}>
            <line class="grid" x1={LEFT} x2={RIGHT} y1={y(rate)} y2={y(rate)} />
            <text x={LEFT - 6} y={y(rate) + 4} text-anchor="end">
              {Math.round(rate * 100)}
            </text>
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 8}>
          {shortMonth(months[0] ?? '')}
        </text>
        <text x={RIGHT} y={HEIGHT - 8} text-anchor="end">
          {shortMonth(months.at(-1) ?? '')}
        </text>
        {start >= 0 && (
          <line
            class="rollout"
            x1={fixed(x(Math.max(0, start - 0.5)))}
            x2={fixed(x(Math.max(0, start - 0.5)))}
            y1={TOP - 8}
            y2={BOTTOM}
          />
        )}
        {runsOf(panel.rates, (rate) => rate !== null).map((run) =>
          run.length === 1 ? (
            <circle
              key={run[0]}
              class="lone"
              cx={fixed(point(run[0] ?? 0).x)}
              cy={fixed(point(run[0] ?? 0).y)}
              r="2"
            />
          ) : (
            <path key={run[0]} class="curve" d={linePath(run.map(point))} />
          ),
        )}
        {last >= 0 && (
          <text class="strong" x={RIGHT + 5} y={fixed(point(last).y + 4)}>
            {percent(panel.rates[last] ?? null)}
          </text>
        )}
      </svg>
      <p class="hint">{startWords(panel, months, start)}</p>
    </figure>
  );
}

function startWords({ startedOn }: Panel, months: readonly string[], start: number): string {
  if (startedOn === null) return 'Pas encore mis en service.';
  if (startedOn.slice(0, 7) > (months.at(-1) ?? '')) return `Mise en service\u00a0: ${plainDate(startedOn)}.`;
  return start < 0
    ? `Mis en service le ${plainDate(startedOn)}, hors de la période.`
    : `Tirets\u00a0: mise en service, ${plainDate(startedOn)}.`;
}

function titleOf({ name, rates }: Panel, months: readonly string[]): string {
  const known = rates.flatMap((rate) => (rate === null ? [] : [rate]));
  const first = months[0] ?? '';
  const last = months.at(-1) ?? '';
  if (known.length === 0) return `${name}\u00a0: aucune issue connue.`;
  return `${name}, taux d’absence par mois de ${shortMonth(first)} à ${shortMonth(last)}, de ${percent(Math.min(...known))} à ${percent(Math.max(...known))}`;
}
