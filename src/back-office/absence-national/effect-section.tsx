import type { Interval } from '../../statistics/domain/estimate.js';
import type { StaggeredFinding } from '../../statistics/domain/effects/reports.js';
import { EventStudy } from '../../ui/charts/event-study.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { decimal, NBSP, plural, thousands } from '../../ui/typography.js';
import type { NationalView } from './national.view.js';

/** Services that began against those that had not yet: the estimate, what it supposes, or why there is none. */
export function EffectSection({ effect }: NationalView) {
  if (effect === null) return null;
  return (
    <section aria-labelledby="effect" class="stack">
      <h2 id="effect">Effet de la mise en service, services échelonnés</h2>
      {effect.kind === 'refused' ? (
        <div class="note warn">
          <p>
            <strong>Pas de conclusion.</strong> {effect.reason}
          </p>
        </div>
      ) : (
        <Finding effect={effect} />
      )}
    </section>
  );
}

type Estimated = Exclude<StaggeredFinding, { readonly kind: 'refused' }>;

function Finding({ effect }: { readonly effect: Estimated }) {
  return (
    <>
      <p class="verdict">
        {verdictOf(effect)} <strong>{points(effect.value)}</strong>, entre {signed(effect.low)} et{' '}
        {signed(effect.high)} (intervalle à 95{NBSP}%).
      </p>
      <p class="muted">
        {plural(effect.treated, 'service')} mis en service, {effect.comparisons} ayant servi de comparaison,{' '}
        {plural(effect.months, 'mois', 'mois')}, {thousands(effect.outcomes)} issues. {effect.assumption}
      </p>
      <p>{beforeWords(effect)}</p>
      {effect.habits.map(({ habit, sentence }) => (
        <p key={habit} class="state warn">
          {sentence}
        </p>
      ))}
      {effect.events.length > 0 && <Events effect={effect} />}
    </>
  );
}

function verdictOf({ low, high }: Estimated): string {
  if (high < 0) return 'L’absence a baissé avec le service\u00a0:';
  if (low > 0) return 'L’absence a augmenté avec le service\u00a0:';
  return 'Aucun effet n’est établi\u00a0:';
}

function beforeWords({ before }: Estimated): string {
  if (before === null)
    return 'Les séries d’avant sont trop courtes pour vérifier que les services évoluaient de la même façon.';
  const p = before.pValue < 0.001 ? 'p < 0,001' : `p = ${before.pValue.toFixed(3).replace('.', ',')}`;
  return before.pValue < 0.05
    ? `Avant la mise en service, les services n’évoluaient déjà plus de la même façon (${p})\u00a0: à lire avec réserve.`
    : `Avant la mise en service, rien ne distingue l’évolution des services (${p}).`;
}

function Events({ effect }: { readonly effect: Estimated }) {
  return (
    <div class="split chart">
      <figure>
        <EventStudy events={effect.events} />
        <figcaption>
          Cercles creux, tirets&nbsp;: avant la mise en service, où l’écart devrait rester autour de zéro.
          Cercles pleins&nbsp;: après. Traits&nbsp;: intervalles à 95{NBSP}%, en points de taux d’absence.
        </figcaption>
      </figure>
      <div class="stack">
        <PhasesTable effect={effect} />
        <EventsTable effect={effect} />
      </div>
    </div>
  );
}

const PHASES = { '1-3': 'Mois 1 à 3', '4-6': 'Mois 4 à 6', '7+': 'À partir du mois 7' } as const;

function PhasesTable({ effect }: { readonly effect: Estimated }) {
  return (
    <table class="compact">
      <caption>Effet selon l’ancienneté du service (points)</caption>
      <TableHead columns={['Depuis la mise en service', numeric('Écart'), numeric('Intervalle')]} />
      <tbody>
        {effect.phases.map(({ phase, effect: interval }) => (
          <tr key={phase}>
            <th scope="row">{PHASES[phase]}</th>
            <Cells interval={interval} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EventsTable({ effect }: { readonly effect: Estimated }) {
  return (
    <details>
      <summary>Les chiffres du graphique</summary>
      <table class="compact">
        <caption>Écart par mois (points)</caption>
        <TableHead columns={['Mois', numeric('Écart'), numeric('Intervalle'), numeric('Services')]} />
        <tbody>
          {effect.events.map(({ sinceStart, effect: interval, services }) => (
            <tr key={sinceStart}>
              <th scope="row">{sinceStart < 0 ? `\u2212${-sinceStart}` : `+${sinceStart}`}</th>
              <Cells interval={interval} />
              <td class="num">{services}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Cells({ interval }: { readonly interval: Interval }) {
  return (
    <>
      <td class="num">
        <strong>{signed(interval.value)}</strong>
      </td>
      <td class="num">
        {signed(interval.low)} à {signed(interval.high)}
      </td>
    </>
  );
}

function points(share: number): string {
  return `${signed(share)}${NBSP}points`;
}

function signed(share: number): string {
  const size = decimal(share * 100);
  return `${share > 0 && size !== '0,0' ? '+' : ''}${size}`;
}
