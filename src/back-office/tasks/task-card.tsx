import { DefaultButton } from '../../ui/default-button.js';
import { Field, FormTokens, type Problems } from '../../ui/forms.js';
import { State } from '../../ui/state.js';
import { MaskedContact } from '../masked-contact.js';
import type { TaskLine } from './task.view.js';

export interface TaskCardProps {
  readonly task: TaskLine;
  readonly csrfToken: string;
  /** Where to go when it is done: the list, or the convocation it is about. */
  readonly back: 'tasks' | 'convocation';
  /** What was typed and is refused, of this card; absent: nothing. */
  readonly refused?: RefusedNote | undefined;
}

export interface RefusedNote {
  readonly note: string;
  readonly problems: Problems;
}

/** The fields of the form that closes a task have the name of the task in their ids: a page holds many such forms. */
export function idInTask(field: 'note' | 'outcome', taskId: string): string {
  return `${field}-${taskId}`;
}

/** Who, before when, what happened, and everything that can be done about it, each in one gesture. */
export function TaskCard(props: TaskCardProps) {
  const { task, back } = props;
  return (
    <article class="card task" id={`task-${task.id}`} aria-labelledby={`who-${task.id}`}>
      <div class="entry">
        <h3 id={`who-${task.id}`}>
          <a href={`/persons/${task.personId}`}>{task.personName}</a>
        </h3>
        <State {...task.title} pill />
      </div>
      {task.deadline !== null && <p class="deadline">{task.deadline}</p>}
      <p>
        {task.happened} {task.toSay}
      </p>
      {task.replies.map((text, at) => (
        <blockquote key={at} class="reply">
          {text}
        </blockquote>
      ))}
      {back === 'tasks' && (
        <p class="small muted">
          {task.convocation !== null && (
            <>
              <a href={task.convocation.href}>{task.convocation.words}</a>.{' '}
            </>
          )}
          {task.assignedTo}.
        </p>
      )}
      <Ways {...props} />
      <Close {...props} />
    </article>
  );
}

function Ways({ task, csrfToken, back }: TaskCardProps) {
  return (
    <div class="actions">
      {task.phone !== null && (
        <MaskedContact
          what="phone"
          masked={task.phone}
          personId={task.personId}
          personName={task.personName}
          csrfToken={csrfToken}
        />
      )}
      {task.resend === 'now' && (
        <form method="post" action={`/tasks/${task.id}/resend`}>
          <FormTokens csrfToken={csrfToken} />
          <input type="hidden" name="back" value={back} />
          <button class="secondary">Renvoyer un SMS</button>
        </form>
      )}
      {task.resend === 'going' && <State word="Un nouveau texte est en route" shape="half wait" />}
      {task.resend === 'near' && (
        <State word="Pas de nouvel envoi à moins de trois heures d’un autre texte" shape="wait" />
      )}
      {task.checksNumber && (
        <a class="button secondary" href={`/persons/${task.personId}/edit#phone`}>
          {task.phone === null ? 'Noter un numéro' : 'Corriger le numéro'}
        </a>
      )}
      {task.checksAddress && (
        <a class="button secondary" href={`/persons/${task.personId}/edit#email`}>
          Corriger l’adresse e-mail
        </a>
      )}
    </div>
  );
}

function Close({ task, csrfToken, back, refused }: TaskCardProps) {
  return (
    <form class="close" method="post" action={`/tasks/${task.id}/close`}>
      <FormTokens csrfToken={csrfToken} />
      <DefaultButton />
      <input type="hidden" name="back" value={back} />
      <Field
        name="note"
        id={idInTask('note', task.id)}
        label="Note (facultative)"
        value={refused?.note}
        problems={refused?.problems ?? []}
        attributes={{ maxLength: 300, autocomplete: 'off' }}
      />
      <div class="actions">
        {task.outcomes.map(({ value, label }, index) => (
          <button
            key={value}
            id={index === 0 ? idInTask('outcome', task.id) : undefined}
            name="outcome"
            value={value}
            class={index === 0 ? undefined : 'secondary'}
          >
            {label}
          </button>
        ))}
      </div>
    </form>
  );
}
