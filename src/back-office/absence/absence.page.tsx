import { ExportLinks, yearsOf } from '../absence-exports/export-links.js';
import { serviceTables } from '../absence-exports/service-tables.js';
import { AppPage, PageHead } from '../../ui/app-page.js';
import { TrendChart } from '../../ui/charts/trend-chart.js';
import { TrendLegend } from '../../ui/charts/trend-legend.js';
import { capital, monthInWords, NBSP } from '../../ui/typography.js';
import type { AbsenceFigures } from './absence.view.js';
import { Effects } from './effects.js';
import { FigureCards } from './figure-cards.js';
import { FilterBar } from './filter-bar.js';
import { ReminderFunnel, WorstSlots } from './funnel-and-slots.js';
import { MonthTables } from './month-table.js';
import { SavingsSection } from './savings.js';
import { ShareTables } from './share-tables.js';
import type { AbsenceView } from './page-view.js';
import { Verdict } from './verdict.js';

export function AbsencePage(view: AbsenceView) {
  const { frame, service, seesNational } = view;
  const title = service === null ? 'Absence' : `Absence, ${service.name}`;
  const actions = (
    <>
      <a class="button secondary" href="/absence/definitions">
        Définitions
      </a>
      {seesNational && (
        <a class="button secondary" href="/absence/national">
          Tous les services
        </a>
      )}
      <a class="button secondary" href="/trials">
        Essais
      </a>
    </>
  );
  return (
    <AppPage frame={frame} title={title} current="/absence">
      <PageHead title={title} actions={actions}>
        <p class="muted">{scopeWords(view)}</p>
      </PageHead>
      <div class="sections">
        <FilterBar {...view} />
        {service === null ? <p class="muted">Aucun service.</p> : <Figures {...view} />}
        {service !== null && <TakeAway view={view} service={service} />}
      </div>
    </AppPage>
  );
}

function TakeAway(props: {
  readonly view: AbsenceView;
  readonly service: NonNullable<AbsenceView['service']>;
}) {
  const { view, service } = props;
  const { period, typeCode } = view;
  const type: Record<string, string> = typeCode === null ? {} : { type: typeCode };
  const asked = new URLSearchParams({ service: service.id, ...period, ...type });
  return (
    <ExportLinks
      address={`/absence/export?${asked.toString()}`}
      tables={serviceTables(view)}
      reports={yearsOf(period).map((year) => ({
        year,
        href: `/absence/report?service=${service.id}&year=${year}`,
      }))}
    />
  );
}

function scopeWords({ period, types, typeCode }: AbsenceFigures): string {
  const type = types.find(({ code }) => code === typeCode)?.name ?? 'tous les types';
  return `${capital(monthInWords(period.from))} à ${monthInWords(period.to)}, ${type}.`;
}

function Figures(view: AbsenceView) {
  return (
    <>
      <Verdict {...view} />
      <FigureCards {...view} />
      {view.months.length > 0 && <Curve {...view} />}
      <Effects {...view} />
      <NightlyNote {...view} />
      <div class="split even">
        <ReminderFunnel {...view} />
        <WorstSlots {...view} />
      </div>
      <ShareTables {...view} />
      <SavingsSection {...view} />
    </>
  );
}

function Curve(view: AbsenceView) {
  return (
    <section aria-labelledby="curve">
      <div class="split chart">
        <figure>
          <h2 id="curve">Taux d’absence par mois</h2>
          <TrendChart {...view.trend} />
          <figcaption>
            <TrendLegend
              points={view.trend.points}
              marks={view.trend.marks}
              targets={view.trend.targets}
              baselineSource={view.baselineSource}
            />
          </figcaption>
        </figure>
        <MonthTables {...view} />
      </div>
    </section>
  );
}

function NightlyNote({ foldedWords, since, startedIn }: AbsenceView) {
  const period = `${monthInWords(since.from)} à ${monthInWords(since.to)}`;
  return (
    <section aria-labelledby="detail" class="stack">
      <h2 id="detail">Dans le détail</h2>
      <p class="muted">
        {foldedWords === null
          ? 'Le détail est calculé la nuit\u00a0: il sera là demain.'
          : `Chiffres arrêtés à cette nuit (${foldedWords}), convocations enregistrées ici, ${period}${
              startedIn === null ? '' : `, depuis la mise en service`
            }. Les intervalles à 95${NBSP}% sont élargis parce que les mêmes personnes reviennent.`}
      </p>
    </section>
  );
}
