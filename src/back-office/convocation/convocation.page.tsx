import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { Note, type Shape, State, type StateWord } from '../../ui/state.js';
import { type MessageLine, MessageList } from '../messages.js';
import { TaskCard } from '../tasks/task-card.js';
import type { TaskLine } from '../tasks/task.view.js';
import { Actions, type ActionsView } from './actions.js';

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

export interface ConvocationPageView extends ActionsView {
  readonly frame: Frame;
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
          <Actions view={view} csrfToken={frame.csrfToken} />
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
