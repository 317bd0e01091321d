import { NBSP, plainDate } from '../typography.js';
import { letteredMarks, type TrendProps } from './trend-words.js';

/** What each sign of a trend chart means; only the signs that are there. */
export function TrendLegend({
  points,
  marks,
  targets,
  baselineSource,
}: Pick<TrendProps, 'points' | 'marks' | 'targets'> & {
  /** Where the imported months come from. */
  readonly baselineSource: string | null;
}) {
  const hasBaseline = points.some(({ isBaseline, rate }) => isBaseline && rate !== null);
  const hasIncomplete = points.some(({ isIncomplete, rate }) => isIncomplete && rate !== null);
  return (
    <ul class="legend">
      <li>
        <Sign d="M0 7H28" className="curve" />
        Taux du mois
      </li>
      <li>
        <Sign d="M0 1H28V13H0Z" className="band" />
        Intervalle à 95{NBSP}%, élargi parce que les mêmes personnes reviennent
      </li>
      {hasBaseline && (
        <li>
          <Sign d="M0 7H28" className="curve baseline" />
          Chiffres d’avant, repris{baselineSource === null ? '' : `${NBSP}: ${baselineSource}`}
        </li>
      )}
      {hasIncomplete && (
        <li>
          <Sign d="M14 1L20 7L14 13L8 7Z" className="dot incomplete" />
          Moins de 98{NBSP}% d’issues connues{NBSP}: hors des estimations d’effet
        </li>
      )}
      {targets.map(({ words }) => (
        <li key={words}>
          <Sign d="M1 7H27" className="target" />
          {words}
        </li>
      ))}
      {letteredMarks(marks).flatMap(({ letter, label, on }) =>
        letter === null
          ? []
          : [
              <li key={letter}>
                <strong>{letter}</strong> {label}, {plainDate(on)}
              </li>,
            ],
      )}
    </ul>
  );
}

function Sign({ d, className }: { readonly d: string; readonly className: string }) {
  return (
    <svg class="plot sign" viewBox="0 0 28 14" aria-hidden="true">
      <path class={className} d={d} />
    </svg>
  );
}
