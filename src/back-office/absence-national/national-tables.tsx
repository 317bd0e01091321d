import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import type { AttendanceCounts } from '../../statistics/domain/counts.js';
import { shortMonth } from '../../ui/charts/scale.js';
import { NBSP, percent, plainDate, thousands } from '../../ui/typography.js';
import { nationalAddress, type Sort } from './national-filter.js';
import type { NationalView, ServiceRow } from './national.view.js';

const COLUMNS: readonly { readonly sort: Sort | null; readonly label: string; readonly order?: string }[] = [
  { sort: 'name', label: 'Service', order: 'ascending' },
  { sort: 'known', label: 'n / N', order: 'descending' },
  { sort: 'rate', label: 'Taux (intervalle à 95\u00a0%)', order: 'ascending' },
  { sort: null, label: 'Avant' },
  { sort: null, label: 'Depuis' },
  { sort: 'unknown', label: 'Non marquées', order: 'descending' },
  { sort: 'start', label: 'Mise en service', order: 'ascending' },
];

/** By name unless asked otherwise; a rate never stands without its counts and its interval. */
export function ServicesTable({ rows, query }: NationalView) {
  return (
    <section aria-labelledby="services" class="stack">
      <h2 id="services">Par service</h2>
      <div class="scroll" role="region" aria-label="Tableau des services" tabIndex={0}>
        <table class="compact">
          <caption>Manquées (n) sur issues connues (N)</caption>
          <thead>
            <tr>
              {COLUMNS.map(({ sort, label, order }) => (
                <th
                  key={label}
                  scope="col"
                  class={sort === 'name' ? undefined : 'num'}
                  aria-sort={sort === query.sort ? (order as 'ascending') : undefined}
                >
                  {sort === null || sort === query.sort || rows.length < 2 ? (
                    label
                  ) : (
                    <a href={nationalAddress({ ...query, sort }, '#services')}>{label}</a>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.service.id} row={row} query={query} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint">
        « Avant » et « Depuis »&nbsp;: mois entiers de part et d’autre de la mise en service, sur quatre ans
        au plus&nbsp;; leur écart ne prouve pas un effet à lui seul.
        {rows.length > 1 &&
          ' Trier ne classe pas\u00a0: des écarts de cette taille viennent souvent du hasard, ce que montre le graphique suivant.'}
      </p>
    </section>
  );
}

function Row({ row, query }: { readonly row: ServiceRow; readonly query: NationalView['query'] }) {
  const { service, known, interval, unknownShare, isComplete } = row;
  return (
    <tr>
      <th scope="row">
        <a href={`/absence?service=${service.id}&from=${query.from}&to=${query.to}`}>{service.name}</a>
      </th>
      <td class="num">
        {known === 0 ? '–' : `${thousands(service.total.missed)}${NBSP}/${NBSP}${thousands(known)}`}
      </td>
      <td class="num">
        {interval === null ? (
          '–'
        ) : (
          <>
            <strong>{percent(interval.rate)}</strong>{' '}
            <span class="nowrap">
              ({percent(interval.low)} à {percent(interval.high)})
            </span>
          </>
        )}
      </td>
      <Side counts={service.before} />
      <Side counts={service.since} />
      <td class="num">
        {percent(unknownShare)}
        {!isComplete && (
          <>
            <br />
            <span class="state warn">plus de 2{NBSP}%</span>
          </>
        )}
      </td>
      <td class="num">{service.startedOn === null ? 'pas encore' : plainDate(service.startedOn)}</td>
    </tr>
  );
}

function Side({ counts }: { readonly counts: AttendanceCounts | null }) {
  if (counts === null) return <td class="num">–</td>;
  return (
    <td class="num">
      {percent(absenceRate(counts))}
      <br />
      <small class="muted">
        {thousands(counts.missed)}
        {NBSP}/{NBSP}
        {thousands(knownOutcomes(counts))}
      </small>
    </td>
  );
}

/** The figures of the small curves. */
export function MonthsTable({ months, rows }: NationalView) {
  const services = rows.map(({ service }) => service).filter((service) => service.months.length > 0);
  return (
    <details>
      <summary>Les chiffres des courbes</summary>
      <div class="scroll" role="region" aria-label="Chiffres par mois et par service" tabIndex={0}>
        <table class="compact months">
          <caption>
            Taux d’absence, manquées / issues connues. Cadre en tirets&nbsp;: mois de la mise en service.
          </caption>
          <thead>
            <tr>
              <th scope="col">Mois</th>
              {services.map(({ id, name }) => (
                <th key={id} scope="col" class="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map((month) => (
              <tr key={month}>
                <th scope="row">{shortMonth(month)}</th>
                {services.map((service) => (
                  <MonthCell
                    key={service.id}
                    counts={service.months.find((one) => one.month === month)}
                    isStart={service.startedOn?.slice(0, 7) === month}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function MonthCell(props: { readonly counts: AttendanceCounts | undefined; readonly isStart: boolean }) {
  const { counts, isStart } = props;
  const known = counts === undefined ? 0 : knownOutcomes(counts);
  const words =
    counts === undefined || known === 0
      ? '–'
      : `${percent(absenceRate(counts))} (${thousands(counts.missed)}/${thousands(known)})`;
  return <td class="num">{isStart ? <span class="rollout-mark">{words}</span> : words}</td>;
}
