import type { SavedPlan } from '../../statistics/planner/plan.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { NBSP } from '../../ui/typography.js';
import { writtenBy } from './rollout-words.js';
import { WedgePower, WedgeTable } from './wedge-table.js';

export interface PlanView {
  readonly frame: Frame;
  readonly plan: SavedPlan;
  readonly names: ReadonlyMap<string, string>;
  readonly timeZone: string;
}

/** A plan that was kept: drawn again from its seed, each time. */
export function PlanPage({ frame, plan, names, timeZone }: PlanView) {
  const { design } = plan;
  return (
    <AppPage frame={frame} title={plan.name} current="/rollouts">
      <PageHead
        title={plan.name}
        back={{ href: '/rollouts/planner', label: 'Planifier un déploiement' }}
        actions={
          <a class="button secondary" href={`/rollouts/planner/plan.csv?plan=${plan.id}`}>
            Télécharger (CSV)
          </a>
        }
      >
        <p class="muted">
          {writtenBy(plan.savedBy, plan.savedAt, timeZone)}. Graine du tirage{NBSP}:{' '}
          <code>{design.seed}</code>.
        </p>
      </PageHead>
      <div class="sections">
        <section aria-labelledby="plan" class="stack">
          <h2 id="plan">Ordre tiré au sort</h2>
          <WedgeTable design={design} names={names} />
          <p class="muted">
            L’ordre est celui de l’empreinte SHA-256 de la graine et de l’identifiant de chaque service{NBSP}:
            chacun peut le vérifier. Inscrivez chaque début dans le registre le jour venu.
          </p>
        </section>
        <WedgePower design={design} />
      </div>
    </AppPage>
  );
}
