import type { TerritoryView } from '../../notifications/plans/territory.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check } from '../../ui/choices.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { SelectField } from '../../ui/select-field.js';
import { Done } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';

export interface TerritoriesView {
  readonly frame: Frame;
  readonly territories: readonly TerritoryView[];
  /** The one whose form is open. */
  readonly form: TerritoryForm;
  readonly effects: readonly string[] | null;
  readonly problems: Problems;
}

export interface TerritoryForm {
  readonly territory: string;
  readonly operator: string;
  readonly poorCoverage: string;
  readonly earlierHours: string;
}

export const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  '': 'Ordre habituel',
  twilio: 'Twilio d’abord',
  'link-mobility': 'LINK Mobility d’abord',
};

export function TerritoriesPage(view: TerritoriesView) {
  const { frame, effects } = view;
  return (
    <AppPage frame={frame} title="Territoires" current="/plans">
      <PageHead title="Territoires" back={{ href: '/plans', label: 'Plans' }}>
        <p class="muted">Comment les numéros de chaque territoire sont servis.</p>
      </PageHead>
      <div class="sections">
        {effects !== null && (
          <Done sentence={`Enregistré. ${effects.join(', ')}. Ce qui est déjà parti ne change pas.`} />
        )}
        <TerritoriesTable {...view} />
        <TerritoryFields {...view} />
      </div>
    </AppPage>
  );
}

function TerritoriesTable({ territories }: TerritoriesView) {
  return (
    <section aria-labelledby="territories" class="stack">
      <h2 id="territories">Réglages</h2>
      <div class="scroll" role="region" aria-label="Tableau des territoires" tabIndex={0}>
        <table>
          <TableHead columns={['Territoire', 'Opérateur', 'Réseau']} />
          <tbody>
            {territories.map(({ territory, name, operator, hasPoorCoverage, earlierHours }) => (
              <tr key={territory}>
                <th scope="row">
                  <a href={`/territories?territory=${territory}#territory`}>{name}</a>
                </th>
                <td>{OPERATOR_WORDS[operator ?? '']}</td>
                <td>
                  {hasPoorCoverage
                    ? `Peu couvert\u00a0: rappels ${earlierHours}\u00a0h plus tôt, livraison tentée plus longtemps`
                    : 'Couvert'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function TerritoryFields({ frame, territories, form, problems }: TerritoriesView) {
  const name = territories.find(({ territory }) => territory === form.territory)?.name ?? '';
  const options = Object.entries(OPERATOR_WORDS).map(([value, label]) => ({ value, label }));
  const field = boundTo(form, problems);
  return (
    <section aria-labelledby="territory" class="stack">
      <h2 id="territory">{name}</h2>
      <form class="form" method="post" action="/territories">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="territory" value={form.territory} />
        <ErrorSummary problems={problems} />
        <SelectField {...field('operator')} label="Opérateur" options={options} />
        <Check name="poorCoverage" checked={form.poorCoverage === 'true'}>
          Réseau peu couvert&nbsp;: les rappels partent plus tôt et l’opérateur essaie plus longtemps.
        </Check>
        <Field
          {...field('earlierHours')}
          label="Heures plus tôt"
          hint="Ne compte que si la case est cochée, de 1 à 48. Avant l’ouverture des heures d’envoi&nbsp;: à leur fermeture, la veille."
          attributes={{ type: 'number', inputMode: 'numeric', min: 0, max: 48 }}
        />
        <div class="actions">
          <button name="act" value="check">
            Voir ce que cela change
          </button>
        </div>
      </form>
    </section>
  );
}
