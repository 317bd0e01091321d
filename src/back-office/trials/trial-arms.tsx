import { TRIAL_BOUNDS } from '../../notifications/domain/trial.js';
import { Field, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { TextArea } from '../../ui/text-area.js';
import type { ArmForm, TrialForm } from './trial-form.js';
import { KIND_WORDS } from './trial-words.js';

export interface TrialFieldsProps {
  readonly form: TrialForm;
  readonly problems: Problems;
}

/** What is told or when, arm by arm. */
export function Arms({ form, problems }: TrialFieldsProps) {
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
          options={kinds}
          value={form.kind}
          hint="En français. Qui reçoit ses messages dans une autre langue garde le texte de cette langue, et compte dans son bras."
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
          hint="1 partout&nbsp;: parts égales."
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
            hint="Un nombre par rappel&nbsp;: 4, 1."
          />
          <Field
            name={`at.${number}`}
            label="À quelle heure"
            value={arm.at}
            problems={problems}
            hint="Vide&nbsp;: l’heure du rendez-vous."
            attributes={{ type: 'time' }}
          />
        </div>
      ) : (
        <>
          <TextArea
            name={`text.${number}`}
            label="Texte"
            value={arm.text}
            problems={problems}
            attributes={{ rows: 3 }}
          />
          <TextArea
            name={`discreet.${number}`}
            label="Texte du registre discret (facultatif)"
            value={arm.discreet}
            problems={problems}
            attributes={{ rows: 3 }}
          />
        </>
      )}
    </fieldset>
  );
}
