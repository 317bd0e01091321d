import type { ComponentChildren } from 'preact';
import type { ConvocationEvent } from '../../convocations/domain/convocation.states.js';
import { Check, Choice } from '../../ui/choices.js';
import { SameAgain } from '../../ui/default-button.js';
import { FormTokens } from '../../ui/forms.js';

/** What a form that comes back held. */
export type Typed =
  | { readonly of: 'outcome'; readonly notify: boolean }
  | { readonly of: 'cancel'; readonly notify: boolean; readonly by: string };

export interface ActionsView {
  readonly id: string;
  readonly can: readonly ConvocationEvent[];
  /** Why no outcome may be marked yet, or null. */
  readonly outcomeFrom: string | null;
  readonly reachable: boolean;
  readonly isCourt: boolean;
  readonly typed: Typed | null;
}

interface Props {
  readonly view: ActionsView;
  readonly csrfToken: string;
}

/** What may be done with the convocation as it stands, each with what follows from it. */
export function Actions(props: Props) {
  const { view } = props;
  const { can, outcomeFrom } = view;
  const marks = can.includes('attend') || can.includes('miss');
  return (
    <section class="stack" id="actions" aria-labelledby="actions-title">
      <h2 id="actions-title">{can.length === 0 ? 'Aucune action possible' : 'Que faire'}</h2>
      {outcomeFrom !== null && <p class="muted">{outcomeFrom}</p>}
      {marks && <Outcome {...props} />}
      {!marks && can.includes('excuse') && <Excuse {...props} />}
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
      {can.includes('cancel') && <Cancel {...props} />}
      {can.includes('reopen') && (
        <Action {...props} path="reopen" title="Corriger l’issue">
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

interface ActionProps extends Props {
  readonly path: ConvocationEvent;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Action({ view, csrfToken, path, title, children }: ActionProps) {
  return (
    <form class="card stack" method="post" action={`/convocations/${view.id}/${path}`}>
      <h3>{title}</h3>
      <FormTokens csrfToken={csrfToken} />
      {children}
    </form>
  );
}

function Outcome(props: Props) {
  const { view } = props;
  return (
    <Action {...props} path="attend" title="Marquer l’issue">
      <SameAgain />
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
        <Check name="notify" checked={view.typed?.of === 'outcome' && view.typed.notify}>
          Si absent, envoyer le SMS d’absence tout de suite
        </Check>
      )}
      <p class="small muted">
        «&nbsp;Présent&nbsp;» et «&nbsp;Excusé&nbsp;» n’envoient rien. «&nbsp;Excusé&nbsp;» libère la place.
      </p>
    </Action>
  );
}

function Excuse(props: Props) {
  return (
    <Action {...props} path="excuse" title="Excuser d’avance">
      <p class="small muted">
        La place est libérée, les messages pas encore partis sont retirés. Aucun message ne part.
      </p>
      <button class="secondary">Excuser</button>
    </Action>
  );
}

function Cancel(props: Props) {
  const { view } = props;
  const typed = view.typed?.of === 'cancel' ? view.typed : null;
  const by = [
    { value: 'service', label: 'Le service' },
    { value: 'person', label: 'La personne' },
    { value: 'court', label: 'La juridiction' },
  ];
  return (
    <Action {...props} path="cancel" title="Annuler">
      <SameAgain />
      <fieldset>
        <legend class="small">Qui annule&nbsp;?</legend>
        <div class="choices">
          {by.map(({ value, label }) => (
            <Choice
              key={value}
              id={`by-${value}`}
              name="cancelledBy"
              value={value}
              checked={value === (typed?.by ?? (view.isCourt ? 'court' : 'service'))}
            >
              {label}
            </Choice>
          ))}
        </div>
      </fieldset>
      {view.reachable ? (
        <Check name="notify" checked={typed?.notify ?? true}>
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
