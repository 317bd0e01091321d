import type { Interval } from '../../statistics/domain/estimate.js';
import { ErrorSummary, Field, FormTokens } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { NBSP, plural, thousands } from '../../ui/typography.js';
import type { AbsenceView } from './page-view.js';
import { COST_FIELDS, formOf } from './unit-cost-form.js';

/** What texts cost, and what fewer absences spare; each with its interval. */
export function SavingsSection(view: AbsenceView) {
  return (
    <section aria-labelledby="savings" class="stack">
      <h2 id="savings">Ce que cela coûte, ce que cela évite</h2>
      {view.wasSaved && <Done sentence="Les coûts du service sont enregistrés." />}
      <TextCost {...view} />
      <SavingsTable {...view} />
      {view.mayChangeCosts && <CostForm {...view} />}
    </section>
  );
}

function TextCost({ savings: { texts, outcomes } }: AbsenceView) {
  const perOutcome = outcomes === 0 ? null : (texts.euros / outcomes) * 100;
  return (
    <p>
      {plural(texts.texts, 'SMS', 'SMS')} remis, {plural(texts.parts, 'part facturée', 'parts facturées')}
      &nbsp;: <strong>{euros(texts.euros)}</strong>
      {perOutcome !== null &&
        `, soit ${perOutcome.toFixed(1).replace('.', ',')}${NBSP}centimes par issue connue`}
      .
    </p>
  );
}

function SavingsTable({ savings: { savings, basis, outcomes, costs, refusal } }: AbsenceView) {
  if (savings === null)
    return (
      <p class="muted">
        Rien ne permet d’estimer ici ce que les messages évitent.{refusal === null ? '' : ` ${refusal}`}
      </p>
    );
  const rows = [
    { label: 'Absences évitées', of: savings.absences, unit: count },
    { label: 'Lettres', of: savings.letters, unit: count },
    { label: 'Lettres recommandées', of: savings.registered, unit: count },
    { label: 'Heures d’agents', of: savings.hours, unit: count },
    { label: 'En euros', of: savings.euros, unit: euros },
  ];
  return (
    <>
      <table class="compact shares savings">
        <caption>
          Évité, sur {thousands(outcomes)}
          {NBSP}issues connues depuis la mise en service
        </caption>
        <TableHead columns={['Évité', numeric('Estimation'), numeric('Intervalle à 95\u00a0%')]} />
        <tbody>
          {rows.map(({ label, of, unit }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td class="num">
                <strong>{unit(of.value)}</strong>
              </td>
              <td class="num">{rangeWords(of, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        {basis === 'interrupted'
          ? 'Selon l’estimation qui retire saison et tendance.'
          : 'Selon la comparaison simple avant / après, qui ne prouve pas l’effet\u00a0: à lire comme un ordre de grandeur.'}{' '}
        Hypothèses du service&nbsp;: par absence, {decimalOf(costs.lettersPerAbsence)}&nbsp;lettre à{' '}
        {cents(costs.letterCents)}, {decimalOf(costs.registeredPerAbsence)}&nbsp;recommandée à{' '}
        {cents(costs.registeredCents)}, {costs.minutesPerAbsence}&nbsp;minutes d’agent à{' '}
        {cents(costs.hourCents)} l’heure. L’intervalle ne porte que sur l’effet.
      </p>
    </>
  );
}

function CostForm({ frame, service, period, typeCode, typedCosts, savings, problems }: AbsenceView) {
  const values = typedCosts ?? formOf(savings.costs);
  return (
    <details class="unit-costs" open={problems.length > 0}>
      <summary>Changer les coûts du service</summary>
      <form class="form" method="post" action="/absence/unit-costs" id="couts">
        <ErrorSummary problems={problems} />
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="service" value={service?.id ?? ''} />
        <input type="hidden" name="from" value={period.from} />
        <input type="hidden" name="to" value={period.to} />
        <input type="hidden" name="type" value={typeCode ?? ''} />
        <div class="fields">
          {COST_FIELDS.map(({ name, label, unit }) => (
            <Field
              key={name}
              name={name}
              label={`${label} (${unit})`}
              value={values[name]}
              problems={problems}
              attributes={{ inputMode: 'decimal', required: true, maxLength: 8 }}
            />
          ))}
        </div>
        <p class="hint">
          Au départ&nbsp;: tarifs de La Poste en 2026 au guichet (lettre verte et recommandée R1 de 20&nbsp;g,
          sans avis de réception)&nbsp;; les autres valeurs sont des hypothèses, à remplacer par celles du
          service.
        </p>
        <div class="actions">
          <button class="secondary">Enregistrer les coûts</button>
        </div>
      </form>
    </details>
  );
}

/** Whole, with a real minus sign. */
function count(value: number): string {
  const rounded = Math.round(value);
  return `${rounded < 0 ? '−' : ''}${thousands(Math.abs(rounded))}`;
}

function euros(value: number): string {
  return `${count(value)}${NBSP}€`;
}

function cents(value: number): string {
  return `${(value / 100).toFixed(2).replace('.', ',')}${NBSP}€`;
}

function decimalOf(value: number): string {
  return String(value).replace('.', ',');
}

function rangeWords({ low, high }: Interval, unit: (value: number) => string): string {
  return `de ${count(low)} à ${unit(high)}`;
}
