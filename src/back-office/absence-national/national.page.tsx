import { ExportLinks } from '../absence-exports/export-links.js';
import { nationalExport } from '../absence-exports/national-tables-export.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { SmallMultiples } from '../../ui/charts/small-multiples.js';
import { capital, monthInWords, NBSP, percent, thousands } from '../../ui/typography.js';
import { EffectSection } from './effect-section.js';
import { FunnelSection } from './funnel-section.js';
import { nationalAddress } from './national-filter.js';
import { MonthsTable, ServicesTable } from './national-tables.js';
import type { NationalView } from './national.view.js';

export type NationalPageView = NationalView & { readonly frame: Frame };

export function NationalPage(view: NationalPageView) {
  const { frame, query, panels, months } = view;
  const title = 'Absence, vue nationale';
  return (
    <AppPage frame={frame} title={title} current="/absence">
      <PageHead title={title} back={{ href: '/absence', label: 'Absence' }}>
        <p class="muted">
          {capital(monthInWords(query.from))} à {monthInWords(query.to)}, {scopeWords(view)}.
        </p>
      </PageHead>
      <div class="sections">
        <Filters {...view} />
        <Sentence {...view} />
        <ServicesTable {...view} />
        <FunnelSection {...view} />
        {panels.length > 0 && (
          <section aria-labelledby="curves" class="stack">
            <h2 id="curves">Mois par mois</h2>
            <p class="hint">
              Taux d’absence en %, même échelle partout, de {monthInWords(months[0] ?? query.from)} à{' '}
              {monthInWords(query.to)}. Une ligne s’interrompt quand rien n’est connu.
            </p>
            <SmallMultiples months={months} panels={panels} />
            <MonthsTable {...view} />
          </section>
        )}
        <EffectSection {...view} />
        <ExportLinks
          address={nationalAddress(query).replace('/absence/national', '/absence/national/export')}
          tables={nationalExport(view)}
        />
        <p>
          <a href="/absence/definitions">Définitions de tous les chiffres</a>
        </p>
      </div>
    </AppPage>
  );
}

const KINDS = { spip: 'SPIP', tj: 'tribunaux judiciaires' } as const;

function scopeWords({ query, types }: NationalPageView): string {
  const type = types.find(({ code }) => code === query.type)?.name ?? 'tous les types';
  const kind = query.kind === null ? 'tous les services' : KINDS[query.kind];
  return `${kind}, ${type}`;
}

function Sentence({ total, totalInterval, rows, effect }: NationalPageView) {
  if (totalInterval === null) return <p class="verdict">Aucune issue n’est connue sur la période.</p>;
  const known = rows.filter((row) => row.known > 0).length;
  return (
    <section aria-label="En une phrase">
      <p class="verdict">
        <strong>{percent(totalInterval.rate)} des convocations sont manquées</strong>, entre{' '}
        {percent(totalInterval.low)} et {percent(totalInterval.high)} (intervalle à 95{NBSP}%).
      </p>
      <p class="muted">
        {thousands(total.missed)} manquées sur {thousands(total.attended + total.missed + total.excused)}{' '}
        issues connues{effect === null ? '' : `, dans ${known} services`}&nbsp;; {thousands(total.unknown)} à
        marquer.
      </p>
    </section>
  );
}

function Filters({ query, types, effect }: NationalPageView) {
  return (
    <form class="form filter in-line" method="get" action="/absence/national">
      <div class="fields">
        <div class="field">
          <label for="from">Premier mois</label>
          <input id="from" name="from" type="month" value={query.from} />
        </div>
        <div class="field">
          <label for="to">Dernier mois</label>
          <input id="to" name="to" type="month" value={query.to} />
        </div>
        {effect !== null && (
          <div class="field">
            <label for="kind">Services</label>
            <select id="kind" name="kind">
              {(['spip', 'tj', 'all'] as const).map((kind) => (
                <option key={kind} value={kind} selected={kind === (query.kind ?? 'all')}>
                  {kind === 'all' ? 'Tous' : capital(KINDS[kind])}
                </option>
              ))}
            </select>
          </div>
        )}
        <div class="field">
          <label for="type">Type de convocation</label>
          <select id="type" name="type">
            <option value="">Tous</option>
            {types.map(({ code, name }) => (
              <option key={code} value={code} selected={code === query.type}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </div>
      {query.sort !== 'name' && <input type="hidden" name="sort" value={query.sort} />}
      <div class="actions">
        <button class="secondary">Afficher</button>
      </div>
    </form>
  );
}
