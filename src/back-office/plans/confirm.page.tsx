import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import type { TrialBesidePlan } from '../../notifications/plans/trials-beside-plan.query.js';
import { FormTokens } from '../../ui/forms.js';
import { TrialNote } from './trial-note.js';

export interface ConfirmView {
  readonly frame: Frame;
  readonly title: string;
  readonly back: { readonly href: string; readonly label: string };
  readonly current: string;
  /** What is about to be saved, in a sentence. */
  readonly change: string;
  readonly effects: readonly string[];
  /** Whose appointments a plan leaves alone. */
  readonly trials?: readonly TrialBesidePlan[];
  readonly action: string;
  /** Everything the form that led here held. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a change does to messages already planned, before one confirms it. */
export function ConfirmPage(view: ConfirmView) {
  const { frame, title, back, current, change, effects, trials = [], action, fields } = view;
  return (
    <AppPage frame={frame} title={title} current={current}>
      <PageHead title={title} back={back} />
      <div class="sections">
        <p>{change}</p>
        <section aria-labelledby="effects" class="stack">
          <h2 id="effects">Messages déjà prévus</h2>
          <ul>
            {effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
          <TrialNote trials={trials} />
          <p class="muted">
            Ce qui est déjà parti ne change pas. D’autres convocations peuvent s’ajouter d’ici à
            l’enregistrement.
          </p>
        </section>
        <form class="form" method="post" action={action}>
          <FormTokens csrfToken={frame.csrfToken} />
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <div class="actions">
            <button name="act" value="apply">
              Enregistrer et planifier de nouveau
            </button>
            <button class="secondary" name="act" value="back">
              Revenir au formulaire
            </button>
          </div>
        </form>
      </div>
    </AppPage>
  );
}
