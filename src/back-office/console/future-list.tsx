import type { FutureConvocation } from '../../organizations/console/future-convocations.query.js';
import { hourInWords } from '../../shared/french-dates.js';
import { day, plural } from '../../ui/typography.js';

export interface FutureListProps {
  readonly title: string;
  readonly future: readonly FutureConvocation[];
}

/** Convocations to come that stand in the way, each with a link to where it can be moved or cancelled. */
export function FutureList({ title, future }: FutureListProps) {
  return (
    <section class="stack" aria-labelledby="future">
      <h2 id="future">{title}</h2>
      <p>
        {future.length === 20
          ? 'Vingt convocations à venir et plus, dont voici les premières.'
          : `${plural(future.length, 'convocation à venir', 'convocations à venir')}.`}{' '}
        Reportez-les ou annulez-les d’abord.
      </p>
      <ul class="bullets">
        {future.map(({ id, date, time, typeName, agendaName }) => (
          <li key={id}>
            <a href={`/convocations/${id}`}>
              {day(date)} à {hourInWords(time)}
            </a>
            , {typeName}, {agendaName}
          </li>
        ))}
      </ul>
    </section>
  );
}
