import type { ConvocationView } from '../../convocations/convocation.queries.js';
import { LISTED } from '../../statistics/caseload.query.js';
import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { shortMonth } from '../../ui/charts/scale.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { capital, moment, NBSP, percent, plural, thousands } from '../../ui/typography.js';
import { ExportLinks } from '../absence-exports/export-links.js';
import { type MineView, SPANS } from './mine.view.js';

type MinePageView = MineView & { readonly frame: Frame };

/** With fewer outcomes a rate says next to nothing, whatever its interval. */
const FEW_OUTCOMES = 30;

export function MinePage(view: MinePageView) {
  const { frame, persons, unmarked, coming } = view;
  const title = 'Mes suivis';
  return (
    <AppPage frame={frame} title={title} current="/absence/mine">
      <PageHead title={title}>
        <p class="muted">
          Les personnes dont vous êtes le référent, et leurs convocations dans votre service. Vous seul voyez
          cette page&nbsp;; elle ne compare personne à personne.
        </p>
      </PageHead>
      {persons === 0 ? (
        <p>Vous n’êtes le référent de personne. Le référent se choisit sur la fiche d’une personne.</p>
      ) : (
        <div class="sections">
          <Sentence {...view} />
          <section aria-labelledby="unmarked" class="stack">
            <h2 id="unmarked">Issues à marquer</h2>
            {unmarked.length === 0 ? (
              <p class="state ok">Toutes les issues passées sont marquées.</p>
            ) : (
              <Visits
                rows={unmarked}
                view={view}
                caption="Convocations passées sans issue, la plus ancienne d’abord"
              />
            )}
          </section>
          <section aria-labelledby="coming" class="stack">
            <h2 id="coming">Prochaines convocations</h2>
            {coming.length === 0 ? (
              <p class="muted">Aucune convocation à venir.</p>
            ) : (
              <Visits rows={coming} view={view} caption="Convocations à venir, la plus proche d’abord" />
            )}
          </section>
          <Months {...view} />
          <ExportLinks address={`/absence/mine/export?months=${view.span}`} />
          <p>
            <a href="/absence/definitions">Définitions de tous les chiffres</a>
          </p>
        </div>
      )}
    </AppPage>
  );
}

function Sentence({ persons, total, interval, span }: MinePageView) {
  const known = knownOutcomes(total);
  return (
    <section aria-label="En une phrase">
      <p class="verdict">
        {interval === null ? (
          <>Aucune issue n’est connue depuis {span} mois.</>
        ) : (
          <>
            <strong>
              {thousands(total.missed)} {total.missed > 1 ? 'convocations manquées' : 'convocation manquée'}{' '}
              sur {thousands(known)}
            </strong>
            , soit {percent(interval.value)}, entre {percent(interval.low)} et {percent(interval.high)}{' '}
            (intervalle à 95{NBSP}%).
          </>
        )}
      </p>
      <p class="muted">
        {plural(persons, 'personne')}, depuis {span} mois. {plural(total.excused, 'excusée')},{' '}
        {plural(total.cancelled, 'annulée')}, {thousands(total.unknown)} à marquer sur cette période.
        {known > 0 && known < FEW_OUTCOMES && ' Trop peu d’issues pour y lire une tendance.'}
      </p>
      <nav class="filters" aria-label="Période">
        {SPANS.map((months) => (
          <a
            key={months}
            href={`/absence/mine?months=${months}`}
            aria-current={months === span ? 'true' : undefined}
          >
            {months} mois
          </a>
        ))}
      </nav>
    </section>
  );
}

function Visits(props: {
  readonly rows: readonly ConvocationView[];
  readonly view: MinePageView;
  readonly caption: string;
}) {
  const { rows, view, caption } = props;
  return (
    <>
      <table class="blocks">
        <caption class="visually-hidden">{caption}</caption>
        <TableHead columns={['Personne', 'Date', 'Type et lieu']} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <a href={`/convocations/${row.id}`}>
                  {row.firstName} {row.lastName}
                </a>
              </th>
              <td data-label="Date">{capital(moment(row, view.timeZone))}</td>
              <td data-label="Type et lieu">
                {row.typeName}
                <br />
                <small class="muted">{row.placeName}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === LISTED && <p class="hint">Les {LISTED} premières seulement.</p>}
    </>
  );
}

function Months({ months }: MinePageView) {
  return (
    <section aria-labelledby="months" class="stack">
      <h2 id="months">Mois par mois</h2>
      <table class="compact short">
        <caption>Manquées (n) sur issues connues (N)</caption>
        <TableHead columns={['Mois', numeric('n / N'), numeric('Taux'), numeric('À marquer')]} />
        <tbody>
          {months.toReversed().map((month) => {
            const known = knownOutcomes(month);
            return (
              <tr key={month.month}>
                <th scope="row">{capital(shortMonth(month.month))}</th>
                <td class="num">
                  {known === 0 ? '–' : `${thousands(month.missed)}${NBSP}/${NBSP}${thousands(known)}`}
                </td>
                <td class="num">{percent(absenceRate(month))}</td>
                <td class="num">{month.unknown === 0 ? '–' : thousands(month.unknown)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
