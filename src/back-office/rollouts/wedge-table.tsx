import { steppedWedgePower } from '../../statistics/domain/effects/power.js';
import { FEWEST_SERVICES } from '../../statistics/domain/effects/staggered.js';
import {
  drawWedge,
  periodsOf,
  servicesPerStep,
  type WedgeDesign,
} from '../../statistics/planner/stepped-wedge.js';
import { Note } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { decimal, monthInWords, NBSP, percent } from '../../ui/typography.js';

const OTHER_ICCS = [0.005, 0.01, 0.02, 0.05, 0.1];

/** Who starts when: a row per service, a column per period, words in every cell. */
export function WedgeTable(props: {
  readonly design: WedgeDesign;
  readonly names: ReadonlyMap<string, string>;
}) {
  const { design, names } = props;
  const periods = periodsOf(design);
  return (
    <div class="scroll" role="region" aria-label="Tableau du plan" tabIndex={0}>
      <table class="wedge">
        <TableHead
          columns={[
            'Service',
            numeric('Étape'),
            ...periods.map((month, at) =>
              at === 0 ? `Avant (dès ${monthInWords(month)})` : `Dès ${monthInWords(month)}`,
            ),
          ]}
        />
        <tbody>
          {drawWedge(design).map(({ organizationId, step }) => (
            <tr key={organizationId}>
              <th scope="row">{names.get(organizationId) ?? 'Service supprimé'}</th>
              <td class="num">{step}</td>
              {periods.map((month, at) => (
                <td key={month} class={at >= step ? 'wedge-on' : undefined}>
                  {at >= step ? 'Textes' : 'Attend'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How likely the plan is to show the effect that it hopes for. */
export function WedgePower({ design }: { readonly design: WedgeDesign }) {
  const points = decimal(-100 * design.effect);
  const services = design.organizationIds.length;
  return (
    <section aria-labelledby="power" class="stack">
      <h2 id="power">Ce que ce plan peut montrer</h2>
      <p>
        Si les textes font vraiment baisser l’absence de {points}
        {NBSP}points (de {percent(design.rate)} à {percent(design.rate + design.effect)}), ce plan le montre{' '}
        <strong>{chances(powerOf(design))}</strong>.
        {powerOf(design) < 0.8 &&
          ' C’est peu\u00a0: ajoutez des services, des étapes ou des mois, ou attendez une baisse plus grande.'}
      </p>
      {services < FEWEST_SERVICES && (
        <Note shape="warn">
          <p>
            Avec {services}
            {NBSP}services, l’effet ne sera pas estimé{NBSP}: il en faut au moins {FEWEST_SERVICES}, pour
            qu’un service qui change pour une autre raison ne décide pas du résultat. Ajoutez-en, même sans
            textes d’abord{NBSP}: ils servent de comparaison.
          </p>
        </Note>
      )}
      <p class="muted">
        Cas favorable{NBSP}: le calcul suppose que deux convocations d’un même service se ressemblent autant à
        un an qu’à un jour d’écart (Hussey et Hughes, 2007). Plus les services diffèrent entre eux, plus le
        coefficient de corrélation est grand. Essayez-en plusieurs.
      </p>
      <div class="scroll" role="region" aria-label="Tableau de la puissance" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Baisse réelle</th>
              {OTHER_ICCS.map((icc) => (
                <th key={icc} scope="col" class="num">
                  Corrélation {String(icc).replace('.', ',')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[-0.03, -0.05, -0.08]
              .filter((effect) => design.rate + effect > 0)
              .map((effect) => (
                <tr key={effect}>
                  <th scope="row">
                    {decimal(-100 * effect)}
                    {NBSP}points
                  </th>
                  {OTHER_ICCS.map((icc) => (
                    <td key={icc} class="num">
                      {percent(powerOf({ ...design, effect, icc }))}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function powerOf(design: WedgeDesign): number {
  return steppedWedgePower({
    servicesPerStep: servicesPerStep(design),
    monthsPerPeriod: design.monthsPerStep,
    outcomesPerMonth: design.outcomesPerMonth,
    rate: design.rate,
    effect: design.effect,
    icc: design.icc,
  });
}

/** « 83 fois sur 100 », never promising 0 or 100. */
function chances(power: number): string {
  const times = Math.min(99, Math.max(1, Math.round(100 * power)));
  return `${times}${NBSP}fois sur${NBSP}100`;
}
