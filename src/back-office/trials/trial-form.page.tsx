import { TRIAL_BOUNDS } from '../../notifications/domain/trial.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { DefaultButton } from '../../ui/default-button.js';
import { Check, CheckGroup, idInGroup } from '../../ui/choices.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import type { Option } from '../../ui/select-field.js';
import { Arms } from './trial-arms.js';
import type { TrialForm } from './trial-form.js';
import { Draw, Plan } from './trial-plan.js';

export interface TrialFormView {
  readonly frame: Frame;
  readonly form: TrialForm;
  readonly services: readonly Option[];
  readonly types: readonly Option[];
  readonly problems: Problems;
}

const TITLE = 'Préparer un essai';

export function TrialFormPage(view: TrialFormView) {
  const { frame, form, problems } = view;
  return (
    <AppPage frame={frame} title={TITLE} current="/trials">
      <PageHead title={TITLE} back={{ href: '/trials', label: 'Essais' }}>
        <p class="muted">
          Rien ne part et personne n’est tiré au sort avant que l’essai soit inscrit, puis commencé.
        </p>
      </PageHead>
      <nav class="filters" aria-label="Ce qui change d’un bras à l’autre">
        <Kind by="timing" form={form} label="Le moment des rappels" />
        <Kind by="wording" form={form} label="Les mots d’un message" />
      </nav>
      <form class="form" method="post" action="/trials/new">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="differsBy" value={form.differsBy} />
        <input type="hidden" name="rows" value={form.rows} />
        <ErrorSummary problems={problems} />
        <DefaultButton name="act" value="again">
          Afficher de nouveau
        </DefaultButton>
        <Question {...view} />
        <Arms {...view} />
        <Population {...view} />
        <Draw {...view} />
        <Plan {...view} />
        <div class="actions">
          <button name="act" value="draft">
            Relire l’essai
          </button>
        </div>
      </form>
    </AppPage>
  );
}

function Kind(props: { readonly by: string; readonly form: TrialForm; readonly label: string }) {
  const { by, form, label } = props;
  return (
    <a href={`/trials/new?by=${by}`} aria-current={form.differsBy === by ? 'page' : undefined}>
      {label}
    </a>
  );
}

function Question({ form, problems }: TrialFormView) {
  return (
    <>
      <Field
        name="name"
        label="Nom de l’essai"
        value={form.name}
        problems={problems}
        hint="Par exemple « J-1 contre J-2 contre J-4 et J-1 »."
        attributes={{ maxLength: TRIAL_BOUNDS.name }}
      />
      <Field
        name="question"
        label="Question, en une phrase"
        value={form.question}
        problems={problems}
        hint="Par exemple « Combien de jours avant faut-il rappeler pour que les personnes viennent ? »"
        attributes={{ maxLength: TRIAL_BOUNDS.question }}
      />
    </>
  );
}

function Population({ form, services, types, problems }: TrialFormView) {
  const many = (
    id: string,
    legend: string,
    options: readonly Option[],
    group: string,
    chosen: ReadonlySet<string>,
  ) => (
    <CheckGroup id={id} legend={legend} problems={problems}>
      <div class="tick-list">
        {options.map(({ value, label }, at) => {
          const name = `${group}.${value}`;
          return (
            <Check key={value} id={idInGroup(id, at, name)} name={name} checked={chosen.has(value)}>
              {label}
            </Check>
          );
        })}
      </div>
    </CheckGroup>
  );
  return (
    <>
      {many('organizations', 'Services', services, 'service', form.services)}
      {many('types', 'Types de rendez-vous', types, 'type', form.types)}
    </>
  );
}
