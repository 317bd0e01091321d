import { TRIAL_BOUNDS } from '../../notifications/domain/trial.js';
import { designEffect, DEFAULT_ICC } from '../../statistics/domain/effects/cluster-interval.js';
import { outcomesPerArm } from '../../statistics/domain/effects/power.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import {
  Check,
  Choice,
  describedBy,
  ErrorSummary,
  Field,
  FieldError,
  FormTokens,
  type Option,
  type Problems,
  SelectField,
} from '../../ui/forms.js';
import { NBSP, thousands } from '../../ui/typography.js';
import type { ArmForm, TrialForm } from './trial-form.js';
import { KIND_WORDS } from './trial-words.js';

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

function Arms({ form, problems }: TrialFormView) {
  const isTiming = form.differsBy === 'timing';
  const kinds = Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }));
  return (
    <>
      {isTiming ? (
        <div class="actions">
          <button class="secondary" name="act" value="example">
            Remplir avec l’exemple J-1, J-2, J-4 et J-1
          </button>
        </div>
      ) : (
        <SelectField
          name="kind"
          label="Message dont les mots changent"
          groups={[{ label: 'Message', options: kinds }]}
          value={form.kind}
          hint="Les textes suivent les mêmes règles que dans « Messages »."
        />
      )}
      {form.arms.map((arm, at) => (
        <ArmFields key={at} arm={arm} number={at + 1} isTiming={isTiming} problems={problems} />
      ))}
      {form.arms.length < TRIAL_BOUNDS.arms.most && (
        <div class="actions">
          <button class="secondary" name="act" value="more">
            Ajouter un bras
          </button>
        </div>
      )}
    </>
  );
}

interface ArmProps {
  readonly arm: ArmForm;
  readonly number: number;
  readonly isTiming: boolean;
  readonly problems: Problems;
}

function ArmFields({ arm, number, isTiming, problems }: ArmProps) {
  return (
    <fieldset>
      <legend>{number === 1 ? 'Bras 1, auquel les autres sont comparés' : `Bras ${number}`}</legend>
      <div class="fields">
        <Field name={`arm.${number}`} label="Nom du bras" value={arm.arm} problems={problems} />
        <Field
          name={`share.${number}`}
          label="Part"
          value={arm.share}
          problems={problems}
          hint="1 partout : parts égales."
          attributes={{ inputMode: 'numeric' }}
        />
      </div>
      {isTiming ? (
        <div class="fields">
          <Field
            name={`days.${number}`}
            label="Jours avant"
            value={arm.days}
            problems={problems}
            hint="Un nombre par rappel : 4, 1."
          />
          <Field
            name={`at.${number}`}
            label="À quelle heure"
            value={arm.at}
            problems={problems}
            hint="Vide : l’heure du rendez-vous."
            attributes={{ type: 'time' }}
          />
        </div>
      ) : (
        <>
          <TextArea name={`text.${number}`} label="Texte" value={arm.text} problems={problems} />
          <TextArea
            name={`discreet.${number}`}
            label="Texte du registre discret (facultatif)"
            value={arm.discreet}
            problems={problems}
          />
        </>
      )}
    </fieldset>
  );
}

function TextArea(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly problems: Problems;
}) {
  const { name, label, value, problems } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <FieldError problems={problems} id={name} />
      <textarea id={name} name={name} rows={3} aria-describedby={describedBy(problems, name)}>
        {value}
      </textarea>
    </div>
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
    <fieldset id={id} aria-describedby={describedBy(problems, id)}>
      <legend>{legend}</legend>
      <FieldError problems={problems} id={id} />
      <div class="tick-list">
        {options.map(({ value, label }) => (
          <Check key={value} name={`${group}.${value}`} checked={chosen.has(value)}>
            {label}
          </Check>
        ))}
      </div>
    </fieldset>
  );
  return (
    <>
      {many('organizations', 'Services', services, 'service', form.services)}
      {many('types', 'Types de rendez-vous', types, 'type', form.types)}
    </>
  );
}

