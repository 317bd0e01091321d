import type { WorklistFilter } from '../../notifications/follow-up/worklist.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { Done, State } from '../../ui/state.js';
import { plural } from '../../ui/typography.js';
import { MaskedContact } from '../masked-contact.js';
import { ToDoTabs } from '../to-do-tabs.js';
import type { WorklistLine } from './worklist.view.js';

export interface WorklistView {
  readonly frame: Frame;
  readonly filter: WorklistFilter;
  readonly lines: readonly WorklistLine[];
  /** What has just been done, as a sentence. */
  readonly done: string | null;
  readonly problems: Problems;
}

export function WorklistPage({ frame, filter, lines, done, problems }: WorklistView) {
  return (
    <AppPage frame={frame} title="48 heures à venir" current="/tasks" live>
      <Done sentence={done} />
      <ErrorSummary problems={problems} />
      <PageHead title="48 heures à venir">
        <p class="muted">
          Convocations où la personne pourrait ne pas venir, et pourquoi. La raison la plus pressante d’abord
          (dans l’ordre&nbsp;: message non arrivé, pas de téléphone, refus des SMS, réponse en attente, deux
          absences, première convocation), puis la plus proche. Aucun score n’est calculé.
        </p>
      </PageHead>
      <ToDoTabs current="/worklist" />
      <nav class="filters" aria-label="Filtrer la liste">
        <Choice value="mine" label="Mes suivis" filter={filter} />
        <Choice value="service" label="Tout le service" filter={filter} />
      </nav>
      {lines.length === 0 ? (
        <p class="state ok">Personne à relancer dans les 48 heures.</p>
      ) : (
        <section aria-labelledby="lines">
          <h2 id="lines">{plural(lines.length, 'convocation')}</h2>
          <div class="tasks">
            {lines.map((line) => (
              <Line key={line.id} line={line} filter={filter} csrfToken={frame.csrfToken} />
            ))}
          </div>
        </section>
      )}
    </AppPage>
  );
}

function Choice(props: { value: WorklistFilter; label: string; filter: WorklistFilter }) {
  const { value, label, filter } = props;
  return (
    <a href={`/worklist?show=${value}`} aria-current={value === filter ? 'true' : undefined}>
      {label}
    </a>
  );
}

interface LineProps {
  readonly line: WorklistLine;
  readonly filter: WorklistFilter;
  readonly csrfToken: string;
}

function Line({ line, filter, csrfToken }: LineProps) {
  return (
    <article class="card task" id={`at-${line.id}`} aria-labelledby={`who-${line.id}`}>
      <div class="entry">
        <h3 id={`who-${line.id}`}>
          <a href={`/persons/${line.personId}`}>{line.personName}</a>
        </h3>
        <a href={`/convocations/${line.id}`}>{line.when}</a>
      </div>
      <ul class="reasons">
        {line.reasons.map((reason) => (
          <li key={reason.word}>
            <State {...reason} />
          </li>
        ))}
      </ul>
      {line.standsIn !== null && <State word={line.standsIn} shape="wait" />}
      <p class="small muted">
        {line.about}. {line.referent}.
      </p>
      <div class="actions">
        <Call line={line} csrfToken={csrfToken} />
        {line.canRemind && (
          <form method="post" action={`/worklist/${line.id}/remind`}>
            <FormTokens csrfToken={csrfToken} />
            <input type="hidden" name="show" value={filter} />
            <button class="secondary" aria-label={`Renvoyer un SMS à ${line.personName}`}>
              Renvoyer un SMS
            </button>
          </form>
        )}
        <a
          class="button secondary"
          href={`/convocations/${line.id}/reschedule`}
          aria-label={`Déplacer la convocation de ${line.personName}`}
        >
          Déplacer
        </a>
      </div>
    </article>
  );
}

function Call({ line, csrfToken }: Pick<LineProps, 'line' | 'csrfToken'>) {
  const { phone, personId, personName } = line;
  if (phone === null)
    return (
      <a class="button secondary" href={`/persons/${personId}/edit#phone`}>
        Noter un numéro
      </a>
    );
  return <MaskedContact what="phone" masked={phone} {...{ personId, personName, csrfToken }} />;
}
