import { TRIAL_BOUNDS } from '../../notifications/domain/trial.js';
import { designEffect, DEFAULT_ICC } from '../../statistics/domain/effects/cluster-interval.js';
import { outcomesPerArm } from '../../statistics/domain/effects/power.js';
import { Check, Choice } from '../../ui/choices.js';
import { boundTo, describedBy, Field, FieldError } from '../../ui/forms.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { NBSP, thousands } from '../../ui/typography.js';
import type { TrialFieldsProps } from './trial-arms.js';

/** How persons or services are drawn. */
export function Draw({ form, problems }: TrialFieldsProps) {
  const field = boundTo(form, problems);
  return (
    <fieldset aria-describedby={describedBy(problems, 'unit')}>
      <legend>Tirage au sort</legend>
      <FieldError problems={problems} id="unit" />
      <div class="choices">
        <Choice id="unit" name="unit" value="person" checked={form.unit !== 'service'}>
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
        {...field('seed')}
        label="Graine du tirage"
        hint="Le même ordre d’arrivée et la même graine redonnent le même tirage."
        attributes={{ maxLength: TRIAL_BOUNDS.seed, autocomplete: 'off' }}
      />
    </fieldset>
  );
}

/** How long, of what size, and the looks before the end. */
export function Plan({ form, problems }: TrialFieldsProps) {
  const field = boundTo(form, problems);
  return (
    <fieldset>
      <legend>Mesure et durée</legend>
      <p>
        On mesurera le taux d’absence de chaque bras&nbsp;: manquées ÷ (honorées + manquées + excusées), dont
        l’issue est connue.
      </p>
      <div class="fields">
        <Field
          {...field('plannedSize')}
          label="Convocations prévues, tous bras ensemble"
          attributes={{ inputMode: 'numeric' }}
        />
        <Field
          {...field('endsOn')}
          label="Dernier jour"
          hint="Les rendez-vous jusqu’à ce jour comptent."
          attributes={{ type: 'date' }}
        />
      </div>
      <PowerTable />
      <div class="fields">
        <Field
          {...field('look1')}
          label="Regard avant la fin (facultatif)"
          hint="Sans regard prévu, rien ne se voit avant la fin."
          attributes={{ type: 'date' }}
        />
        <Field
          {...field('look2')}
          label="Second regard (facultatif)"
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
          <TableHead
            columns={[
              'Taux d’absence aujourd’hui',
              ...EFFECTS.map((drop) => numeric(`Baisse de ${points(drop)}`)),
            ]}
          />
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
