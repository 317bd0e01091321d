import { absenceRate, knownOutcomes } from '../../statistics/domain/absence-rate.js';
import { absenceBounds, completeness, strictAbsenceRate } from '../../statistics/domain/definitions.js';
import type { DetailedCounts } from '../../statistics/domain/counts.js';
import { decimal, NBSP, percent, thousands } from '../../ui/typography.js';
import { nOf } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';
import { REFERENCE_NAME, referenceWords } from './reference-rate.js';

/** What became of the convocations, and what the rate leaves aside; recorded here. */
export function FigureCards({ counts, tables, startedIn, referencePercent }: AbsenceFigures) {
  if (counts === null) return null;
  const known = knownOutcomes(counts);
  const total = known + counts.unknown + counts.cancelled;
  return (
    <section aria-labelledby="counts" class="stack">
      <h2 id="counts">
        {thousands(total)}
        {NBSP}convocations{startedIn === null ? '' : ' depuis la mise en service'}
      </h2>
      <dl class="counters three">
        <Card
          label={`Manquées, ${nOf({ missed: counts.missed, known })}`}
          value={percent(absenceRate(counts))}
        />
        <Card
          label={`Taux strict, sans les ${thousands(counts.excused)}${NBSP}excusées`}
          value={percent(strictAbsenceRate(counts))}
        />
        <Card label={unknownWords(counts)} value={thousands(counts.unknown)} href="/attention/unmarked" />
        <Card label={cancelledWords(counts)} value={thousands(counts.cancelled)} />
        <Card
          label="Déplacées au moins une fois, comptées à leur dernière date"
          value={thousands(counts.rescheduled)}
        />
        <Unreachable tables={tables} />
      </dl>
      {referencePercent !== null && (
        <p class="hint">
          <a href="/absence/definitions#reference-rate">{REFERENCE_NAME}</a>
          &nbsp;: {referenceWords(referencePercent)}
        </p>
      )}
    </section>
  );
}

function Card(props: { readonly label: string; readonly value: string; readonly href?: string }) {
  return (
    <div>
      <dt>{props.href === undefined ? props.label : <a href={props.href}>{props.label}</a>}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function unknownWords(counts: DetailedCounts): string {
  const bounds = absenceBounds(counts);
  const share = percent(completeness(counts));
  if (counts.unknown === 0 || bounds === null) return `Issues à marquer\u00a0; ${share} sont connues`;
  const range = `${decimal(bounds.low * 100)} et ${percent(bounds.high)}`;
  return `Issues à marquer (${share} sont connues)\u00a0: le taux est entre ${range}`;
}

function cancelledWords(counts: DetailedCounts): string {
  const by = [
    { who: 'le service', n: counts.cancelledByService },
    { who: 'la personne', n: counts.cancelledByPerson },
    { who: 'la juridiction', n: counts.cancelledByCourt },
  ].filter(({ n }) => n > 0);
  const words = by.map(({ who, n }) => `${thousands(n)} par ${who}`).join(', ');
  return words === '' ? 'Annulées, hors du taux' : `Annulées, hors du taux\u00a0: ${words}`;
}

/** Those whom no text reaches stay in the rate: shown, so that nobody believes otherwise. */
function Unreachable({ tables }: Pick<AbsenceFigures, 'tables'>) {
  const rows = tables.find(({ key }) => key === 'reach')?.rows ?? [];
  const without = rows.filter(({ label }) => label !== rows[0]?.label);
  const known = without.reduce((sum, row) => sum + row.known, 0);
  const missed = without.reduce((sum, row) => sum + row.missed, 0);
  if (known === 0) return null;
  return (
    <Card
      label={`Sans mobile ou refus des SMS, compris dans le taux\u00a0: ${percent(missed / known)} manquées`}
      value={thousands(known)}
    />
  );
}
