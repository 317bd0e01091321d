import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Done, Note, State, type StateWord } from '../../ui/state.js';
import { type MessageLine, MessageList } from '../messages.js';
import type { TaskLine } from '../tasks/task.view.js';
import { ReachCard, type ReachView } from './reach-card.js';

export interface TimelineEntry {
  readonly id: string;
  readonly kind: 'convocation' | 'file' | 'reply';
  readonly title: string;
  readonly href: string | null;
  readonly state: StateWord | null;
  readonly when: string | null;
  readonly detail: string | null;
  /** Words of the person, as typed. */
  readonly quote?: string;
  readonly lines: readonly MessageLine[];
}

export interface NextView {
  readonly href: string;
  readonly promise: string;
  readonly where: string;
  readonly state: StateWord;
  readonly lines: readonly MessageLine[];
  readonly canChange: boolean;
}

export type TimelineFilter = 'all' | 'convocations' | 'replies' | 'file';

export interface PersonCardView {
  readonly frame: Frame;
  readonly id: string;
  readonly name: string;
  readonly about: readonly string[];
  readonly archived: boolean;
  /** Whom the table of rights lets see who opened the file, and certify what was sent. */
  readonly canReadJournal: boolean;
  readonly canCertify: boolean;
  readonly updated: boolean;
  readonly reach: ReachView;
  readonly next: NextView | null;
  /** What an agent still has to do for this person. */
  readonly tasks: readonly TaskLine[];
  readonly filter: TimelineFilter;
  readonly timeline: readonly TimelineEntry[];
}

export function PersonCardPage(view: PersonCardView) {
  const { frame, id, name, about, archived } = view;
  return (
    <AppPage frame={frame} title={name} current="/persons/search" live>
      {view.updated && <Done sentence="Fiche enregistrée. Les messages à venir en tiennent compte." />}
      <PageHead title={name} actions={<Actions {...view} />}>
        {about.map((line) => (
          <p key={line} class="muted">
            {line}
          </p>
        ))}
      </PageHead>
      {archived && (
        <Note shape="warn">
          <p class="state warn">
            Cette personne est archivée&nbsp;: elle ne peut être ni modifiée ni convoquée.
          </p>
        </Note>
      )}
      <TasksNote tasks={view.tasks} />
      <div class="split reverse">
        <ReachCard id={id} name={name} csrfToken={frame.csrfToken} reach={view.reach} archived={archived} />
        <div class="sections">
          <NextCard next={view.next} willBeTold={view.reach.word.shape === 'ok'} />
          <Timeline id={id} filter={view.filter} entries={view.timeline} />
        </div>
      </div>
    </AppPage>
  );
}

function TasksNote({ tasks }: { readonly tasks: readonly TaskLine[] }) {
  if (tasks.length === 0) return null;
  return (
    <Note shape="warn">
      <div class="stack">
        <p class="state warn">
          {tasks.length === 1 ? 'Une tâche à faire' : `${tasks.length}\u00a0tâches à faire`}
        </p>
        <ul>
          {tasks.map(({ id, title, deadline, happened }) => (
            <li key={id}>
              <a href={`/tasks#task-${id}`}>{title.word}</a>. {happened} {deadline !== null && `${deadline}.`}
            </li>
          ))}
        </ul>
      </div>
    </Note>
  );
}

function Actions({ id, archived, canReadJournal, canCertify }: PersonCardView) {
  return (
    <>
      {canReadJournal && (
        <a class="button secondary" href={`/persons/${id}/journal`}>
          Qui a vu ce dossier
        </a>
      )}
      {canCertify && (
        <a class="button secondary" href={`/persons/${id}/certificate`}>
          Attestation d’envoi
        </a>
      )}
      {!archived && (
        <>
          <a class="button secondary" href={`/persons/${id}/edit`}>
            Modifier
          </a>
          <a class="button" href={`/persons/${id}/convoke`}>
            Convoquer
          </a>
        </>
      )}
    </>
  );
}

function NextCard(props: { readonly next: NextView | null; readonly willBeTold: boolean }) {
  const { next, willBeTold } = props;
  if (next === null)
    return (
      <section class="card" aria-labelledby="next">
        <h2 id="next">Prochaine convocation</h2>
        <p class="muted">Aucune.</p>
      </section>
    );
  return (
    <section class="card stack" aria-labelledby="next">
      <div class="entry">
        <h2 id="next">Prochaine convocation</h2>
        <State {...next.state} pill />
      </div>
      <p class="promise">
        <a href={next.href}>{next.promise}</a>
      </p>
      <p>{next.where}</p>
      <MessageList lines={next.lines} />
      {next.canChange && (
        <div class="actions">
          <a class="button secondary" href={`${next.href}/reschedule`}>
            Déplacer
          </a>
          <a class="button secondary" href={`${next.href}#actions`}>
            Annuler
          </a>
          <small class="muted">
            {willBeTold
              ? 'Un texte préviendra du changement.'
              : 'Aucun texte ne peut partir\u00a0: prévenez la personne vous-même.'}
          </small>
        </div>
      )}
    </section>
  );
}

const FILTERS: readonly (readonly [TimelineFilter, string])[] = [
  ['all', 'Tout'],
  ['convocations', 'Convocations'],
  ['replies', 'Réponses'],
  ['file', 'Dossier'],
];

function Timeline(props: { id: string; filter: TimelineFilter; entries: readonly TimelineEntry[] }) {
  const { id, filter, entries } = props;
  return (
    <section aria-labelledby="history">
      <h2 id="history">Historique</h2>
      <nav class="filters" aria-label="Filtrer l’historique">
        {FILTERS.map(([value, label]) => (
          <a
            key={value}
            href={value === 'all' ? `/persons/${id}#history` : `/persons/${id}?show=${value}#history`}
            aria-current={value === filter ? 'true' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      {entries.length === 0 && <p class="muted">Rien encore.</p>}
      <Entries entries={entries.slice(0, SHOWN)} />
      {entries.length > SHOWN && (
        <details>
          <summary>Plus ancien ({entries.length - SHOWN})</summary>
          <Entries entries={entries.slice(SHOWN)} />
        </details>
      )}
    </section>
  );
}

const SHOWN = 10;

function Entries({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  return (
    <ol class="timeline">
      {entries.map((entry) => (
        <Entry key={entry.id} {...entry} />
      ))}
    </ol>
  );
}

function Entry({ kind, title, href, state, when, detail, quote, lines }: TimelineEntry) {
  return (
    <li>
      <div class="entry">
        <h3>{href === null ? title : <a href={href}>{title}</a>}</h3>
        {state !== null && <State {...state} />}
        {when !== null && <span class="muted small">{when}</span>}
      </div>
      {quote !== undefined && <blockquote class="reply">{quote}</blockquote>}
      {detail !== null && <p class="small muted">{detail}</p>}
      {kind === 'convocation' && lines.length > 0 && <MessageList lines={lines} />}
    </li>
  );
}
