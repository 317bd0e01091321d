import { DEFINITIONS } from '../statistics/domain/definitions.js';
import { type Quarter, quarterCode } from '../statistics/domain/quarters.js';
import { LEAST_PERSONS } from '../statistics/domain/suppression.js';
import type { PublicFigures } from '../statistics/public-figures.query.js';
import { PageHead } from '../ui/app-page.js';
import { instantOf, toLocal } from '../shared/time.js';
import { monthsFrom, shortMonth } from '../ui/charts/scale.js';
import { TrendChart } from '../ui/charts/trend-chart.js';
import { DefinitionList } from '../ui/definition-list.js';
import { Document, Footer, SkipLink } from '../ui/document.js';
import { NBSP, plainDate, thousands } from '../ui/typography.js';
import { FigureTable, percentOf } from './figure-table.js';

const TITLE = 'L’absence aux convocations en chiffres';

/** Figures anybody may read: rounded, and none that stands on fewer than eleven persons. */
export function FiguresPage({ figures }: { readonly figures: PublicFigures }) {
  return (
    <Document title={`${TITLE} – Mon Suivi Justice`} listed>
      <SkipLink />
      <main id="contenu" tabIndex={-1}>
        <PageHead title={TITLE}>
          <p class="muted">
            Convocations des services qui utilisent Mon Suivi Justice. Comptage national, sans aucune donnée
            personnelle.
          </p>
        </PageHead>
        <div class="sections">
          {figures.quarter === null ? (
            <p>
              Aucun trimestre n’est encore arrêté. Les premiers chiffres paraîtront 30 jours après sa fin.
            </p>
          ) : (
            <>
              <Sentence figures={figures} />
              <Trend figures={figures} />
              <Quarters figures={figures} />
              <Services figures={figures} quarter={figures.quarter} />
            </>
          )}
          {figures.quarter !== null && <TakeAway quarter={quarterCode(figures.quarter)} />}
          <Hiding />
          <section aria-labelledby="definitions" class="stack">
            <h2 id="definitions">Définitions</h2>
            <DefinitionList definitions={DEFINITIONS} />
          </section>
        </div>
      </main>
      <Footer />
    </Document>
  );
}