function Draw({ form, problems }: TrialFormView) {
  return (
    <fieldset id="unit" aria-describedby={describedBy(problems, 'unit')}>
      <legend>Tirage au sort</legend>
      <FieldError problems={problems} id="unit" />
      <div class="choices">
        <Choice id="unit-person" name="unit" value="person" checked={form.unit !== 'service'}>
          Les personnes&nbsp;: chacune garde son bras pendant tout l’essai
        </Choice>
        <Choice id="unit-service" name="unit" value="service" checked={form.unit === 'service'}>
          Les services&nbsp;: deux par bras au moins
        </Choice>
      </div>
      <Check name="byService" checked={form.byService === 'true'}>
        À égalité au sein de chaque service
      </Check>
      <Check name="byFirst" checked={form.byFirst === 'true'}>
        À égalité entre premiers rendez-vous et suivants
      </Check>
      <Field
        name="seed"
        label="Graine du tirage"
        value={form.seed}
        problems={problems}
        hint="Le même ordre d’arrivée et la même graine redonnent le même tirage."
        attributes={{ maxLength: TRIAL_BOUNDS.seed, autocomplete: 'off' }}
      />
    </fieldset>
  );
}

function Plan({ form, problems }: TrialFormView) {
  return (
    <fieldset>
      <legend>Mesure et durée</legend>
      <p>
        On mesurera le taux d’absence de chaque bras&nbsp;: manquées ÷ (honorées + manquées + excusées), dont
        l’issue est connue.
      </p>
      <div class="fields">
        <Field
          name="plannedSize"
          label="Convocations prévues, tous bras ensemble"
          value={form.plannedSize}
          problems={problems}
          attributes={{ inputMode: 'numeric' }}
        />
        <Field
          name="endsOn"
          label="Dernier jour"
          value={form.endsOn}
          problems={problems}
          hint="Les rendez-vous jusqu’à ce jour comptent."
          attributes={{ type: 'date' }}
        />
      </div>
      <PowerTable />
      <div class="fields">
        <Field
          name="look1"
          label="Regard avant la fin (facultatif)"
          value={form.look1}
          problems={problems}
          hint="Sans regard prévu, rien ne se voit avant la fin."
          attributes={{ type: 'date' }}
        />
        <Field
          name="look2"
          label="Second regard (facultatif)"
          value={form.look2}
          problems={problems}
          hint="Chaque regard rend la conclusion plus exigeante."
          attributes={{ type: 'date' }}
        />
      </div>
    </fieldset>
  );
}

const RATES = [0.15, 0.2, 0.25, 0.3] as const;
const EFFECTS = [0.03, 0.05, 0.08] as const;
/** Convocations a person has during a trial, about. */
const PER_PERSON = 2;
const POWER = 0.8;

function PowerTable() {
  const effect = designEffect(PER_PERSON, DEFAULT_ICC);
  const points = (share: number) => `${Math.round(share * 100)}${NBSP}points`;
  return (
    <details>
      <summary>Combien de convocations faut-il par bras&nbsp;?</summary>
      <div class="scroll" role="region" aria-label="Convocations par bras" tabIndex={0}>
        <table>
          <caption>
            Convocations par bras pour trouver une baisse 8 fois sur 10, deux convocations par personne
          </caption>
          <thead>
            <tr>
              <th scope="col">Taux d’absence aujourd’hui</th>
              {EFFECTS.map((drop) => (
                <th key={drop} scope="col" class="num">
                  Baisse de {points(drop)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RATES.map((rate) => (
              <tr key={rate}>
                <th scope="row">
                  {Math.round(rate * 100)}
                  {NBSP}%
                </th>
                {EFFECTS.map((drop) => (
                  <td key={drop} class="num">
                    {thousands(outcomesPerArm({ from: rate, to: rate - drop, designEffect: effect }, POWER))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="small muted">
        Avec trois ou quatre bras, comptez un quart de plus&nbsp;: chaque comparaison doit être plus sûre.
      </p>
    </details>
  );
}
