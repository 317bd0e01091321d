import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check } from '../../ui/choices.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';
import { numeric, TableHead } from '../../ui/table-head.js';
import { NATIONAL, ServiceSwitch } from '../service-switch.js';
import type { HoursForm, PlansContent } from './plans.view.js';

export interface PlansView extends PlansContent {
  readonly frame: Frame;
  readonly mayManageTerritories: boolean;
  /** What the change just saved did. */
  readonly effects: readonly string[] | null;
  readonly problems: Problems;
}

export function PlansPage(view: PlansView) {
  const { frame, service, effects, hours } = view;
  return (
    <AppPage frame={frame} title={`Rappels, ${service.name}`} current="/plans">
      <PageHead
        title={`Rappels, ${service.name}`}
        actions={
          view.mayManageTerritories ? (
            <a class="button secondary" href="/territories">
              Territoires
            </a>
          ) : undefined
        }
      >
        <p class="muted">
          Quand chaque personne reçoit un texte. Un plan plus précis passe avant un plan général.
        </p>
      </PageHead>
      <div class="sections">
        {effects !== null && (
          <Done sentence={`Enregistré. ${effects.join(', ')}. Ce qui est déjà parti ne change pas.`} />
        )}
        {view.services.length > 0 && (
          <ServiceSwitch action="/plans" options={view.services} chosen={view.service.id ?? NATIONAL} />
        )}
        <PlansTable {...view} />
        {hours !== null && <Hours {...view} hours={hours} />}
      </div>
    </AppPage>
  );
}

function PlansTable({ lines }: PlansView) {
  return (
    <section aria-labelledby="plans" class="stack">
      <h2 id="plans">Plans</h2>
      <div class="scroll" role="region" aria-label="Tableau des plans" tabIndex={0}>
        <table>
          <TableHead
            columns={['Type', 'Rappels', 'D’où vient ce plan', numeric('Textes par semaine, au plus')]}
          />
          <tbody>
            {lines.map(({ typeCode, name, words, origin, weeklyLimit, href }) => (
              <tr key={typeCode ?? ''}>
                <th scope="row">
                  <a href={href}>{name}</a>
                </th>
                <td>{words}</td>
                <td>{origin}</td>
                <td class="num">{weeklyLimit}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Hours({ frame, hours, usualHours, problems }: PlansView & { readonly hours: HoursForm }) {
  return (
    <section aria-labelledby="hours" class="stack">
      <h2 id="hours">Heures d’envoi du service</h2>
      <form class="form" method="post" action="/plans/hours">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="organization" value={hours.organization} />
        <ErrorSummary problems={problems} />
        <p class="muted">
          À l’heure du lieu. Vides&nbsp;: les heures générales, {usualHours}, les deux comprises.
        </p>
        <div class="fields">
          <Field
            name="opensAt"
            label="Rien ne part avant"
            value={hours.opensAt}
            problems={problems}
            attributes={{ type: 'time' }}
          />
          <Field
            name="closesAt"
            label="Rien ne part après"
            value={hours.closesAt}
            problems={problems}
            attributes={{ type: 'time' }}
          />
        </div>
        <Check name="closedDays" checked={hours.closedDays === 'true'}>
          Rien ne part le dimanche ni les jours fériés du service. Un rappel part alors le jour ouvert
          d’avant.
        </Check>
        <div class="actions">
          <button name="act" value="check">
            Voir ce que cela change
          </button>
        </div>
      </form>
    </section>
  );
}
