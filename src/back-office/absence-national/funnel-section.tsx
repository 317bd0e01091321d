import { type FunnelPlace, FunnelPlot } from '../../ui/charts/funnel-plot.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { decimal, NBSP, percent, thousands } from '../../ui/typography.js';
import type { FunnelRow, FunnelView, NationalView } from './national.view.js';

export const PLACES: Readonly<Record<FunnelPlace, string>> = {
  inside: 'dans les limites',
  'outside-95': 'hors des limites à 95\u00a0%',
  'outside-998': 'hors des limites à 99,8\u00a0%',
};

/** Where chance alone would put the services, instead of a ranking. */
export function FunnelSection({ funnel }: NationalView) {
  return (
    <section aria-labelledby="funnel" class="stack">
      <h2 id="funnel">Écarts entre services&nbsp;: hasard ou non&nbsp;?</h2>
      {funnel === null ? (
        <p>
          Trop peu de services ont des issues connues pour comparer&nbsp;: avec moins de cinq autres, on
          reconnaîtrait chacun d’eux.
        </p>
      ) : (
        <div class="split chart">
          <figure>
            <FunnelPlot
              points={funnel.rows}
              target={funnel.target}
              curve={funnel.curve}
              title="Taux d’absence selon le nombre d’issues connues, un point par service"
            />
            <figcaption>
              Trait plein&nbsp;: taux d’ensemble. Tirets&nbsp;: 95{NBSP}% des services y seraient si seul le
              hasard les séparait&nbsp;; pointillés&nbsp;: 99,8{NBSP}%. Cercle&nbsp;: dans les limites.
              Triangle plein&nbsp;: hors de 95{NBSP}%. Carré plein&nbsp;: hors de 99,8{NBSP}%.{' '}
              {dispersionWords(funnel)}
              {funnel.isUnnamed &&
                ' Les autres services ne sont pas nommés, et leurs chiffres sont arrondis.'}
            </figcaption>
          </figure>
          <FunnelTable rows={funnel.rows} />
        </div>
      )}
    </section>
  );
}

function dispersionWords(funnel: FunnelView): string {
  if (funnel.overdispersion === 1) return '';
  return `Les services diffèrent plus que par hasard (variance × ${decimal(funnel.overdispersion)})\u00a0: publics, types de convocations, habitudes de saisie\u00a0; les limites sont élargies d’autant.`;
}

function FunnelTable({ rows }: { readonly rows: readonly FunnelRow[] }) {
  const named = rows.filter(({ name }) => name !== null);
  const unnamed = rows.length - named.length;
  return (
    <div class="scroll snug" role="region" aria-label="Tableau des places" tabIndex={0}>
      <table class="compact">
        <caption>Place de chaque service</caption>
        <TableHead columns={['Service', numeric('N'), numeric('Taux'), numeric('Limites à 95\u00a0%')]} />
        <tbody>
          {named.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                {row.name}
                <br />
                <small class="muted">{PLACES[row.place]}</small>
              </th>
              <td class="num">{thousands(row.known)}</td>
              <td class="num">
                <strong>{percent(row.rate)}</strong>
              </td>
              <td class="num">
                {percent(row.low95)} à {percent(row.high95)}
              </td>
            </tr>
          ))}
          {unnamed > 0 && <UnnamedRows rows={rows.filter(({ name }) => name === null)} />}
        </tbody>
      </table>
    </div>
  );
}

/** Counted by place: nothing beside the drawing tells one from another. */
function UnnamedRows({ rows }: { readonly rows: readonly FunnelRow[] }) {
  return (
    <>
      {(['inside', 'outside-95', 'outside-998'] as const).map((place) => (
        <tr key={place}>
          <th scope="row" colSpan={3}>
            Autres services {PLACES[place]}
          </th>
          <td class="num">{rows.filter((row) => row.place === place).length}</td>
        </tr>
      ))}
    </>
  );
}