function TakeAway({ quarter }: { readonly quarter: string }) {
  const address = `/chiffres/export?trimestre=${quarter}`;
  return (
    <section aria-labelledby="take-away" class="stack take-away">
      <h2 id="take-away">À emporter</h2>
      <ul>
        {['services', 'trimestres', 'mois'].map((table) => (
          <li key={table}>
            <a href={`${address}&format=csv&table=${table}`} download>
              CSV, {table}
            </a>
          </li>
        ))}
        {(['xlsx', 'pdf'] as const).map((format) => (
          <li key={format}>
            <a href={`${address}&format=${format}`} download>
              {format.toUpperCase()}, tous les tableaux
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Props {
  readonly figures: PublicFigures;
}

function Sentence({ figures }: Props) {
  const newest = figures.quarters.find(({ figure }) => figure !== null);
  if (newest?.figure == null) return null;
  const { figure, quarter } = newest;
  return (
    <section aria-label="En une phrase">
      <p class="verdict">
        Au {quarterInWords(quarter)},{' '}
        <strong>{percentOf(figure.absencePercent)} des convocations ont été manquées</strong>, sur environ{' '}
        {thousands(figure.known)} dont l’issue est connue.
      </p>
      <p class="muted">
        Une convocation manquée, c’est une personne attendue qui n’est pas venue sans être excusée. Ce chiffre
        ne dit pas pourquoi, ni ce que les rappels y changent.
      </p>
    </section>
  );
}

function Trend({ figures: { months } }: Props) {
  const shown = new Map(months.map(({ month, figure }) => [month, figure]));
  const [first, last] = [months[0]?.month, months.at(-1)?.month];
  if (first === undefined || last === undefined) return null;
  const points = monthsFrom(first, last).map((month) => {
    const percent = shown.get(month)?.absencePercent;
    const rate = percent === undefined ? null : percent / 100;
    return { month, rate, low: rate, high: rate, isBaseline: false, isIncomplete: false };
  });
  return (
    <section aria-labelledby="months">
      <div class="split chart roomy">
        <figure>
          <h2 id="months">Mois par mois, dans toute la France</h2>
          <TrendChart points={points} marks={[]} targets={[]} />
          <figcaption>
            Taux d’absence, arrondi à l’unité. Une ligne interrompue&nbsp;: chiffre masqué.
          </figcaption>
        </figure>
        <FigureTable
          caption="Par mois"
          first="Mois"
          rows={months.toReversed().map(({ month, figure }) => ({ name: shortMonth(month), figure }))}
        />
      </div>
    </section>
  );
}

function Quarters({ figures }: Props) {
  return (
    <section aria-labelledby="quarters" class="stack">
      <h2 id="quarters">Trimestre par trimestre</h2>
      <FigureTable
        caption="Ensemble des services"
        first="Trimestre"
        rows={figures.quarters.map(({ quarter, figure }) => ({ name: quarterInWords(quarter), figure }))}
      />
    </section>
  );
}

function Services({ figures, quarter }: Props & { readonly quarter: Quarter }) {
  const computed = figures.quarters.find((one) => one.quarter === quarter)?.computedAt;
  return (
    <section aria-labelledby="services" class="stack">
      <h2 id="services">Par service, {quarterInWords(quarter)}</h2>
      <nav class="filters" aria-label="Trimestre">
        {figures.quarters.map((one) => (
          <a
            key={one.quarter}
            href={`/chiffres?trimestre=${quarterCode(one.quarter)}#services`}
            aria-current={one.quarter === quarter ? 'true' : undefined}
          >
            {quarterCode(one.quarter)}
          </a>
        ))}
      </nav>
      <p class="hint">
        Par ordre alphabétique. Les services n’ont ni les mêmes publics ni les mêmes convocations&nbsp;: ce
        tableau n’est pas un classement.
      </p>
      <FigureTable
        caption={`Par service, ${quarterInWords(quarter)}`}
        first="Service"
        rows={figures.services}
      />
      {computed !== undefined && (
        <p class="hint">
          Chiffres arrêtés le {plainDate(toLocal(instantOf(computed), 'Europe/Paris').date)}.
        </p>
      )}
    </section>
  );
}

function Hiding() {
  return (
    <section aria-labelledby="hiding" class="stack">
      <h2 id="hiding">Ce qui est arrondi, ce qui est masqué</h2>
      <p>
        Les nombres sont arrondis à la dizaine et les taux à l’unité&nbsp;: une somme peut différer un peu de
        son total. Une ligne est masquée quand moins de {LEAST_PERSONS} personnes différentes ont manqué une
        convocation, ou moins de {LEAST_PERSONS} en ont honoré une. Quand une seule ligne le serait, une
        deuxième l’est aussi&nbsp;: sans elle, une soustraction suffirait.
      </p>
      <p>
        Un trimestre est arrêté 30 jours après sa fin, puis ne change plus, même si des issues sont marquées
        plus tard&nbsp;: comparer deux versions d’un tableau ferait retrouver ce qu’il masque. Les mois
        d’avant l’arrivée du service, repris d’anciens comptages, n’y figurent pas&nbsp;: on ne sait pas
        combien de personnes ils comptent.
      </p>
    </section>
  );
}

const ORDINALS = ['1ᵉʳ', '2ᵉ', '3ᵉ', '4ᵉ'];

/** « 2ᵉ trimestre 2026 ». */
function quarterInWords(quarter: Quarter): string {
  const number = ORDINALS[(Number(quarter.slice(5, 7)) - 1) / 3] ?? '';
  return `${number}${NBSP}trimestre${NBSP}${quarter.slice(0, 4)}`;
}
