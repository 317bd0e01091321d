import type { ManagedService, RegisterEntry, TargetEntry } from '../../statistics/rollouts/register.query.js';
import { State, type StateWord } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { NBSP, plainDate } from '../../ui/typography.js';
import { scopeInWords, targetInWords, writtenBy } from './rollout-words.js';

/** What stands in the register of one service. */
export interface Register {
  readonly service: ManagedService;
  /** At the service. */
  readonly today: string;
  readonly entries: readonly RegisterEntry[];
  readonly target: readonly TargetEntry[];
}

/** What is held true: pilots that run, have stopped or are still to begin. */
export function Running({ entries, service, today }: Register) {
  const held = entries.filter(({ withdrawnAt }) => withdrawnAt === null);
  return (
    <section aria-labelledby="register" class="stack">
      <h2 id="register">Registre</h2>
      {held.length === 0 ? (
        <p>Rien n’est inscrit{NBSP}: le service n’est pas encore déployé.</p>
      ) : (
        <div class="scroll" role="region" aria-label="Tableau des mises en service" tabIndex={0}>
          <table>
            <TableHead columns={['Périmètre', 'État', 'Premier jour', 'Arrêt', 'Note', 'Écrit par']} />
            <tbody>
              {held.map((entry) => (
                <tr key={entry.id}>
                  <th scope="row">
                    <a href={`/rollouts/row?rollout=${entry.id}`}>{scopeInWords(entry)}</a>
                  </th>
                  <td>
                    <State {...stateOf(entry, today)} />
                  </td>
                  <td>{plainDate(entry.startedOn)}</td>
                  <td>{entry.stoppedOn === null ? '–' : plainDate(entry.stoppedOn)}</td>
                  <td>{entry.note}</td>
                  <td>{writtenBy(entry.writtenBy, entry.writtenAt, service.timeZone)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function stateOf({ startedOn, stoppedOn }: RegisterEntry, today: string): StateWord {
  if (startedOn > today) return { word: 'Prévue', shape: 'wait' };
  return stoppedOn !== null && stoppedOn <= today
    ? { word: 'Arrêtée', shape: 'off' }
    : { word: 'En service', shape: 'ok' };
}

/** Corrected and withdrawn rows, and earlier targets. */
export function History({ entries, target, service }: Register) {
  const gone = entries.flatMap((entry) =>
    entry.withdrawnAt === null ? [] : [{ ...entry, at: entry.withdrawnAt }],
  );
  const targets = target.filter(({ withdrawnAt }) => withdrawnAt !== null);
  if (gone.length + targets.length === 0) return null;
  return (
    <section aria-labelledby="history" class="stack">
      <h2 id="history">Historique</h2>
      <p class="muted">Ce qui a été corrigé ou retiré. Rien n’est jamais effacé.</p>
      <ul>
        {gone.map((entry) => (
          <li key={entry.id}>
            {scopeInWords(entry)}, du {plainDate(entry.startedOn)}
            {entry.stoppedOn === null ? '' : ` au ${plainDate(entry.stoppedOn)}`}
            {entry.note === '' ? '' : ` (${entry.note})`}. Écrit par{' '}
            {writtenBy(entry.writtenBy, entry.writtenAt, service.timeZone)}
            {NBSP}; retiré par {writtenBy(entry.withdrawnBy, entry.at, service.timeZone)}.
          </li>
        ))}
        {targets.map((one) => (
          <li key={one.writtenAt.toISOString()}>
            Objectif{NBSP}: {targetInWords(one)} Fixé par{' '}
            {writtenBy(one.writtenBy, one.writtenAt, service.timeZone)}.
          </li>
        ))}
      </ul>
    </section>
  );
}
