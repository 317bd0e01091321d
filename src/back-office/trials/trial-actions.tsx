import { FormTokens } from '../../ui/forms.js';
import { TextArea } from '../../ui/text-area.js';
import type { TrialPageView } from './trial-page.view.js';

/** What a central administrator may do now. */
export function TrialActions(view: TrialPageView) {
  const { trial } = view;
  const again = (
    <a class="button secondary" href={`/trials/new?from=${trial.id}`}>
      {trial.state === 'draft' ? 'Corriger dans un nouveau brouillon' : 'Reprendre pour un nouvel essai'}
    </a>
  );
  return (
    <section aria-labelledby="act" class="stack trial-acts">
      <h2 id="act">Agir</h2>
      {trial.state === 'draft' && (
        <Step view={view} step="register" label="Inscrire l’essai">
          Une fois inscrit, plus rien n’y change&nbsp;: ni les bras, ni la mesure, ni la date, ni la graine.
        </Step>
      )}
      {trial.state === 'registered' && (
        <Step view={view} step="start" label="Commencer l’essai" answers="population">
          Les personnes convoquées à partir de maintenant seront tirées au sort. Les convocations déjà prises
          ne changent pas.
        </Step>
      )}
      {mayStop(view) && <Stop {...view} />}
      <div class="actions">{again}</div>
      {trial.state === 'draft' && (
        <Step view={view} step="discard" label="Effacer ce brouillon" secondary>
          Il n’a servi à personne&nbsp;: rien n’en reste.
        </Step>
      )}
    </section>
  );
}

/** One whose last day is over ends by itself within the hour. */
function mayStop({ trial, visibility }: TrialPageView): boolean {
  return trial.state === 'registered' || (trial.state === 'running' && visibility.kind !== 'final');
}

interface StepProps {
  readonly view: TrialPageView;
  readonly step: string;
  readonly label: string;
  readonly secondary?: boolean;
  /** The problem of which the error summary leads to the button. */
  readonly answers?: string;
  readonly children: preact.ComponentChildren;
}

function Step({ view, step, label, secondary, answers, children }: StepProps) {
  return (
    <form class="form" method="post" action={`/trials/${view.trial.id}/${step}`}>
      <FormTokens csrfToken={view.frame.csrfToken} />
      <p>{children}</p>
      <div class="actions">
        <button id={answers} class={secondary === true ? 'secondary' : undefined}>
          {label}
        </button>
      </div>
    </form>
  );
}

function Stop({ trial, frame, problems, reason }: TrialPageView) {
  const isBefore = trial.state === 'registered';
  return (
    <form class="form" method="post" action={`/trials/${trial.id}/stop`}>
      <FormTokens csrfToken={frame.csrfToken} />
      <p>
        {isBefore
          ? 'Y renoncer\u00a0: l’essai reste visible, avec la raison, et ne pourra plus commencer.'
          : 'Arrêter avant le terme\u00a0: ce qui n’est pas encore parti revient au plan et aux mots habituels, et l’essai ne pourra plus rien conclure.'}
      </p>
      <TextArea
        name="reason"
        label={isBefore ? 'Pourquoi y renoncer' : 'Pourquoi l’arrêter'}
        value={reason}
        problems={problems}
        attributes={{ rows: 2, maxLength: 600 }}
      />
      <div class="actions">
        <button class="secondary">{isBefore ? 'Renoncer à l’essai' : 'Arrêter l’essai'}</button>
      </div>
    </form>
  );
}
