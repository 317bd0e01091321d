import { AbsenceChart, type ChartPoint, shortMonthTitle } from '../../ui/absence-chart.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { decimal, NBSP, percent, plainDate, thousands } from '../../ui/typography.js';
import type { AbsenceFigure, AbsenceTable } from '../../statistics/absence-table.query.js';
import type { Difference } from '../../statistics/domain/rate-interval.js';

export interface AbsenceView {
  readonly frame: Frame;
  readonly periodWords: string;
  readonly from: string;
  readonly to: string;
  readonly table: AbsenceTable;
  /** Which service the sentence and the curve are about. */
  readonly chosen: AbsenceTable['services'][number] | null;
  readonly points: readonly ChartPoint[];
  readonly difference: Difference | null;
}

export function AbsencePage(view: AbsenceView) {
  const { frame, table, chosen, periodWords } = view;
  const title = chosen === null ? 'Absence' : `Absence, ${chosen.name}`;
  return (
    <AppPage frame={frame} title={title} current="/absence">
      <PageHead title={title}>
        <p class="muted">{periodWords}, tous les types.</p>
      </PageHead>
      <div class="sections">
        {chosen === null ? (
          <p class="muted">Aucun service.</p>
        ) : (
          <>
            <Sentence {...view} chosen={chosen} />
            <section aria-labelledby="curve">
              <div class="split chart">
                <figure>
                  <h2 id="curve">Taux d’absence par mois</h2>
                  <AbsenceChart points={view.points} rolledOutOn={chosen.rolledOutOn} />
                  <figcaption>
                    Ligne&nbsp;: taux du mois. Bande&nbsp;: intervalle à 95&nbsp;%, qui compte chaque
                    convocation comme indépendante&nbsp;; il est un peu trop étroit, car les mêmes personnes
                    reviennent.
                  </figcaption>
                </figure>
                <MonthTable table={table} service={chosen} />
              </div>
            </section>
          </>
        )}
        {table.services.length > 1 && <ServicesTable {...view} />}
        <PeriodForm {...view} />
        <Definitions />
      </div>
    </AppPage>
  );
}

type Service = AbsenceTable['services'][number];

function Sentence({ chosen, difference }: AbsenceView & { readonly chosen: Service }) {
  const { since, before, total } = chosen;
  return (
    <section aria-label="En une phrase">
      <p class="verdict">
        {since !== null && before !== null && difference !== null ? (
          <>
            Depuis la mise en service, <strong>{percent(since.rate)} des convocations sont manquées</strong>,
            contre {percent(before.rate)} avant&nbsp;: <strong>{points(difference.value)}</strong>, entre{' '}
            {signed(difference.low)} et {signed(difference.high)} (intervalle à 95&nbsp;%). Cette comparaison
            ne prouve pas à elle seule l’effet du service&nbsp;: d’autres choses ont pu changer, et les
            saisons ne sont pas les mêmes.
          </>
        ) : total.known === 0 ? (
          <>Aucune issue n’est connue sur la période.</>
        ) : (
          <>
            <strong>{percent(total.rate)} des convocations sont manquées</strong> sur la période. Rien ne
            permet encore de comparer avant et après la mise en service.
          </>
        )}
      </p>
      <p class="muted">
        {thousands((since ?? total).missed)}&nbsp;manquées sur {thousands((since ?? total).known)}&nbsp;issues
        connues
        {since !== null && ' depuis la mise en service'}
        {before !== null && `\u00a0; ${thousands(before.missed)} sur ${thousands(before.known)} avant`}.{' '}
        <Unmarked figure={total} />
      </p>
    </section>
  );
}

function Unmarked({ figure }: { readonly figure: AbsenceFigure }) {
  if (figure.unknown === 0) return <>Toutes les issues passées sont marquées.</>;
  const worst = (figure.missed + figure.unknown) / (figure.known + figure.unknown);
  return (
    <>
      <a href="/attention/unmarked">
        {thousands(figure.unknown)}&nbsp;{figure.unknown > 1 ? 'issues restent' : 'issue reste'} à marquer
      </a>
      &nbsp;; si toutes étaient des absences, le taux de la période serait de {percent(worst)}.
    </>
  );
}

