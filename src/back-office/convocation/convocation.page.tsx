import type { ComponentChildren } from 'preact';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check, Choice, ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { Note, type Shape, State, type StateWord } from '../../ui/state.js';
import type { ConvocationEvent } from '../../convocations/domain/convocation.states.js';
import { type MessageLine, MessageList } from '../messages.js';
import { TaskCard } from '../tasks/task-card.js';
import type { TaskLine } from '../tasks/task.view.js';

export interface HistoryLine {
  readonly key: string;
  readonly what: string;
  readonly when: string;
  readonly who: string;
}

export interface Done {
  readonly shape: Shape;
  readonly sentence: string;
  readonly undoUntil: string | null;
}

export interface ConvocationPageView {
  readonly frame: Frame;
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  readonly typeName: string;
  readonly promise: string;
  readonly relative: string;
  readonly where: string;
  readonly state: StateWord;
  readonly lines: readonly MessageLine[];
  /** Whether the person knows; null once the convocation is no longer planned, or while nothing is decided. */
  readonly reach: StateWord | null;
  /** What an agent still has to do about it. */
  readonly tasks: readonly TaskLine[];
  readonly can: readonly ConvocationEvent[];
  /** Why no outcome may be marked yet, or null. */
  readonly outcomeFrom: string | null;
  readonly reachable: boolean;
  readonly isCourt: boolean;
  readonly about: string;
  readonly history: readonly HistoryLine[];
  readonly done: Done | null;
  readonly problems: Problems;
}

export function ConvocationPage(view: ConvocationPageView) {
  const { frame, personId, personName } = view;
  return (
    <AppPage frame={frame} title={`Convocation de ${personName}`} current="/persons/search" live>
      {view.done !== null && <DoneNote {...view} done={view.done} />}
      <ErrorSummary problems={view.problems} />
      <PageHead
        title={view.typeName}
        back={{ href: `/persons/${personId}`, label: `Fiche de ${personName}` }}
      >
        <p class="muted">{personName}</p>
      </PageHead>
      <div class="split">
        <div class="sections">
          <section class="card stack" aria-labelledby="promise">
            <div class="entry">
              <h2 id="promise">Convocation</h2>
              <State {...view.state} pill />
            </div>
            <p class="promise">{view.promise}</p>
            <p>
              {view.relative}. {view.where}
            </p>
            <p class="small muted">{view.about}</p>
          </section>
          <section aria-labelledby="messages">
            <div class="entry">
              <h2 id="messages">Messages</h2>
              {view.reach !== null && <State {...view.reach} />}
            </div>
            <MessageList lines={view.lines} />
            <p class="small">
              <a href={`/persons/${personId}/certificate?convocation=${view.id}`}>Attestation d’envoi</a>
            </p>
          </section>
          <History lines={view.history} />
        </div>
        <div class="sections">
          <Tasks tasks={view.tasks} csrfToken={frame.csrfToken} />
          <Actions {...view} />
        </div>
      </div>
    </AppPage>
  );
}

function DoneNote({ id, frame, done }: ConvocationPageView & { readonly done: Done }) {
  return (
    <Note shape={done.shape} status>
      <p class={`state ${done.shape}`}>{done.sentence}</p>
      {done.undoUntil !== null && (
        <form method="post" action={`/convocations/${id}/cancel`}>
          <FormTokens csrfToken={frame.csrfToken} />
          <input type="hidden" name="undo" value="true" />
          <button class="link">Annuler, jusqu’à {done.undoUntil}</button>
        </form>
      )}
    </Note>
  );
}

function Tasks({ tasks, csrfToken }: { readonly tasks: readonly TaskLine[]; readonly csrfToken: string }) {
  if (tasks.length === 0) return null;
  return (
    <section aria-labelledby="tasks">
      <h2 id="tasks">À faire</h2>
      <div class="tasks">
        {tasks.map((task) => (
          <TaskCard key={task.id} task={task} csrfToken={csrfToken} back="convocation" />
        ))}
      </div>
    </section>
  );
}

