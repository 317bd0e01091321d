import { AppPage, type Frame } from '../../ui/app-page.js';
import { SeatBar } from '../../ui/state.js';
import { percent, plural } from '../../ui/typography.js';
import { AttentionCounters, type Counter } from '../attention/attention.page.js';
import { nOf, rangeOf } from '../absence/absence-words.js';
import { type DayRow, OutcomeButtons, RowsTable } from '../day-list/day-row.js';
import { SearchForm } from '../persons/search.page.js';
import type { MonthFigure } from './absence-now.js';

export interface FreeSeat {
  readonly slotId: string;
  readonly when: string;
  readonly where: string;
  readonly left: number;
  readonly capacity: number;
}

export interface HomeView {
  readonly frame: Frame;
  readonly date: string;
  readonly today: string;
  readonly rows: readonly DayRow[];
  /** What needs somebody, with the page where it is done. */
  readonly attention: readonly Counter[];
  /** Next free hearing seats: what a court looks for. */
  readonly seats: readonly FreeSeat[] | null;
  /** Absence this month, against the others: what a director looks for. */
  readonly absence: readonly MonthFigure[] | null;
}

export function HomePage(view: HomeView) {
  const { frame, absence, seats } = view;
  return (
    <AppPage frame={frame} title="Accueil" current="/" withoutSearch>
      <div class="page-head">
        <div>
          <h1>{view.date}</h1>
          <SearchForm csrfToken={frame.csrfToken} query="" />
        </div>
        <div class="actions">
          <a class="button secondary" href="/persons/new">
            Nouveau probationnaire
          </a>
        </div>
      </div>
      <div class="sections">
        {absence !== null && <Absence figures={absence} />}
        <div class="split">
          <div class="sections">
            <Today {...view} />
          </div>
          <div class="sections">
            <section aria-labelledby="attention" class="stack">
              <h2 id="attention">À traiter</h2>
              <AttentionCounters counters={view.attention} />
            </section>
            {seats !== null && <Seats seats={seats} />}
          </div>
        </div>
      </div>
    </AppPage>
  );
}

function Today({ rows, today, frame }: HomeView) {
  return (
    <section aria-labelledby="today" class="stack">
      <div class="entry">
        <h2 id="today">Aujourd’hui, {plural(rows.length, 'convocation')}</h2>
        <a href={`/days/${today}`}>Liste du jour</a>
      </div>
      {rows.length === 0 ? (
        <p class="muted">Personne n’est convoqué aujourd’hui dans votre service.</p>
      ) : (
        <RowsTable
          rows={rows}
          caption="Convocations d’aujourd’hui, par heure"
          outcome={(row) => <OutcomeButtons row={row} csrfToken={frame.csrfToken} />}
        />
      )}
    </section>
  );
}

function Seats({ seats }: { readonly seats: readonly FreeSeat[] }) {
  return (
    <section aria-labelledby="seats" class="stack">
      <h2 id="seats">Prochaines places d’audience</h2>
      {seats.length === 0 ? (
        <p class="muted">Aucune place libre dans le mois.</p>
      ) : (
        <ul class="attention">
          {seats.map(({ slotId, when, where, left, capacity }) => (
            <li key={slotId}>
              <strong>{when}</strong>
              <small>
                {where}, {plural(left, 'place')} sur {capacity}
              </small>
              <SeatBar left={left} capacity={capacity} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Absence({ figures }: { readonly figures: readonly MonthFigure[] }) {
  return (
    <section class="absence-now" aria-labelledby="absence">
      <div class="entry">
        <h2 id="absence">Absence</h2>
        <a href="/absence">Voir le tableau</a>
      </div>
      <dl class="counters">
        {figures.map(({ label, missed, known, interval }) => (
          <div key={label}>
            <dt>
              {label}
              <br />
              {nOf({ missed, known })}
              {interval !== null && `, de ${rangeOf(interval)}`}
            </dt>
            <dd>{percent(interval?.rate ?? null)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
