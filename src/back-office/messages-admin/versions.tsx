import type { TemplateVersion } from '../../notifications/templates/template.queries.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { State, type StateWord } from '../../ui/state.js';
import { plainDate } from '../../ui/typography.js';
import type { EditorContent } from './editor.view.js';
import { textHref } from './text-address.js';

/** Every version; a message that left keeps the one it was written from. */
export function Versions({ which, versions, inForce, timeZone }: EditorContent) {
  if (versions.length === 0) return null;
  const day = (date: Date) => plainDate(toLocal(instantOf(date), timeZone).date);
  return (
    <section aria-labelledby="versions" class="stack">
      <h2 id="versions">Versions</h2>
      <p class="muted">Un message déjà parti garde la version avec laquelle il a été écrit.</p>
      <ol class="versions" reversed>
        {versions.map((version) => (
          <li key={version.id} value={version.version}>
            <p>
              {day(version.createdAt)}, {version.createdBy ?? 'texte fourni'}{' '}
              <State {...stateOf(version, inForce)} />
            </p>
            {version.reviewedAt !== null && version.reviewedBy !== null && (
              <p class="small muted">
                Relu par {version.reviewedBy} le {day(version.reviewedAt)}
              </p>
            )}
            {version.text === null ? (
              <p>Retour au texte par défaut.</p>
            ) : (
              <details>
                <summary>Le texte</summary>
                <blockquote class="sms">{version.text}</blockquote>
                <p>
                  <a href={textHref(which, { from: version.id })}>Repartir de ce texte</a>
                </p>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function stateOf({ id, reviewedAt }: TemplateVersion, inForce: EditorContent['inForce']): StateWord {
  if (id === inForce?.id) return { word: 'Part aujourd’hui', shape: 'ok' };
  return reviewedAt === null
    ? { word: 'Non relue', shape: 'doubt warn' }
    : { word: 'Remplacée', shape: 'off' };
}
