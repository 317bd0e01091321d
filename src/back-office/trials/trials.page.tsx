import type { TrialSummary } from '../../notifications/trials/trial.queries.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { State } from '../../ui/state.js';
import { plainDate } from '../../ui/typography.js';
import { listOf, TRIAL_STATES } from './trial-words.js';

export interface TrialsView {
  readonly frame: Frame;
  readonly trials: readonly TrialSummary[];
  readonly mayManage: boolean;
}

export function TrialsPage({ frame, trials, mayManage }: TrialsView) {
  const actions = mayManage ? (
    <a class="button" href="/trials/new">
      Préparer un essai
    </a>
  ) : undefined;
  return (
    <AppPage frame={frame} title="Essais" current="/trials">
      <PageHead title="Essais" actions={actions}>
        <p class="muted">
          Un essai compare deux à quatre façons de rappeler, tirées au sort. Seuls le moment ou les mots
          changent&nbsp;: le tirage ne laisse personne sans rappel là où le plan habituel en enverrait un.
        </p>
      </PageHead>
      <div class="sections">
        {trials.length === 0 ? (
          <p>Aucun essai pour l’instant.</p>
        ) : (
          <ul class="findings">
            {trials.map((trial) => (
              <TrialItem key={trial.id} {...trial} />
            ))}
          </ul>
        )}
      </div>
    </AppPage>
  );
}

const NAMED = 3;

function TrialItem({ id, name, question, state, services, endsOn }: TrialSummary) {
  const rest = services.length - NAMED;
  const named = rest > 1 ? [...services.slice(0, NAMED), `${rest} autres`] : services;
  return (
    <li class="card stack">
      <h2>
        <a href={`/trials/${id}`}>{name}</a>
      </h2>
      <p>{question}</p>
      <p class="small">
        <State {...TRIAL_STATES[state]} pill />{' '}
        <span class="muted">
          {listOf(named)}, jusqu’au {plainDate(endsOn)}
        </span>
      </p>
    </li>
  );
}
