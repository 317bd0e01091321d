import type { Colleague } from '../../agents/agent.queries.js';
import type { AbsenceView } from '../../agents/life/absence.queries.js';
import { boundTo, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { State } from '../../ui/state.js';
import { plainDate } from '../../ui/typography.js';

export interface AbsenceFormView {
  readonly colleagues: readonly Colleague[];
  readonly startsOn: string;
  readonly endsOn: string;
  readonly replacementId: string;
  /** Folded unless it was refused. */
  readonly isOpen: boolean;
}

export const NO_ABSENCE = { startsOn: '', endsOn: '', replacementId: '', isOpen: false } as const;

interface AbsenceFormProps {
  readonly view: AbsenceFormView;
  readonly action: string;
  readonly csrfToken: string;
  readonly problems: Problems;
}

/** Two days and a name. */
export function AbsenceForm({ view, action, csrfToken, problems }: AbsenceFormProps) {
  if (view.colleagues.length === 0)
    return <p>Personne d’autre ne travaille dans ce service&nbsp;: il n’y a pas de remplaçant à nommer.</p>;
  const choose = { value: '', label: 'Choisir…' };
  const options = [choose, ...namedOptions(view.colleagues)];
  const field = boundTo(view, problems);
  return (
    <form class="form" method="post" action={action}>
      <FormTokens csrfToken={csrfToken} />
      <div class="row">
        <Field
          {...field('startsOn')}
          label="Premier jour d’absence"
          attributes={{ type: 'date', required: true }}
        />
        <Field
          {...field('endsOn')}
          label="Dernier jour d’absence"
          attributes={{ type: 'date', required: true }}
        />
      </div>
      <SelectField
        {...field('replacementId')}
        label="Qui remplace"
        options={options}
        hint="Ses listes montreront ce qui vient de l’absent, avec son nom. Cela s’arrête seul le lendemain du dernier jour."
      />
      <div class="actions">
        <button>Noter l’absence</button>
      </div>
    </form>
  );
}

interface AbsenceListProps {
  readonly absences: readonly AbsenceView[];
  readonly csrfToken: string;
  /** The reader's own. */
  readonly own?: boolean;
}

export function AbsenceList({ absences, csrfToken, own }: AbsenceListProps) {
  if (absences.length === 0) return <p class="muted">Aucune absence notée.</p>;
  return (
    <ul class="plain stack">
      {absences.map(({ id, startsOn, endsOn, replacementName, isNow }) => (
        <li key={id} class="line">
          <span>
            <State word={isNow ? 'En cours' : 'À venir'} shape={isNow ? 'wait' : 'off'} /> Du{' '}
            {plainDate(startsOn)} au {plainDate(endsOn)}, remplacé par <strong>{replacementName}</strong>
          </span>
          <form
            method="post"
            action={own === true ? `/account/absence/${id}/end` : `/agents/absence/${id}/end`}
          >
            <FormTokens csrfToken={csrfToken} />
            <button class="secondary">{isNow ? 'Terminer maintenant' : 'Annuler'}</button>
          </form>
        </li>
      ))}
    </ul>
  );
}
