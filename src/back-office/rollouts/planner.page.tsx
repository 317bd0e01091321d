import type { SavedPlan } from '../../statistics/planner/plan.queries.js';
import type { ManagedService } from '../../statistics/rollouts/register.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { idInGroup } from '../../ui/choices.js';
import {
  boundTo,
  describedBy,
  ErrorSummary,
  Field,
  FieldError,
  FormTokens,
  type Problems,
} from '../../ui/forms.js';
import { NBSP, plural } from '../../ui/typography.js';
import { designOf, PLANNER_FIELDS, type PlannerForm } from './planner-form.js';
import { writtenBy } from './rollout-words.js';
import { WedgePower, WedgeTable } from './wedge-table.js';

export interface PlannerView {
  readonly frame: Frame;
  readonly services: readonly ManagedService[];
  readonly plans: readonly SavedPlan[];
  readonly timeZone: string;
  readonly form: PlannerForm;
  readonly names: ReadonlyMap<string, string>;
  /** Of the plan about to be kept. */
  readonly name: string;
  readonly isDrawn: boolean;
  readonly problems: Problems;
}

export function PlannerPage(view: PlannerView) {
  const { frame, services, form, names, isDrawn } = view;
  return (
    <AppPage frame={frame} title="Planifier un déploiement" current="/rollouts">
      <PageHead title="Planifier un déploiement" back={{ href: '/rollouts', label: 'Mise en service' }}>
        <p class="muted">
          Les services commencent par étapes, dans un ordre tiré au sort. Ceux qui attendent servent de
          comparaison{NBSP}: c’est la façon la plus sûre de mesurer l’effet.
        </p>
      </PageHead>
      <div class="sections">
        {services.length < 2 ? (
          <p>
            Un plan par étapes demande au moins deux services, et vous n’en administrez qu’un. Demandez à
            l’administrateur central.
          </p>
        ) : (
          <>
            {isDrawn && (
              <section aria-labelledby="plan" class="stack">
                <h2 id="plan">Ordre tiré au sort</h2>
                <WedgeTable design={designOf(form)} names={names} />
              </section>
            )}
            {isDrawn && <WedgePower design={designOf(form)} />}
            {isDrawn && <Save {...view} />}
            <Choices {...view} />
          </>
        )}
        <Plans {...view} />
      </div>
    </AppPage>
  );
}

function Choices({ services, form, problems, isDrawn }: PlannerView) {
  const own = isDrawn ? [] : problems;
  const field = boundTo(form, own);
  return (
    <section aria-labelledby="choices" class="stack">
      <h2 id="choices">{isDrawn ? 'Changer le plan' : 'Le plan'}</h2>
      <form class="form" method="get" action="/rollouts/planner">
        <ErrorSummary problems={own} />
        <fieldset aria-describedby={describedBy(own, 'service')}>
          <legend>Services</legend>
          <FieldError problems={own} id="service" />
          <div class="check-grid">
            {services.map(({ id, name }, at) => (
              <label key={id} class="check" for={idInGroup('service', at, `service-${id}`)}>
                <input
                  type="checkbox"
                  id={idInGroup('service', at, `service-${id}`)}
                  name="service"
                  value={id}
                  checked={form.services.includes(id)}
                />
                <span>{name}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div class="fields">
          <NumberField {...field('steps')} label="Étapes" />
          <Field
            {...field('firstMonth')}
            label="Premier mois avec des textes"
            attributes={{ type: 'month', placeholder: '2027-01' }}
          />
          <NumberField {...field('months')} label="Mois entre deux étapes" />
        </div>
        <fieldset>
          <legend>Hypothèses</legend>
          <p class="muted">Proposées d’après les douze derniers mois de ces services.</p>
          <div class="fields">
            <NumberField {...field('outcomes')} label="Issues par service et par mois" />
            <NumberField {...field('rate')} label="Taux d’absence, en %" />
            <NumberField {...field('effect')} label="Baisse espérée, en points" />
            <NumberField {...field('icc')} label="Corrélation dans un service" />
          </div>
        </fieldset>
        <Field
          {...field('seed')}
          label="Graine du tirage"
          hint="Les mêmes services et la même graine donnent toujours le même ordre. Gardez celle-ci, ou choisissez-la devant témoins."
          attributes={{ maxLength: 60, autoComplete: 'off' }}
        />
        <div class="actions">
          <button class={isDrawn ? 'secondary' : undefined}>Tirer au sort et calculer</button>
        </div>
      </form>
    </section>
  );
}

function NumberField(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly problems: Problems;
}) {
  return <Field {...props} attributes={{ inputMode: 'decimal', maxLength: 12, autoComplete: 'off' }} />;
}

function Save({ frame, form, name, problems }: PlannerView) {
  return (
    <section aria-labelledby="save" class="stack">
      <h2 id="save">Garder ce plan</h2>
      <form class="form" method="post" action="/rollouts/planner">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="services" value={form.services.join(',')} />
        {PLANNER_FIELDS.map((field) => (
          <input key={field} type="hidden" name={field} value={form[field]} />
        ))}
        <ErrorSummary problems={problems} />
        <Field
          name="name"
          label="Nom du plan"
          value={name}
          problems={problems}
          hint="Par exemple&nbsp;: vague 2027."
          attributes={{ maxLength: 120 }}
        />
        <div class="actions">
          <button>Garder ce plan</button>
        </div>
      </form>
    </section>
  );
}

function Plans({ plans, timeZone }: PlannerView) {
  if (plans.length === 0) return null;
  return (
    <section aria-labelledby="plans" class="stack">
      <h2 id="plans">Plans gardés</h2>
      <ul>
        {plans.map(({ id, name, design, savedAt, savedBy }) => (
          <li key={id}>
            <a href={`/rollouts/planner/plan?plan=${id}`}>{name}</a>
            {NBSP}: {plural(design.organizationIds.length, 'service')}, {plural(design.steps, 'étape')}.{' '}
            {writtenBy(savedBy, savedAt, timeZone)}.
          </li>
        ))}
      </ul>
    </section>
  );
}
