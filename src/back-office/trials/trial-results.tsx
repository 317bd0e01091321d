import type { ComponentChildren } from 'preact';
import type { TrialView } from '../../notifications/trials/trial.queries.js';
import { absenceBounds } from '../../statistics/domain/definitions.js';
import type { Interval } from '../../statistics/domain/estimate.js';
import type { TrialReading } from '../../statistics/domain/trial-reading.js';
import type { TrialReport } from '../../statistics/trials/read-trial.js';
import { DifferencePlot } from '../../ui/charts/difference-plot.js';
import { State } from '../../ui/state.js';
import { decimal, NBSP, percent, plainDate, thousands } from '../../ui/typography.js';
import { ArmTable } from './arm-table.js';
import { CONCLUSIONS } from './trial-words.js';

/** Rates, differences and what may be concluded; nothing of it while it is hidden. */
export function Results({ trial, reading, visibility }: TrialReport) {
  if (reading === null) return null;
  const title = visibility.kind === 'look' ? 'Regard prévu par la règle inscrite' : 'Résultats';
  return (
    <section aria-labelledby="results" class="stack">
      <h2 id="results">{title}</h2>
      <p class="muted">Rendez-vous jusqu’au {plainDate(visibility.until)}.</p>
      <Differences trial={trial} reading={reading} />
      <ArmTable
        label="Taux d’absence par bras"
        columns={[
          'Manquées sur connues',
          'Taux (intervalle à 95\u00a0%)',
          'Issues inconnues',
          'Différence avec le premier',
        ]}
        rows={reading.arms.map((arm, at) => ({ name: nameOf(trial, at), cells: cellsOf(arm, at, reading) }))}
      />
      <p class="small muted">{boundWords(trial, reading)}</p>
    </section>
  );
}

function nameOf({ arms }: TrialView, at: number): string {
  return arms[at]?.name ?? '';
}

function cellsOf(
  { rate, counts }: TrialReading['arms'][number],
  at: number,
  { differences }: TrialReading,
): readonly ComponentChildren[] {
  const bounds = counts.unknown === 0 ? null : absenceBounds(counts);
  const difference = differences.find((one) => one.arm === at)?.difference ?? null;
  return [
    `${thousands(rate.missed)} / ${thousands(rate.known)}`,
    rate.known === 0 ? (
      '–'
    ) : (
      <>
        {percent(rate.value)}
        <span class="range">
          {percent(rate.low)} à {percent(rate.high)}
        </span>
      </>
    ),
    <>
      {thousands(counts.unknown)}
      {bounds !== null && (
        <span class="range">
          taux entre {percent(bounds.low)} et {percent(bounds.high)}
        </span>
      )}
    </>,
    at === 0 ? 'bras de comparaison' : difference === null ? '–' : inPoints(difference),
  ];
}

function Differences({ trial, reading }: { readonly trial: TrialView; readonly reading: TrialReading }) {
  const first = nameOf(trial, 0);
  const rows = reading.differences.flatMap((one) =>
    one.difference === null ? [] : [{ label: nameOf(trial, one.arm), ...one.difference }],
  );
  return (
    <>
      <ul class="findings">
        {reading.differences.map((one) => (
          <li key={one.arm}>
            <State {...CONCLUSIONS[one.conclusion]} />{' '}
            <strong>
              {nameOf(trial, one.arm)}, comparé à {first}
            </strong>
            {one.difference === null ? '. ' : `${NBSP}: ${inPoints(one.difference)}. `}
            {CONCLUSIONS[one.conclusion].sentence}
          </li>
        ))}
      </ul>
      {rows.length > 0 && (
        <figure>
          <DifferencePlot
            id="differences"
            title={`Différence de taux d’absence avec ${first}`}
            description={`${rows.map((row) => `${row.label}${NBSP}: ${inPoints(row)}`).join('. ')}.`}
            rows={rows}
            sides={['moins d’absences', 'plus d’absences']}
          />
          <figcaption class="small muted">
            Points de taux d’absence, avec leur intervalle&nbsp;; zéro&nbsp;: pas de différence avec {first}.
          </figcaption>
        </figure>
      )}
    </>
  );
}

/** « −4,2 points (−7,9 à −0,5) », « +1,0 point… ». */
function inPoints({ value, low, high }: Interval): string {
  const points = (share: number) => `${share > 0 ? '+' : ''}${decimal(share * 100)}`;
  return `${points(value)}${NBSP}points (${points(low)} à ${points(high)})`;
}

function boundWords({ arms, looks }: TrialView, { bound }: TrialReading): string {
  const why = [
    ...(arms.length > 2 ? [`${arms.length - 1}${NBSP}comparaisons`] : []),
    ...(looks.length > 0 ? [`${looks.length + 1}${NBSP}regards`] : []),
  ];
  if (why.length === 0) return `Intervalles à 95${NBSP}%, personnes convoquées plusieurs fois comprises.`;
  return `Les intervalles des différences sont élargis (borne ${decimal(bound)} au lieu de 2,0) parce qu’il y a ${why.join(' et ')}${NBSP}: l’essai entier ne se trompe pas plus de 5${NBSP}fois sur 100.`;
}

/** How far it has come; who came is no part of it. */
export function Progress({ trial, progress }: TrialReport) {
  const known = progress.reduce((sum, arm) => sum + arm.known, 0);
  return (
    <section aria-labelledby="progress" class="stack">
      <h2 id="progress">Où il en est</h2>
      <p>
        {thousands(known)} convocations dont l’issue est connue, sur {thousands(trial.plannedSize)} prévues.
        Tout le monde compte dans son bras, joint ou non.
      </p>
      <ArmTable
        label="Avancement par bras"
        columns={[
          trial.unit === 'person' ? 'Personnes tirées au sort' : 'Services tirés au sort',
          'Convocations',
          'Issue connue',
          'À marquer',
          'Annulées',
        ]}
        rows={progress.map(({ units, convocations, known: told, unknown, cancelled }, at) => ({
          name: nameOf(trial, at),
          cells: [units, convocations, told, unknown, cancelled].map(thousands),
        }))}
      />
    </section>
  );
}

/** Harm is watched from the first day; it says nothing of absence. */
export function Guards({ trial, progress }: TrialReport) {
  const share = (count: number, of: number) =>
    of === 0 ? '–' : `${thousands(count)} sur ${thousands(of)} (${percent(count / of)})`;
  return (
    <section aria-labelledby="guards" class="stack">
      <h2 id="guards">Garde-fous, visibles dès le premier jour</h2>
      <p class="muted">Si un bras gêne les personnes plus que les autres, arrêtez l’essai.</p>
      <ArmTable
        label="Garde-fous par bras"
        columns={['Ont arrêté les messages', '«\u00a0Ce n’est pas moi\u00a0»', 'Messages non reçus']}
        rows={progress.map((arm, at) => ({
          name: nameOf(trial, at),
          cells: [
            share(arm.stops, arm.persons),
            share(arm.wrongPersons, arm.persons),
            share(arm.undelivered, arm.sent),
          ],
        }))}
      />
    </section>
  );
}
