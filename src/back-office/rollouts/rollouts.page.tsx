import type {
  ManagedService,
  RegisterEntry,
  ScopeChoices,
  TargetEntry,
} from '../../statistics/rollouts/register.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Done, State, type StateWord } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { NBSP, plainDate } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { ServiceSwitch } from '../service-switch.js';
import { scopeInWords, writtenBy } from './rollout-words.js';

export type StartForm = Readonly<Record<'organization' | 'scope' | 'startedOn' | 'note', string>>;
export type TargetForm = Readonly<
  Record<'organization' | 'relativeChange' | 'fromOn' | 'untilOn' | 'targetNote' | 'act', string>
>;

export interface RolloutsView {
  readonly frame: Frame;
  readonly service: ManagedService;
  /** Empty for somebody who keeps the register of one service only. */
  readonly services: readonly ManagedService[];
  /** At the service. */
  readonly today: string;
  readonly entries: readonly RegisterEntry[];
  readonly target: readonly TargetEntry[];
  readonly choices: ScopeChoices;
  readonly done: string | null;
  readonly start: StartForm;
  readonly targetForm: TargetForm;
  readonly problems: Problems;
  readonly isTargetRefused: boolean;
}

const DONE: Readonly<Record<string, string>> = {
  started: 'La mise en service est inscrite.',
  stopped: 'L’arrêt est inscrit.',
  corrected: 'La ligne est corrigée. L’ancienne reste dans l’historique.',
  withdrawn: 'La ligne est retirée. Elle reste dans l’historique.',
  target: 'L’objectif est fixé.',
  'no-target': 'Le service n’a plus d’objectif.',
};

export function RolloutsPage(view: RolloutsView) {
  const { frame, service, services, done } = view;
  const title = `Mise en service, ${service.name}`;
  const sentence = doneSentence(DONE, done);
  return (
    <AppPage frame={frame} title={title} current="/rollouts">
      <PageHead
        title={title}
        actions={
          <>
            <a class="button secondary" href={`/rollouts/baseline?organization=${service.id}`}>
              Chiffres d’avant
            </a>
            <a class="button secondary" href="/rollouts/planner">
              Planifier un déploiement
            </a>
          </>
        }
      >
        <p class="muted">
          Depuis quand les textes partent, et où. Les estimations d’effet comparent l’avant et l’après de ces
          dates.
        </p>
      </PageHead>
      <div class="sections">
        <Done sentence={sentence} />
        {services.length > 1 && (
          <ServiceSwitch action="/rollouts" options={namedOptions(services)} chosen={service.id} />
        )}
        <Running {...view} />
        <StartFields {...view} />
        <Target {...view} />
        <History {...view} />
      </div>
    </AppPage>
  );
}

function Running({ entries, service, today }: RolloutsView) {
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

function StartFields({ frame, start, choices, problems, isTargetRefused }: RolloutsView) {
  const own = isTargetRefused ? [] : problems;
  const named = (kind: string, ones: ScopeChoices['places']) =>
    ones.map(({ id, name }) => ({ value: `${kind}:${id}`, label: name }));
  const groups = [
    { label: 'Tout', options: [{ value: 'service', label: 'Service entier' }] },
    { label: 'Lieux', options: named('place', choices.places) },
    { label: 'Types de convocation', options: named('type', choices.types) },
    { label: 'Agents', options: named('agent', choices.agents) },
  ];
  const field = boundTo(start, own);
  return (
    <section aria-labelledby="start" class="stack">
      <h2 id="start">Inscrire une mise en service</h2>
      <p class="muted">Un pilote peut commencer par un lieu, un type ou quelques agents.</p>
      <form class="form" method="post" action="/rollouts">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={start.organization} />
        <ErrorSummary problems={own} />
        <div class="fields">
          <SelectField
            {...field('scope')}
            label="Périmètre"
            groups={groups.filter(({ options }) => options.length > 0)}
          />
          <Field {...field('startedOn')} label="Premier jour avec des textes" attributes={{ type: 'date' }} />
        </div>
        <Field {...field('note')} label="Note (facultative)" attributes={{ maxLength: 300 }} />
        <div class="actions">
          <button>Inscrire</button>
        </div>
      </form>
    </section>
  );
}

function Target({ frame, target, targetForm, problems, isTargetRefused }: RolloutsView) {
  const own = isTargetRefused ? problems : [];
  const current = target.find(({ withdrawnAt }) => withdrawnAt === null);
  const field = boundTo(targetForm, own);
  return (
    <section aria-labelledby="target" class="stack">
      <h2 id="target">Objectif</h2>
      <p>{current === undefined ? 'Aucun objectif n’est fixé.' : targetInWords(current)}</p>
      <form class="form" method="post" action="/rollouts/target">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={targetForm.organization} />
        <ErrorSummary problems={own} />
        <div class="fields">
          <Field
            {...field('relativeChange')}
            label="Baisse visée, en %"
            hint="Par rapport au taux d’avant."
            attributes={{ type: 'number', inputMode: 'numeric', min: 1, max: 99 }}
          />
          <Field {...field('fromOn')} label="À compter du" attributes={{ type: 'date' }} />
          <Field {...field('untilOn')} label="Atteinte le" attributes={{ type: 'date' }} />
        </div>
        <Field {...field('targetNote')} label="Note (facultative)" attributes={{ maxLength: 300 }} />
        <div class="actions">
          <button>Fixer cet objectif</button>
          {current !== undefined && (
            <button class="secondary" name="act" value="none">
              Retirer l’objectif
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

function targetInWords({ relativeChange, fromOn, untilOn, note }: TargetEntry): string {
  const fall = Math.round(-100 * relativeChange);
  const said = note === '' ? '' : ` (${note})`;
  return `${fall}${NBSP}% d’absences en moins entre le ${plainDate(fromOn)} et le ${plainDate(untilOn)}${said}.`;
}

function History({ entries, target, service }: RolloutsView) {
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
