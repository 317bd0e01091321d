import { BOUNDS, STEP_CHANNELS } from '../../notifications/domain/reminder-plan.js';
import type { Bounds } from '../../shared/whole-number.js';
import { Check } from '../../ui/choices.js';
import { boundTo, Field, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { NBSP } from '../../ui/typography.js';
import type { PlanForm, ReminderRow } from './plan-form.js';
import { CHANNEL_WORDS, CONDITION_WORDS } from './plan-words.js';

/** When the summons leaves, by what and until when. */
export function Summons({ form, problems }: { readonly form: PlanForm; readonly problems: Problems }) {
  const field = boundTo(form, problems);
  return (
    <fieldset>
      <legend>Convocation</legend>
      <p class="muted">
        Part quand l’agent le demande. Un rendez-vous déplacé est toujours dit dès que possible.
      </p>
      <div class="fields">
        <Field
          {...field('summonsAt')}
          label="À quelle heure"
          hint={`Vide${NBSP}: dès que le rendez-vous est pris.`}
          attributes={{ type: 'time' }}
        />
        <Field
          {...field('summonsUntil')}
          label="Utile jusqu’à, heures avant"
          hint="Plus tard, elle ne part plus."
          attributes={count(BOUNDS.summonsHours)}
        />
        <Channel name="summonsChannel" value={form.summonsChannel} problems={problems} />
      </div>
      <Check name="summonsSpaced" checked={form.summonsSpaced === 'true'}>
        Attend au moins trois heures après un autre texte à la même personne, s’il reste alors plus d’un jour
        avant le rendez-vous.
      </Check>
    </fieldset>
  );
}

/** One reminder; without days it is none. */
export function Reminder(props: {
  readonly row: ReminderRow;
  readonly number: number;
  readonly problems: Problems;
  /** Just added: the next thing one types. */
  readonly isNew: boolean;
}) {
  const { row, number, problems, isNew } = props;
  const name = (field: keyof ReminderRow) => `${field}.${number}`;
  return (
    <fieldset>
      <legend>Rappel {number}</legend>
      <div class="fields">
        <Field
          name={name('days')}
          label="Jours avant"
          value={row.days}
          problems={problems}
          hint={`Vide${NBSP}: pas de rappel.`}
          attributes={{ ...count(BOUNDS.offsetDays), autofocus: isNew }}
        />
        <Field
          name={name('at')}
          label="À quelle heure"
          value={row.at}
          problems={problems}
          hint={`Vide${NBSP}: l’heure du rendez-vous.`}
          attributes={{ type: 'time' }}
        />
        <Field
          name={name('until')}
          label="Utile jusqu’à, heures avant"
          value={row.until}
          problems={problems}
          hint="Plus tard, il ne part plus."
          attributes={{ inputMode: 'numeric' }}
        />
        <SelectField
          name={name('when')}
          label="Pour qui"
          options={Object.entries(CONDITION_WORDS).map(([value, label]) => ({ value, label }))}
          value={row.when}
          problems={problems}
        />
        <Field
          name={name('ahead')}
          label="Pris au moins, jours avant"
          value={row.ahead}
          problems={problems}
          hint="Pour un rendez-vous pris longtemps avant."
          attributes={count(BOUNDS.bookedAheadDays)}
        />
        <Channel name={name('channel')} value={row.channel} problems={problems} />
      </div>
    </fieldset>
  );
}

/** What leaves after an absence. */
export function AfterAbsence({ form, problems }: { readonly form: PlanForm; readonly problems: Problems }) {
  const field = boundTo(form, problems);
  return (
    <fieldset>
      <legend>Après une absence</legend>
      <Check name="afterAbsence" checked={form.afterAbsence === 'true'}>
        Un texte dit la suite, quand l’agent qui marque l’absence le demande.
      </Check>
      <div class="fields">
        <Field
          {...field('afterAt')}
          label="À quelle heure"
          hint={`Vide${NBSP}: dès que possible.`}
          attributes={{ type: 'time' }}
        />
        <Field
          {...field('afterUntil')}
          label="Utile jusqu’à, heures après"
          attributes={count(BOUNDS.afterAbsenceHours)}
        />
        <Channel name="afterChannel" value={form.afterChannel} problems={problems} />
      </div>
      <Check name="afterSpaced" checked={form.afterSpaced === 'true'}>
        Attend au moins trois heures après un autre texte à la même personne.
      </Check>
    </fieldset>
  );
}

function Channel(props: { readonly name: string; readonly value: string; readonly problems: Problems }) {
  const options = STEP_CHANNELS.map((value) => ({ value, label: CHANNEL_WORDS[value] }));
  return <SelectField {...props} label="Par" options={options} />;
}

/** Attributes of a field that takes a whole number between two bounds. */
export function count({ least, most }: Bounds) {
  return { type: 'number', inputMode: 'numeric', min: least, max: most } as const;
}
