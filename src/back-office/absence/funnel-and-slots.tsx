import type { Share } from '../../statistics/domain/rate-interval.js';
import { rateInterval } from '../../statistics/domain/rate-interval.js';
import { FEWEST_FOR_A_SLOT } from '../../statistics/domain/breakdown.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { NBSP, percent, thousands } from '../../ui/typography.js';
import { isHalfDay, nOf, rangeOf, slotWords } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';

/** From the reminder to the visit: every line is part of the one above it. */
export function ReminderFunnel({ funnel, ground }: AbsenceFigures) {
  const steps = [
    { label: 'Convocations, issue connue', count: funnel.known },
    { label: 'Rappel à envoyer', count: funnel.due },
    { label: 'Rappel remis à l’opérateur', count: funnel.handedOver },
    { label: 'Rappel reçu', count: funnel.delivered },
    { label: 'Convocation honorée', count: funnel.attended },
  ];
  return (
    <section class="stack" aria-labelledby="funnel">
      <h3 id="funnel">Du rappel à la venue</h3>
      {funnel.known === 0 ? (
        <p class="muted">Aucune issue connue.</p>
      ) : (
        <>
          <ol class="funnel">
            {steps.map(({ label, count }, at) => (
              <li key={label}>
                <span>{label}</span>
                <b>{thousands(count)}</b>
                <span class="muted">{at === 0 ? '' : shareOf(count, steps[at - 1]?.count ?? 0)}</span>
                <svg class="bar" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
                  <rect width="1000" height="1" />
                  <rect width={Math.round((count / funnel.known) * 1000)} height="1" />
                </svg>
              </li>
            ))}
          </ol>
          <p class="hint">
            Chaque pourcentage se rapporte à la ligne du dessus. Absence quand le rappel est reçu&nbsp;:{' '}
            {rateWords(funnel.absenceWhenDelivered, ground.periodDesignEffect)}&nbsp;; sinon&nbsp;:{' '}
            {rateWords(funnel.absenceOtherwise, ground.periodDesignEffect)}. C’est une association, pas un
            effet.
          </p>
        </>
      )}
    </section>
  );
}

function shareOf(count: number, above: number): string {
  return above === 0 ? '–' : percent(count / above);
}

function rateWords(share: Share, designEffect: number): string {
  const interval = rateInterval(share, designEffect);
  return interval === null ? '–' : `${percent(interval.rate)} (${nOf(share)}, de ${rangeOf(interval)})`;
}

/** Where absence is highest, with enough outcomes to say so. */
export function WorstSlots({ slots, ground }: AbsenceFigures) {
  return (
    <section class="stack" aria-labelledby="slots">
      <h3 id="slots">Créneaux les plus manqués</h3>
      {slots.length === 0 ? (
        <p class="muted">
          Aucun créneau, aucune demi-journée n’a {FEWEST_FOR_A_SLOT}
          {NBSP}issues connues d’un même type sur la période.
        </p>
      ) : (
        <table class="compact shares">
          <caption class="visually-hidden">Créneaux les plus manqués</caption>
          <TableHead columns={['Créneau et type', numeric('n / N'), numeric('Taux et intervalle')]} />
          <tbody>
            {slots.map((slot) => {
              const interval = rateInterval(slot, ground.periodDesignEffect);
              return (
                <tr key={`${slot.weekday} ${slot.time} ${slot.typeCode}`}>
                  <th scope="row">
                    {slotWords(slot)}
                    <span class="range">{slot.typeName}</span>
                  </th>
                  <td class="num">{nOf(slot)}</td>
                  <td class="num">
                    <strong>{percent(interval?.rate ?? null)}</strong>
                    {interval !== null && <span class="range">{rangeOf(interval)}</span>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <p class="hint">
        Au moins {FEWEST_FOR_A_SLOT}
        {NBSP}issues connues
        {slots.some(isHalfDay) && '\u00a0: par demi-journée, aucun horaire n’en a autant à lui seul'}. Aucun
        chiffre n’est donné par agent.
      </p>
    </section>
  );
}
