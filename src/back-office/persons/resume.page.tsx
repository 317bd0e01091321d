import type { Colleague } from '../../persons/resume-colleagues.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Choice, ChoiceGroup, idInGroup } from '../../ui/choices.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { namedOptions, SelectField } from '../../ui/select-field.js';
import { Note } from '../../ui/state.js';
import type { RefusalView } from './reach-card.js';

/** The version is the last refusal that the page shows: a STOP that comes after it is not undone. */
export const WORD_FIELDS = ['wordMeans', 'wordSaidOn', 'heardBy', 'version'] as const;

/** As typed. */
export type WordValues = Readonly<Record<(typeof WORD_FIELDS)[number], string>>;

export const EMPTY_WORD: WordValues = { wordMeans: '', wordSaidOn: '', heardBy: '', version: '' };

export interface ResumeView {
  readonly frame: Frame;
  readonly person: { readonly id: string; readonly name: string };
  /** Null: nothing is refused. */
  readonly refusal: RefusalView | null;
  readonly colleagues: readonly Colleague[];
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly values: WordValues;
  readonly problems: Problems;
}

export function ResumePage(view: ResumeView) {
  const { frame, person, refusal, problems } = view;
  const title = 'Reprendre les SMS';
  return (
    <AppPage frame={frame} title={title} current="/persons/search">
      <PageHead title={title} back={{ href: `/persons/${person.id}`, label: `Fiche de ${person.name}` }} />
      <ErrorSummary problems={problems} />
      {refusal === null ? <p>Cette personne ne refuse pas les SMS.</p> : <Word {...view} refusal={refusal} />}
    </AppPage>
  );
}

function Word(view: ResumeView & { readonly refusal: RefusalView }) {
  const { frame, person, refusal, colleagues, today, values, problems } = view;
  return (
    <div class="stack">
      <p>
        Les SMS sont refusés. {refusal.sentence} Ils ne reprennent que si la personne l’a dit elle-même, et
        l’historique le garde.
      </p>
      {refusal.atOperator && (
        <Note shape="warn">
          <p class="state warn">
            L’opérateur bloque aussi ce numéro&nbsp;: demandez à la personne de lui envoyer START depuis son
            téléphone, ou faites lever le blocage par l’opérateur. Sinon le prochain SMS sera encore refusé.
          </p>
        </Note>
      )}
      <form class="form" method="post" action={`/persons/${person.id}/resume-messages`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="version" value={values.version} />
        <Means value={values.wordMeans} problems={problems} />
        <Field
          name="wordSaidOn"
          label="Quel jour"
          value={values.wordSaidOn}
          problems={problems}
          attributes={{ type: 'date', max: today, required: true }}
        />
        <SelectField
          name="heardBy"
          label="À qui"
          options={namedOptions(colleagues)}
          value={values.heardBy}
          problems={problems}
        />
        <div class="actions">
          <button>Reprendre les SMS</button>
        </div>
      </form>
    </div>
  );
}

const MEANS = [
  ['in-person', 'Sur place'],
  ['phone', 'Au téléphone'],
  ['letter', 'Par courrier'],
] as const;

function Means({ value, problems }: { readonly value: string; readonly problems: Problems }) {
  return (
    <ChoiceGroup id="wordMeans" legend="Comment la personne l’a dit" problems={problems}>
      <div class="choices">
        {MEANS.map(([means, label], at) => (
          <Choice
            key={means}
            id={idInGroup('wordMeans', at, `wordMeans-${means}`)}
            name="wordMeans"
            value={means}
            checked={value === means}
          >
            {label}
          </Choice>
        ))}
      </div>
    </ChoiceGroup>
  );
}