function MonthTable({ table, service }: { readonly table: AbsenceTable; readonly service: Service }) {
  const at = table.services.indexOf(service);
  const rollOutMonth = service.rolledOutOn?.slice(0, 7);
  const yearBefore = (month: string) => `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`;
  const rateOf = (month: string) =>
    table.months.find((one) => one.month === month)?.figures[at]?.rate ?? null;
  return (
    <div>
      <table class="compact">
        <caption>Manquées (n) sur issues connues (N), {service.name}</caption>
        <thead>
          <tr>
            <th scope="col">Mois</th>
            <th scope="col" class="num">
              n / N
            </th>
            <th scope="col" class="num">
              Taux
            </th>
            <th scope="col" class="num">
              1 an avant
            </th>
          </tr>
        </thead>
        <tbody>
          {table.months.map(({ month, figures }) => (
            <tr key={month} class={month === rollOutMonth ? 'rollout-row' : undefined}>
              <th scope="row">
                {shortMonthTitle(month)}
                {month === rollOutMonth && <span class="rollout-mark">mise en service</span>}
              </th>
              <FigureCells figure={figures[at] ?? null} />
              <td class="num">{percent(rateOf(yearBefore(month)))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Ensemble</th>
            <FigureCells figure={service.total} />
            <td class="num" />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function FigureCells({ figure }: { readonly figure: AbsenceFigure | null }) {
  return (
    <>
      <td class="num">{figure === null ? '–' : nOf(figure)}</td>
      <td class="num">
        <strong>{percent(figure?.rate ?? null)}</strong>
      </td>
    </>
  );
}

function nOf({ missed, known }: AbsenceFigure): string {
  return `${thousands(missed)}${NBSP}/${NBSP}${thousands(known)}`;
}

/** Month × service; a dashed box marks the month a service rolled out. */
function ServicesTable({ table, chosen, from, to }: AbsenceView) {
  return (
    <section aria-labelledby="services" class="stack">
      <h2 id="services">Par service et par mois</h2>
      <div class="scroll" role="region" aria-label="Tableau des services" tabIndex={0}>
        <table class="compact">
          <caption>Manquées / issues connues. Cadre en tirets&nbsp;: mois de la mise en service.</caption>
          <thead>
            <tr>
              <th scope="col">Mois</th>
              {table.services.map(({ id, name }) => (
                <th key={id} scope="col" class="num">
                  {id === chosen?.id ? (
                    <strong>{name}</strong>
                  ) : (
                    <a href={`/absence?service=${id}&from=${from}&to=${to}`}>{name}</a>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.months.map(({ month, figures }) => (
              <tr key={month}>
                <th scope="row">{shortMonthTitle(month)}</th>
                {figures.map((figure, at) => {
                  const service = table.services[at];
                  const isRollOut = service?.rolledOutOn?.slice(0, 7) === month;
                  const words = figure === null ? '–' : nOf(figure);
                  return (
                    <td key={service?.id ?? at} class="num">
                      {isRollOut ? <span class="rollout-mark">{words}</span> : words}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Ensemble</th>
              {table.services.map(({ id, total }) => (
                <td key={id} class="num">
                  {nOf(total)}
                  <br />
                  {percent(total.rate)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="hint">{rollOuts(table)}</p>
    </section>
  );
}

function rollOuts({ services }: AbsenceTable): string {
  const dated = services.flatMap(({ name, rolledOutOn }) =>
    rolledOutOn === null ? [] : [`${name}, ${plainDate(rolledOutOn)}`],
  );
  return dated.length === 0
    ? 'Aucune mise en service datée.'
    : `Mises en service\u00a0: ${dated.join('\u00a0; ')}.`;
}

function PeriodForm({ from, to, chosen }: AbsenceView) {
  return (
    <details>
      <summary>Changer la période</summary>
      <form class="form" method="get" action="/absence">
        {chosen !== null && <input type="hidden" name="service" value={chosen.id} />}
        <div class="fields">
          <div class="field">
            <label for="from">Premier mois</label>
            <input id="from" name="from" type="month" value={from} />
          </div>
          <div class="field">
            <label for="to">Dernier mois</label>
            <input id="to" name="to" type="month" value={to} />
          </div>
        </div>
        <div class="actions">
          <button class="secondary">Afficher</button>
        </div>
      </form>
    </details>
  );
}

function Definitions() {
  return (
    <details id="definitions">
      <summary>Définitions</summary>
      <p>
        Taux d’absence = manquées / (honorées + manquées + excusées), convocations passées dont l’issue est
        connue, au lieu du service. Les annulées sont comptées à part. Les personnes sans téléphone ou qui
        refusent les SMS restent dans le calcul. Aucun chiffre n’est donné par agent.
      </p>
    </details>
  );
}

function points(value: number): string {
  const size = decimal(value * 100);
  return `${value > 0 ? '+' : ''}${size}${NBSP}points`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${decimal(value * 100)}`;
}
