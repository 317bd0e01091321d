import type { TaskFilter } from '../../notifications/follow-up/task.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, type Problems } from '../../ui/forms.js';
import { Done, Note } from '../../ui/state.js';
import { plural } from '../../ui/typography.js';
import { ToDoTabs } from '../to-do-tabs.js';
import { type RefusedNote, TaskCard } from './task-card.js';
import type { Overtaken, TaskLine } from './task.view.js';

export interface TasksView {
  readonly frame: Frame;
  readonly filter: TaskFilter;
  readonly mine: readonly TaskLine[];
  readonly others: readonly TaskLine[];
  readonly counts: { readonly total: number; readonly mine: number };
  /** What has just been done, as a sentence. */
  readonly done: string | null;
  readonly problems: Problems;
  /** What became of the task that the refused form was about; null: it is still open. */
  readonly overtaken: Overtaken | null;
  /** The form that was refused, while its task is open. */
  readonly refused: RefusedTask | null;
}

export interface RefusedTask extends RefusedNote {
  readonly taskId: string;
}

export function TasksPage(view: TasksView) {
  const { frame, filter, mine, others, counts, done } = view;
  return (
    <AppPage frame={frame} title="À faire" current="/tasks" live>
      <Done sentence={done} />
      <ErrorSummary problems={view.problems} />
      {view.overtaken !== null && <ByColleague {...view.overtaken} />}
      <PageHead title="À faire">
        <p class="muted">
          Ce que les messages n’ont pas pu faire seuls, par heure limite. Une tâche se ferme d’elle-même quand
          un texte arrive, ou quand la convocation est annulée, déplacée ou marquée.
        </p>
      </PageHead>
      <ToDoTabs current="/tasks" />
      <Filters filter={filter} counts={counts} />
      {mine.length + others.length === 0 && <p class="state ok">Rien à faire.</p>}
      <div class="sections">
        <Tasks title="Pour vous" id="mine" tasks={mine} view={view} />
        <Tasks title="Pour le service" id="others" tasks={others} view={view} />
      </div>
    </AppPage>
  );
}

function ByColleague({ personId, personName, words, note }: Overtaken) {
  return (
    <Note shape="warn">
      <div class="stack">
        <p>
          <strong>
            <a href={`/persons/${personId}`}>{personName}</a>
          </strong>
          . {words}
        </p>
        {note !== '' && (
          <>
            <p>Votre note n’est pas enregistrée. La voici, pour la transmettre à votre collègue&nbsp;:</p>
            <blockquote class="reply">{note}</blockquote>
          </>
        )}
      </div>
    </Note>
  );
}

function Filters({ filter, counts }: Pick<TasksView, 'filter' | 'counts'>) {
  const choices: readonly (readonly [TaskFilter, string])[] = [
    ['all', `Tout (${counts.total})`],
    ['mine', `Pour vous (${counts.mine})`],
    ['others', `Pour le service (${counts.total - counts.mine})`],
  ];
  return (
    <nav class="filters" aria-label="Filtrer les tâches">
      {choices.map(([value, label]) => (
        <a
          key={value}
          href={value === 'all' ? '/tasks' : `/tasks?show=${value}`}
          aria-current={value === filter ? 'true' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}

function Tasks(props: { title: string; id: string; tasks: readonly TaskLine[]; view: TasksView }) {
  const { title, id, tasks } = props;
  const { frame, refused } = props.view;
  if (tasks.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title}, {plural(tasks.length, 'tâche')}
      </h2>
      <div class="tasks">
        {tasks.map((task) => (
          <TaskCard
            key={task.id}
            task={task}
            csrfToken={frame.csrfToken}
            back="tasks"
            refused={refused?.taskId === task.id ? refused : undefined}
          />
        ))}
      </div>
    </section>
  );
}
