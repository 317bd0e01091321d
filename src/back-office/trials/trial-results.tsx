import type { TrialView } from '../../notifications/trials/trial.queries.js';
import { absenceBounds } from '../../statistics/domain/definitions.js';
import type { Interval } from '../../statistics/domain/estimate.js';
import type { ArmDifference, TrialReading } from '../../statistics/domain/trial-reading.js';
import type { TrialReport } from '../../statistics/trials/read-trial.js';
import { DifferencePlot } from '../../ui/charts/difference-plot.js';
import { State } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { decimal, NBSP, percent, plainDate, thousands } from '../../ui/typography.js';
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
      <div class="scroll" role="region" aria-label="Taux d’absence par bras" tabIndex={0}>
        <table>
          <TableHead
            columns={[
              'Bras',
              numeric('Manquées sur connues'),
              numeric('Taux (intervalle à 95\u00a0%)'),
              numeric('Issues inconnues'),
              numeric('Différence avec le premier'),
            ]}
          />
          <tbody>
            {reading.arms.map((_arm, at) => (
              <ArmRow key={at} trial={trial} reading={reading} at={at} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="small muted">{boundWords(trial, reading)}</p>
    </section>
  );
}

interface ArmRowProps {
  readonly trial: TrialView;
  readonly reading: TrialReading;
  readonly at: number;
}

function ArmRow({ trial, reading, at }: ArmRowProps) {
  const arm = reading.arms[at];
  if (arm === undefined) return null;
  const { rate, counts } = arm;
  const bounds = counts.unknown === 0 ? null : absenceBounds(counts);
  const difference = reading.differences.find((one) => one.arm === at)?.difference ?? null;
  return (
    <tr>
      <th scope="row">{trial.arms[at]?.name}</th>
      <td class="num">
        {thousands(rate.missed)} / {thousands(rate.known)}
      </td>
      <td class="num">
        {rate.known === 0 ? '–' : percent(rate.value)}
        {rate.known > 0 && (
          <span class="range">
            {percent(rate.low)} à {percent(rate.high)}
          </span>
        )}
      </td>
      <td class="num">
        {thousands(counts.unknown)}
        {bounds !== null && (
          <span class="range">
            taux entre {percent(bounds.low)} et {percent(bounds.high)}
          </span>
        )}
      </td>
      <td class="num">
        {at === 0 ? 'bras de comparaison' : difference === null ? '–' : inPoints(difference)}
      </td>
    </tr>
  );
}

function Differences({ trial, reading }: { readonly trial: TrialView; readonly reading: TrialReading }) {
  const first = trial.arms[0]?.name ?? '';
  const nameOf = ({ arm }: ArmDifference) => trial.arms[arm]?.name ?? '';
  const rows = reading.differences.flatMap((one) =>
    one.difference === null ? [] : [{ label: nameOf(one), ...one.difference }],
  );
  return (
    <>
      <ul class="findings">
        {reading.differences.map((one) => (
          <li key={one.arm}>
            <State {...CONCLUSIONS[one.conclusion]} />{' '}
            <strong>
              {nameOf(one)}, comparé à {first}
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
      <div class="scroll" role="region" aria-label="Avancement par bras" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Bras</th>
              <th scope="col" class="num">
                {trial.unit === 'person' ? 'Personnes tirées au sort' : 'Services tirés au sort'}
              </th>
              <th scope="col" class="num">
                Convocations
              </th>
              <th scope="col" class="num">
                Issue connue
              </th>
              <th scope="col" class="num">
                À marquer
              </th>
              <th scope="col" class="num">
                Annulées
              </th>
            </tr>
          </thead>
          <tbody>
            {progress.map((arm, at) => (
              <tr key={at}>
                <th scope="row">{trial.arms[at]?.name}</th>
                {([arm.units, arm.convocations, arm.known, arm.unknown, arm.cancelled] as const).map(
                  (count, column) => (
                    <td key={column} class="num">
                      {thousands(count)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
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
      <div class="scroll" role="region" aria-label="Garde-fous par bras" tabIndex={0}>
        <table>
          <TableHead
            columns={[
              'Bras',
              numeric('Ont arrêté les messages'),
              numeric('«\u00a0Ce n’est pas moi\u00a0»'),
              numeric('Messages non reçus'),
            ]}
          />
          <tbody>
            {progress.map((arm, at) => (
              <tr key={at}>
                <th scope="row">{trial.arms[at]?.name}</th>
                <td class="num">{share(arm.stops, arm.persons)}</td>
                <td class="num">{share(arm.wrongPersons, arm.persons)}</td>
                <td class="num">{share(arm.undelivered, arm.sent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
