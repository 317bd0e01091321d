import type { ComponentChildren } from 'preact';
import { NBSP, percent, plural } from '../../ui/typography.js';
import { State } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { between, nOf, points, shownDifference, signed } from './absence-words.js';
import type { AbsenceFigures } from './absence.view.js';
import type { PhaseRow } from './phases.view.js';

/** What each method says of the cause, or why it says nothing; and whether the effect lasts. */
export function Effects(view: AbsenceFigures) {
  const { impact, phases, seesNational } = view;
  if (impact === null) return null;
  return (
    <section aria-labelledby="effect" class="stack">
      <h2 id="effect">Est-ce l’effet du service&nbsp;?</h2>
      {impact.habits.map(({ habit, sentence }) => (
        <div key={habit} class="note warn">
          <p>{sentence}</p>
        </div>
      ))}
      <div class="split even">
        <div>
          <Naive {...view} />
          <Interrupted {...view} />
          <div class="finding">
            <State word="Comparaison avec les autres services" shape="off" />
            <p>
              {seesNational ? (
                <>
                  Elle se fait sur plusieurs services à la fois&nbsp;:{' '}
                  <a href="/absence/national">voir tous les services</a>.
                </>
              ) : (
                'Elle se fait sur plusieurs services à la fois.'
              )}
            </p>
          </div>
        </div>
        {phases.length > 0 && <Phases phases={phases} />}
      </div>
    </section>
  );
}

function Finding(props: {
  readonly title: string;
  readonly isConclusive: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="finding">
      <State word={props.title} shape={props.isConclusive ? 'ok' : 'warn'} />
      {props.children}
    </div>
  );
}

function Naive({ impact }: AbsenceFigures) {
  if (impact === null) return null;
  const { naive } = impact;
  if (naive.kind === 'refused')
    return (
      <Finding title="Avant / après" isConclusive={false}>
        <p>{naive.reason}</p>
      </Finding>
    );
  return (
    <Finding title="Avant / après, comparaison simple" isConclusive={false}>
      <p>
        <strong>{points(shownDifference(naive.after.value, naive.before.value))}</strong>, {between(naive)},
        sur {plural(naive.months, 'mois', 'mois')} et{' '}
        {plural(naive.outcomes, 'issue connue', 'issues connues')}. {naive.assumption}
      </p>
    </Finding>
  );
}

function Interrupted({ impact }: AbsenceFigures) {
  if (impact === null) return null;
  const { interrupted } = impact;
  if (interrupted.kind === 'refused')
    return (
      <Finding title="Saison et tendance retirées" isConclusive={false}>
        <p>{interrupted.reason}</p>
      </Finding>
    );
  const excludesZero = interrupted.high < 0 || interrupted.low > 0;
  return (
    <Finding title="Saison et tendance retirées" isConclusive={excludesZero}>
      <p>
        <strong>{points(interrupted.value)}</strong>, {between(interrupted)} (intervalle à 95{NBSP}%), sur{' '}
        {interrupted.monthsBefore}
        {NBSP}mois avant et {interrupted.monthsAfter} après.{' '}
        {excludesZero ? '' : 'L’intervalle contient zéro\u00a0: on ne peut pas conclure. '}
        {interrupted.assumption}
      </p>
    </Finding>
  );
}

function Phases({ phases }: { readonly phases: readonly PhaseRow[] }) {
  return (
    <div>
      <table class="compact shares">
        <caption>Selon le nombre de mois depuis la mise en service</caption>
        <TableHead columns={['Mois', numeric('n / N'), numeric('Taux'), numeric('Écart avec avant')]} />
        <tbody>
          {phases.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              <td class="num">{nOf(row)}</td>
              <td class="num">
                <strong>{percent(row.known === 0 ? null : row.missed / row.known)}</strong>
              </td>
              <td class="num">
                {row.difference === null ? (
                  '–'
                ) : (
                  <>
                    {signed(row.difference.value)}
                    <span class="range">{between(row.difference)}</span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">
        En points, comparaison simple avec tous les mois d’avant, saison comprise&nbsp;: un effet qui s’use se
        verrait ici.
      </p>
    </div>
  );
}