function Actions(view: ConvocationPageView) {
  const { can, outcomeFrom } = view;
  const marks = can.includes('attend') || can.includes('miss');
  return (
    <section class="stack" id="actions" aria-labelledby="actions-title">
      <h2 id="actions-title">{can.length === 0 ? 'Aucune action possible' : 'Que faire'}</h2>
      {outcomeFrom !== null && <p class="muted">{outcomeFrom}</p>}
      {marks && <Outcome {...view} />}
      {!marks && can.includes('excuse') && <Excuse {...view} />}
      {can.includes('reschedule') && (
        <div class="card stack">
          <h3>Déplacer</h3>
          <p class="small muted">
            Même convocation, autre date ou autre lieu.{' '}
            {view.reachable
              ? 'Un SMS annonce le changement, sauf avis contraire.'
              : 'Aucun message ne peut partir.'}
          </p>
          <a class="button secondary" href={`/convocations/${view.id}/reschedule`}>
            Choisir une autre date
          </a>
        </div>
      )}
      {can.includes('cancel') && <Cancel {...view} />}
      {can.includes('reopen') && (
        <Action view={view} path="reopen" title="Corriger l’issue">
          <p class="small muted">
            La convocation redevient planifiée, avec sa place. Un SMS d’absence pas encore parti est retiré.
            Aucun message ne part.
          </p>
          <button class="secondary">Corriger l’issue</button>
        </Action>
      )}
    </section>
  );
}

function Action(props: {
  view: ConvocationPageView;
  path: string;
  title: string;
  children: ComponentChildren;
}) {
  const { view, path, title, children } = props;
  return (
    <form class="card stack" method="post" action={`/convocations/${view.id}/${path}`}>
      <h3>{title}</h3>
      <FormTokens csrfToken={view.frame.csrfToken} />
      {children}
    </form>
  );
}

function Outcome(view: ConvocationPageView) {
  return (
    <Action view={view} path="attend" title="Marquer l’issue">
      <div class="segmented" role="group" aria-label="Issue">
        <button class="ok">Présent</button>
        <button class="bad" formaction={`/convocations/${view.id}/miss`}>
          Absent
        </button>
        <button class="off" formaction={`/convocations/${view.id}/excuse`}>
          Excusé
        </button>
      </div>
      {view.reachable && (
        <Check name="notify" checked={false}>
          Si absent, envoyer le SMS d’absence tout de suite
        </Check>
      )}
      <p class="small muted">
        «&nbsp;Présent&nbsp;» et «&nbsp;Excusé&nbsp;» n’envoient rien. «&nbsp;Excusé&nbsp;» libère la place.
      </p>
    </Action>
  );
}

function Excuse(view: ConvocationPageView) {
  return (
    <Action view={view} path="excuse" title="Excuser d’avance">
      <p class="small muted">
        La place est libérée, les messages pas encore partis sont retirés. Aucun message ne part.
      </p>
      <button class="secondary">Excuser</button>
    </Action>
  );
}

function Cancel(view: ConvocationPageView) {
  const by = [
    { value: 'service', label: 'Le service' },
    { value: 'person', label: 'La personne' },
    { value: 'court', label: 'La juridiction' },
  ];
  return (
    <Action view={view} path="cancel" title="Annuler">
      <fieldset id="cancelledBy">
        <legend class="small">Qui annule&nbsp;?</legend>
        <div class="choices">
          {by.map(({ value, label }) => (
            <Choice
              key={value}
              id={`by-${value}`}
              name="cancelledBy"
              value={value}
              checked={value === (view.isCourt ? 'court' : 'service')}
            >
              {label}
            </Choice>
          ))}
        </div>
      </fieldset>
      {view.reachable ? (
        <Check name="notify" checked>
          Envoyer le SMS d’annulation
        </Check>
      ) : (
        <p class="small muted">Aucun message ne peut partir.</p>
      )}
      <p class="small muted">
        La place est libérée, les messages pas encore partis sont retirés. Une annulation ne se corrige pas.
      </p>
      <button class="secondary">Annuler la convocation</button>
    </Action>
  );
}

function History({ lines }: { readonly lines: readonly HistoryLine[] }) {
  return (
    <section aria-labelledby="history">
      <h2 id="history">Historique</h2>
      <ol class="messages">
        {lines.map(({ key, what, when, who }) => (
          <li key={key}>
            <strong>{what}</strong>
            <span>{when}</span>
            <span class="muted">{who}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
